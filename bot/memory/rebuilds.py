"""Builds that were asked for in a chat, until whoever asked was told what came of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, true, update

from bot.database.tables import rebuilds
from bot.people.retention import REBUILDS_S

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store

__all__ = ["Rebuild", "Rebuilds"]

_COLUMNS = ("id", "chat_id", "thread_id", "user_id", "language", "before", "is_begun")
_OF_BOT = rebuilds.c.bot_id == bindparam("bot")
_IT = rebuilds.c.id == bindparam("number")

_WAITING = select(rebuilds.c.id).where(
    _OF_BOT, rebuilds.c.chat_id == bindparam("chat"), ~rebuilds.c.is_begun
)
_ADD = rebuilds.insert().inline()
_BEGIN = update(rebuilds).where(_IT).values(is_begun=true())
_END = delete(rebuilds).where(_IT)
_ALL = select(*(rebuilds.c[name] for name in _COLUMNS)).where(_OF_BOT).order_by("id")
_FORGET = delete(rebuilds).where(_OF_BOT, rebuilds.c.user_id == bindparam("user"))
_PRUNE = delete(rebuilds).where(rebuilds.c.at < bindparam("since"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """A build to do, and where to say what came of it.

    `before` is the generation that was live when it was asked for, None where there was none. One
    that `is_begun` at the bot's start was interrupted by its end. The `id` is 0 until it is kept.
    """

    id: int = 0
    chat_id: int
    thread_id: int | None
    user_id: int
    language: str
    before: str | None
    is_begun: bool = False

    @property
    def tag(self) -> str:
        """The tag of the message that shows how it goes on."""
        return f"rebuild:{self.id}"


class Rebuilds:
    """One bot's builds to do, in the order in which they were asked for."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(self, connection: Connection, rebuild: Rebuild) -> None:
        """Keep a build to do; one that waits for its turn in the same chat will do for both."""
        where = {"bot": self._bot_id, "chat": rebuild.chat_id}
        if connection.execute(_WAITING, where).first() is None:
            connection.execute(
                _ADD,
                {
                    "bot_id": self._bot_id,
                    "chat_id": rebuild.chat_id,
                    "thread_id": rebuild.thread_id,
                    "user_id": rebuild.user_id,
                    "language": rebuild.language,
                    "before": rebuild.before,
                    "at": time.time(),
                },
            )

    def begin_within(self, connection: Connection, rebuild: Rebuild) -> None:
        """Note that a build is at work."""
        connection.execute(_BEGIN, {"number": rebuild.id})

    def end_within(self, connection: Connection, rebuild: Rebuild) -> None:
        """Forget a build; what came of it is being said."""
        connection.execute(_END, {"number": rebuild.id})

    def all(self) -> list[Rebuild]:
        """Return all that are to be done or at work, oldest first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_ALL, {"bot": self._bot_id})
        return [_rebuild(dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget that a person asked; a build at work is finished all the same."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Forget what was asked for long ago, by the time the bot has run again."""
        connection.execute(_PRUNE, {"since": time.time() - REBUILDS_S})


def _rebuild(row: dict[str, Any]) -> Rebuild:
    return Rebuild(**row | {"is_begun": bool(row["is_begun"])})
