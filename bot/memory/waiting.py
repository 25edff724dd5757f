"""Questions that the documents did not answer, and who wants to know once they do."""

from __future__ import annotations

import time
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from bot.errors import NobodyWaitsError
from bot.people.retention import WAITING_S

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store

__all__ = ["MOST_PER_PERSON", "Waiting", "WaitingFor"]

MOST_PER_PERSON = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFor:
    """A question that somebody waits for.

    `question_id` is the message that asked, and `asker_id` who did; `generation` is the index that
    was last asked in vain.
    """

    user_id: int
    chat_id: int
    thread_id: int | None
    question_id: int
    asker_id: int | None
    question: str
    language: str
    generation: str


_COLUMNS = tuple(field.name for field in fields(WaitingFor))
_NAMES = ", ".join(_COLUMNS)
_KEY = "bot_id = ? AND user_id = ? AND chat_id = ? AND question = ?"


class Waiting:
    """One bot's list of who waits for what: a person and question once in a chat."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(self, connection: sqlite3.Connection, waiting: WaitingFor) -> None:
        """Wait for a question from now on, as part of a larger transaction."""
        marks = ", ".join("?" * len(_COLUMNS))
        connection.execute(
            f"INSERT OR REPLACE INTO waiting (bot_id, {_NAMES}, since) VALUES (?, {marks}, ?)",  # noqa: S608 -- our own names
            (self._bot_id, *(getattr(waiting, name) for name in _COLUMNS), time.time()),
        )

    def count(self, user_id: int) -> int:
        """Return for how many questions a person waits.

        Raises:
            StoreError: the file can't be read.
        """
        [(count,)] = self._store.read(
            "SELECT count(*) FROM waiting WHERE bot_id = ? AND user_id = ?",
            (self._bot_id, user_id),
        )
        return int(count)

    def not_asked(self, generation: str, *, most: int) -> list[WaitingFor]:
        """Return some of those that this index was not asked yet, the longest waiting first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            f"SELECT {_NAMES} FROM waiting WHERE bot_id = ? AND generation != ? "  # noqa: S608 -- our own names
            "ORDER BY since, user_id LIMIT ?",
            (self._bot_id, generation, most),
        )
        return [WaitingFor(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def asked_within(
        self, connection: sqlite3.Connection, waiting: WaitingFor, generation: str
    ) -> None:
        """Note that an index was asked in vain."""
        connection.execute(
            f"UPDATE waiting SET generation = ? WHERE {_KEY}",  # noqa: S608 -- our own words
            (generation, *self._key(waiting)),
        )

    def remove_within(self, connection: sqlite3.Connection, waiting: WaitingFor) -> None:
        """Wait no more."""
        connection.execute(f"DELETE FROM waiting WHERE {_KEY}", self._key(waiting))  # noqa: S608

    def tell_within(self, connection: sqlite3.Connection, waiting: WaitingFor) -> None:
        """Note that all who wait for this question are told: one reply tells a whole group.

        Raises:
            NobodyWaitsError: nobody does any more.
        """
        told = connection.execute(
            "DELETE FROM waiting "
            "WHERE bot_id = ? AND chat_id = ? AND question_id = ? AND question = ?",
            (self._bot_id, waiting.chat_id, waiting.question_id, waiting.question),
        )
        if told.rowcount == 0:
            raise NobodyWaitsError

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Forget what a person waits for, and who waits for what he has asked."""
        connection.execute(
            "DELETE FROM waiting WHERE bot_id = ? AND (user_id = ? OR asker_id = ?)",
            (self._bot_id, user_id, user_id),
        )

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Give up what was waited for in vain for long."""
        connection.execute("DELETE FROM waiting WHERE since < ?", (time.time() - WAITING_S,))

    def _key(self, waiting: WaitingFor) -> tuple[int, int, int, str]:
        return self._bot_id, waiting.user_id, waiting.chat_id, waiting.question
