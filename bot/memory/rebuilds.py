"""Builds that were asked for in a chat, until whoever asked was told what came of them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.people.retention import REBUILDS_S

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store

__all__ = ["Rebuild", "Rebuilds"]

_COLUMNS = "id, chat_id, thread_id, user_id, language, before, is_begun"


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

    def add_within(self, connection: sqlite3.Connection, rebuild: Rebuild) -> None:
        """Keep a build to do; one that waits for its turn in the same chat will do for both."""
        where = (self._bot_id, rebuild.chat_id)
        waiting = connection.execute(
            "SELECT 1 FROM rebuilds WHERE bot_id = ? AND chat_id = ? AND NOT is_begun", where
        )
        if waiting.fetchone() is None:
            connection.execute(
                "INSERT INTO rebuilds (bot_id, chat_id, thread_id, user_id, language, before, at) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *where,
                    rebuild.thread_id,
                    rebuild.user_id,
                    rebuild.language,
                    rebuild.before,
                    time.time(),
                ),
            )

    def begin_within(self, connection: sqlite3.Connection, rebuild: Rebuild) -> None:
        """Note that a build is at work."""
        connection.execute("UPDATE rebuilds SET is_begun = 1 WHERE id = ?", (rebuild.id,))

    def end_within(self, connection: sqlite3.Connection, rebuild: Rebuild) -> None:
        """Forget a build; what came of it is being said."""
        connection.execute("DELETE FROM rebuilds WHERE id = ?", (rebuild.id,))

    def all(self) -> list[Rebuild]:
        """Return all that are to be done or at work, oldest first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            f"SELECT {_COLUMNS} FROM rebuilds WHERE bot_id = ? ORDER BY id",  # noqa: S608 -- our own names
            (self._bot_id,),
        )
        return [_rebuild(row) for row in rows]

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Forget that a person asked; a build at work is finished all the same."""
        connection.execute(
            "DELETE FROM rebuilds WHERE bot_id = ? AND user_id = ?", (self._bot_id, user_id)
        )

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Forget what was asked for long ago, by the time the bot has run again."""
        connection.execute("DELETE FROM rebuilds WHERE at < ?", (time.time() - REBUILDS_S,))


def _rebuild(row: tuple[Any, ...]) -> Rebuild:
    number, chat_id, thread_id, user_id, language, before, is_begun = row
    return Rebuild(
        id=number,
        chat_id=chat_id,
        thread_id=thread_id,
        user_id=user_id,
        language=language,
        before=before,
        is_begun=bool(is_begun),
    )
