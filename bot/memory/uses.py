"""How often people and groups have asked lately: only when, not what."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.people.retention import COUNTED_S

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store

__all__ = ["Holder", "Uses"]


class Holder(StrEnum):
    """Whose quota it is."""

    USER = "user"
    CHAT = "chat"


class Uses:
    """One bot's counts of questions.

    A question is known by its update's number, so it counts once however often it is handled.
    /forget leaves the counts, or it would be a way around the quota; they are gone after
    `COUNTED_S`.
    """

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def count_within(
        self, connection: sqlite3.Connection, holder: Holder, holder_id: int, update_id: int
    ) -> None:
        """Count a question as part of a larger transaction."""
        connection.execute(
            "INSERT OR IGNORE INTO uses (bot_id, holder, holder_id, update_id, at) "
            "VALUES (?, ?, ?, ?, ?)",
            (self._bot_id, holder, holder_id, update_id, time.time()),
        )

    def nth_last(self, holder: Holder, holder_id: int, nth: int) -> float | None:
        """Return when the nth last question was asked, in Unix seconds; None if never.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT at FROM uses WHERE bot_id = ? AND holder = ? AND holder_id = ? "
            "ORDER BY at DESC LIMIT 1 OFFSET ?",
            (self._bot_id, holder, holder_id, nth - 1),
        )
        return float(rows[0][0]) if rows else None

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Leave the counts: they say no more than when, and not for long."""

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Forget what no quota asks for any more."""
        connection.execute("DELETE FROM uses WHERE at < ?", (time.time() - COUNTED_S,))
