"""Which answer came after which: the conversations of each person in each chat and topic.

What was said is in the cards; here is only their order. So whoever's cards are forgotten has no
conversation left either.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.people.retention import SENT_S

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store

__all__ = ["IDLE_S", "MAX_TURNS", "Talk", "Turns"]

IDLE_S = 30 * 60.0
"""After such a pause a question begins a conversation, unless it replies to an answer."""
MAX_TURNS = 5
"""How far back a conversation is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Where a conversation takes place and whose it is; `thread_id` is None out of topics."""

    chat_id: int
    thread_id: int | None
    user_id: int

    @property
    def columns(self) -> tuple[int, int, int]:
        """Its values, in the order of the table."""
        return (self.chat_id, self.thread_id or 0, self.user_id)


class Turns:
    """One bot's conversations; a turn is the id of the card that answered it."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(
        self, connection: sqlite3.Connection, talk: Talk, card_id: str, *, after: str | None
    ) -> None:
        """Note a turn as part of a larger transaction; `after` is the one that it goes on from."""
        connection.execute(
            "INSERT OR REPLACE INTO turns (bot_id, card_id, chat_id, thread_id, user_id, "
            "after, at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self._bot_id, card_id, *talk.columns, after, time.time()),
        )

    def last(self, talk: Talk) -> str | None:
        """Return the turn that a question goes on from, None where it begins a conversation.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT card_id FROM turns WHERE bot_id = ? AND chat_id = ? AND thread_id = ? "
            "AND user_id = ? AND at > ? ORDER BY at DESC, rowid DESC LIMIT 1",
            (self._bot_id, *talk.columns, time.time() - IDLE_S),
        )
        return str(rows[0][0]) if rows else None

    def until(self, card_id: str) -> list[str]:
        """Return a turn with those before it, the oldest first, `MAX_TURNS` at most.

        Raises:
            StoreError: the file can't be read.
        """
        found = [card_id]
        while len(found) < MAX_TURNS and (before := self.before(found[-1])) is not None:
            found.append(before)
        return found[::-1]

    def before(self, card_id: str) -> str | None:
        """Return the turn that one goes on from, None where it began a conversation.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT after FROM turns WHERE bot_id = ? AND card_id = ?", (self._bot_id, card_id)
        )
        return str(rows[0][0]) if rows and rows[0][0] is not None else None

    def end_within(self, connection: sqlite3.Connection, talk: Talk) -> None:
        """Forget a conversation, and all before it in the same place."""
        connection.execute(
            "DELETE FROM turns WHERE bot_id = ? AND chat_id = ? AND thread_id = ? AND user_id = ?",
            (self._bot_id, *talk.columns),
        )

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Forget all conversations of a person."""
        connection.execute(
            "DELETE FROM turns WHERE bot_id = ? AND user_id = ?", (self._bot_id, user_id)
        )

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Forget what was said long ago."""
        connection.execute("DELETE FROM turns WHERE at < ?", (time.time() - SENT_S,))
