"""Inline queries have a bound of their own, since every key that is pressed makes one."""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING

from telegram.ext import ApplicationHandlerStop, ContextTypes, InlineQueryHandler

from bot.people.quotas import Quota, when_again
from bot.texts import texts_for

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["InlineQuota"]

_BEHIND_THE_GATE = -1
_PER_QUESTION = 10
_MOST_PEOPLE = 10_000


class InlineQuota:
    """Lets through ten inline queries for each question that QUOTA_PER_USER allows.

    They are counted in memory, which is bounded: nothing that is typed in other chats is worth a
    row, and a restart gives nobody much.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._quota = Quota.from_setting(desk.settings.quota_per_user)
        self._asked: OrderedDict[int, deque[float]] = OrderedDict()

    def register(self, application: AnyApplication) -> None:
        """Stand before the handler of inline queries, where there is a quota."""
        if self._quota is not None:
            application.add_handler(InlineQueryHandler(self.check), _BEHIND_THE_GATE)

    async def check(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Let a query through, or answer it with the time to come back.

        Raises:
            ApplicationHandlerStop: it ends here.
        """
        query = update.inline_query
        if query is None or self._desk.access.is_admin(query.from_user.id):
            return
        wait_s = self._wait_s(query.from_user.id)
        if wait_s > 0:
            texts = texts_for(query.from_user.language_code)
            button = {
                "text": texts("quota-inline", when=when_again(wait_s, texts)),
                "start_parameter": "quota",
            }
            await self._desk.interactive.answer_inline(
                query.id, results=[], cache_time=0, is_personal=True, button=button
            )
            raise ApplicationHandlerStop

    def _wait_s(self, user_id: int) -> float:
        """Count a query and return 0, or how long to wait."""
        if self._quota is None:
            return 0.0
        now = time.monotonic()
        most = self._quota.limit * _PER_QUESTION
        asked = self._asked.pop(user_id, None) or deque(maxlen=most)
        self._asked[user_id] = asked
        if len(self._asked) > _MOST_PEOPLE:
            self._asked.popitem(last=False)
        wait_s = self._quota.wait_s(asked[0] if len(asked) == most else None, now)
        if wait_s == 0:
            asked.append(now)
        return wait_s
