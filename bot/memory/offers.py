"""Documents that were sent and would replace others: kept until somebody has said whether to."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store

__all__ = ["OFFERED_S", "Offer", "Offers"]

OFFERED_S = 86_400.0
"""How long a document waits for its confirmation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A document on offer: `sha256` is its own, `replaces` that of the file in its place.

    `key` names the file that holds it; nobody can guess it.
    """

    key: str
    chat_id: int
    user_id: int
    name: str
    sha256: str
    replaces: str


class Offers:
    """One bot's documents on offer."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(self, connection: sqlite3.Connection, offer: Offer) -> None:
        """Keep an offer as part of a larger transaction."""
        connection.execute(
            "INSERT INTO offers (bot_id, key, chat_id, user_id, name, sha256, replaces, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._bot_id,
                offer.key,
                offer.chat_id,
                offer.user_id,
                offer.name,
                offer.sha256,
                offer.replaces,
                time.time(),
            ),
        )

    def remove_within(self, connection: sqlite3.Connection, key: str) -> None:
        """Forget an offer that was taken or turned down."""
        connection.execute("DELETE FROM offers WHERE bot_id = ? AND key = ?", (self._bot_id, key))

    def get(self, key: str) -> Offer | None:
        """Return an offer, None for one that is not there, or no more.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT chat_id, user_id, name, sha256, replaces FROM offers "
            "WHERE bot_id = ? AND key = ? AND at > ?",
            (self._bot_id, key, time.time() - OFFERED_S),
        )
        for chat_id, user_id, name, sha256, replaces in rows:
            return Offer(
                key=key,
                chat_id=chat_id,
                user_id=user_id,
                name=name,
                sha256=sha256,
                replaces=replaces,
            )
        return None

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Forget what a person has offered; its file is swept in time."""
        connection.execute(
            "DELETE FROM offers WHERE bot_id = ? AND user_id = ?", (self._bot_id, user_id)
        )

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Forget the offers that were not taken in time."""
        connection.execute("DELETE FROM offers WHERE at <= ?", (time.time() - OFFERED_S,))
