"""How much one person and one group may ask, and when they may ask again."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bot.memory.uses import Holder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.delivery.drafts import Drafts
    from bot.incoming import Incoming
    from bot.memory.uses import Uses
    from bot.people.access import Access
    from bot.replies import Replies
    from bot.settings import Settings
    from bot.texts import Texts

__all__ = ["Quota", "Quotas", "when_again"]

_WINDOWS_S = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """At most `limit` within any `window_s` seconds."""

    limit: int
    window_s: float

    @classmethod
    def from_setting(cls, setting: str | None) -> Self | None:
        """Read `20/hour`, as the settings have checked it; None is no quota."""
        if setting is None:
            return None
        limit, _, window = setting.partition("/")
        return cls(limit=int(limit), window_s=_WINDOWS_S[window])

    def wait_s(self, nth_last: float | None, now: float) -> float:
        """Return how long to wait if the `limit`-th last was at that time; 0 is not at all.

        A clock that was set back makes it no longer than the window.
        """
        if nth_last is None:
            return 0.0
        return min(max(0.0, nth_last + self.window_s - now), self.window_s)


class Quotas:
    """What counts is a question that is searched for, an edited one or one asked again as well.

    A person's questions in several chats at the very same time are let through together; each is
    counted. Admins have no quota.
    """

    def __init__(
        self, settings: Settings, access: Access, uses: Uses, drafts: Drafts, replies: Replies
    ) -> None:
        self._per_user = Quota.from_setting(settings.quota_per_user)
        self._per_chat = Quota.from_setting(settings.quota_per_chat)
        self._access = access
        self._uses = uses
        self._drafts = drafts
        self._replies = replies

    def admits(self, incoming: Incoming) -> bool:
        """Whether a question may be asked now: then it is counted, else it is said when.

        Raises:
            StoreError: it can't be looked up.
        """
        held = list(self._held(incoming))
        now = time.time()
        waits = [
            (quota.wait_s(self._uses.nth_last(holder, holder_id, quota.limit), now), holder)
            for holder, holder_id, quota in held
        ]
        wait_s, whose = max(waits, default=(0.0, Holder.USER))
        if wait_s > 0:
            name = "quota-person" if whose is Holder.USER else "quota-chat"
            texts = incoming.texts
            self._replies.say(incoming, texts(name, when=when_again(wait_s, texts)))
            return False
        for holder, holder_id, _ in held:
            self._count(incoming.update_id, holder, holder_id)
        return True

    def _held(self, incoming: Incoming) -> Iterator[tuple[Holder, int, Quota]]:
        if self._access.is_admin(incoming.user_id):
            return
        if self._per_user is not None and incoming.user_id is not None:
            yield Holder.USER, incoming.user_id, self._per_user
        if self._per_chat is not None and not incoming.is_private:
            yield Holder.CHAT, incoming.chat_id, self._per_chat

    def _count(self, update_id: int, holder: Holder, holder_id: int) -> None:
        self._drafts.also(
            update_id,
            lambda connection: self._uses.count_within(connection, holder, holder_id, update_id),
        )


def when_again(wait_s: float, texts: Texts) -> str:
    """Return how long to wait as people say it, "in 12 minutes", never too short."""
    minutes = max(1, math.ceil(wait_s / 60))
    if minutes < 60:  # noqa: PLR2004 -- of an hour
        return texts("in-minutes", count=minutes)
    return texts("in-hours", count=math.ceil(wait_s / 3600))
