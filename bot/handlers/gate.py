"""The gate before all other handlers: who may not ask learns nothing of the documents."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

from telegram import Update
from telegram.ext import ApplicationHandlerStop, ContextTypes, TypeHandler

from bot.incoming import Incoming
from bot.questions.payloads import PayloadKind, key_in
from bot.texts import texts_for

if TYPE_CHECKING:
    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Gate"]

_FIRST = -2  # the library asks groups of handlers in the order of their numbers
_ONCE_IN_S = 86_400.0
_MOST_STRANGERS = 10_000
_FOR_EVERYBODY = frozenset({"/privacy", "/forget"})  # also for who may not ask any more
_FOR_EVERYBODY_PRESS = "forget:"


class Gate:
    """Stops every update of a stranger, whatever its kind: old buttons, links, inline mode.

    In private he is told once a day that he is one; in groups the bot keeps silent.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: OrderedDict[int, float] = OrderedDict()

    def register(self, application: AnyApplication) -> None:
        """Stand before all handlers, unless everybody may ask."""
        if not self._desk.access.is_open:
            application.add_handler(TypeHandler(Update, self.check), _FIRST)

    async def check(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Let an update through, or end its way here.

        Raises:
            ApplicationHandlerStop: it ends here.
        """
        try:
            if self._is_let_through(update):
                return
            await self._turn_away(update)
        except Exception as error:  # noqa: BLE001 -- the library would go on behind the gate
            await context.application.process_error(update, error)
        raise ApplicationHandlerStop

    def _is_let_through(self, update: Update) -> bool:
        user, chat = update.effective_user, update.effective_chat
        user_id = user.id if user else None
        if self._desk.access.is_allowed(user_id=user_id, chat_id=chat.id if chat else None):
            self._told.pop(user_id or 0, None)  # if he is shown out later, he is told anew
            return True
        return _is_for_everybody(update)

    async def _turn_away(self, update: Update) -> None:
        user = update.effective_user
        texts = texts_for(user.language_code if user else None)
        if query := update.inline_query:
            button = {"text": texts("stranger-button"), "start_parameter": "access"}
            await self._desk.interactive.answer_inline(
                query.id, results=[], cache_time=0, is_personal=True, button=button
            )
        elif press := update.callback_query:
            await self._desk.interactive.answer_press(press.id, text=texts("stranger-press"))
        elif update.message is not None and (incoming := Incoming.from_update(update)):
            self._say_once(incoming)

    def _say_once(self, incoming: Incoming) -> None:
        if not incoming.is_private or incoming.user_id is None:
            return
        desk, user_id = self._desk, incoming.user_id
        code = key_in(incoming.text, PayloadKind.INVITATION)
        if code is not None and desk.access.is_by_invitation and desk.invites.is_good(code):
            desk.drafts.also(
                incoming.update_id,
                lambda connection: desk.invites.accept_within(connection, code, user_id),
            )
            welcome = f"{incoming.texts('invited')}\n\n{incoming.texts('start')}"
            desk.replies.say(incoming, welcome)
        elif self._may_tell(user_id):
            name = "stranger" if code is None else "invitation-gone"
            # As text: no grouping of digits, which would make another number of it.
            desk.replies.say(incoming, incoming.texts(name, id=str(user_id)))

    def _may_tell(self, user_id: int) -> bool:
        """Whether somebody was not told lately; memory of it is short and bounded."""
        now = time.monotonic()
        told_at = self._told.pop(user_id, None)
        is_due = told_at is None or now - told_at >= _ONCE_IN_S
        self._told[user_id] = now if told_at is None or is_due else told_at
        if len(self._told) > _MOST_STRANGERS:
            self._told.popitem(last=False)
        return is_due


def _is_for_everybody(update: Update) -> bool:
    """Whether it is about what is kept of the person himself, in private."""
    if update.effective_chat is None or update.effective_chat.type != "private":
        return False
    if update.callback_query is not None:
        return (update.callback_query.data or "").startswith(_FOR_EVERYBODY_PRESS)
    text = (update.message.text or "") if update.message is not None else ""
    return text.partition(" ")[0].partition("@")[0].lower() in _FOR_EVERYBODY
