"""How passages began that a link was given for: so that the closest is found once one is gone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.people.retention import LINKED_S

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable

    from bot.delivery.store import Store
    from index.types import Passage

__all__ = ["MAX_KEPT", "Linked", "beginning"]

MAX_KEPT = 50_000  # passages, the last linked to; some 20 MB
_MAX_CHARS = 400  # the encoder reads little more


class Linked:
    """One bot's linked passages; nothing of it is about a person."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def note_within(self, connection: sqlite3.Connection, passages: Iterable[Passage]) -> None:
        """Remember passages whose links are shown, as part of a larger transaction."""
        now = time.time()
        connection.executemany(
            "INSERT OR REPLACE INTO linked (bot_id, passage_id, words, at) VALUES (?, ?, ?, ?)",
            [(self._bot_id, each.id, beginning(each.text), now) for each in passages],
        )

    def words_of(self, passage_id: str) -> str | None:
        """Return how a passage began, None for one that no link was given for, or long ago.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT words FROM linked WHERE bot_id = ? AND passage_id = ?",
            (self._bot_id, passage_id),
        )
        for (words,) in rows:
            return str(words)
        return None

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Keep everything: who was given a link is not known."""

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Forget what was linked to long ago, and the oldest of too many."""
        connection.execute("DELETE FROM linked WHERE at < ?", (time.time() - LINKED_S,))
        connection.execute(
            "DELETE FROM linked WHERE bot_id = ? AND at < "
            "(SELECT at FROM linked WHERE bot_id = ? ORDER BY at DESC LIMIT 1 OFFSET ?)",
            (self._bot_id, self._bot_id, MAX_KEPT - 1),
        )


def beginning(text: str) -> str:
    """Return the first words of a text, the last one whole where there is a space."""
    if len(text) <= _MAX_CHARS:
        return text
    cut = text[: _MAX_CHARS + 1]
    return (cut.rsplit(maxsplit=1)[0] if any(map(str.isspace, cut)) else cut)[:_MAX_CHARS]
