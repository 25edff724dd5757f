"""What was asked and how it went, so that admins see which document is missing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.people.retention import QUESTIONS_S
from index.types import Verdict

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store
    from bot.incoming import Incoming
    from index.types import Answer

__all__ = ["Asked", "Slow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """A question, and how many milliseconds went by until its answer was found."""

    question: str
    ms: float


class Asked:
    """One bot's questions."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(
        self, connection: sqlite3.Connection, incoming: Incoming, answer: Answer, *, ms: float
    ) -> None:
        """Keep a question as part of a larger transaction; an update's once, the last one."""
        connection.execute(
            "INSERT OR REPLACE INTO asked "
            "(bot_id, update_id, at, chat_id, user_id, question, verdict, confidence, ms) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._bot_id,
                incoming.update_id,
                time.time(),
                incoming.chat_id,
                incoming.user_id,
                answer.query,
                answer.verdict,
                answer.confidence,
                ms,
            ),
        )

    def count(self, *, since: float) -> dict[Verdict, int]:
        """Return how many questions since a Unix time had which verdict.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT verdict, count(*) FROM asked WHERE bot_id = ? AND at >= ? GROUP BY verdict",
            (self._bot_id, since),
        )
        return dict.fromkeys(Verdict, 0) | {Verdict(verdict): count for verdict, count in rows}

    def slowest(self, *, since: float, most: int) -> list[Slow]:
        """Return the questions since a Unix time that took longest, the slowest first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT question, ms FROM asked WHERE bot_id = ? AND at >= ? "
            "ORDER BY ms DESC, update_id LIMIT ?",
            (self._bot_id, since, most),
        )
        return [Slow(question=question, ms=ms) for question, ms in rows]

    def unanswered(self, *, since: float, most: int) -> list[str]:
        """Return the latest questions since a Unix time that had no answer, the newest first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT question FROM asked WHERE bot_id = ? AND at >= ? AND verdict = ? "
            "ORDER BY at DESC, update_id DESC LIMIT ?",
            (self._bot_id, since, Verdict.NO_ANSWER, most),
        )
        return [question for (question,) in rows]

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Forget what a person has asked."""
        connection.execute(
            "DELETE FROM asked WHERE bot_id = ? AND user_id = ?", (self._bot_id, user_id)
        )

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Forget what was asked long ago."""
        connection.execute("DELETE FROM asked WHERE at < ?", (time.time() - QUESTIONS_S,))
