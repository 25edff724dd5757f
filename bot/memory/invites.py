"""Who was let in by invitation, and the invitations that are still good."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING

from bot.errors import InvitationGoneError
from bot.people.retention import INVITATION_S

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store

__all__ = ["Invites"]


class Invites:
    """One bot's invitations and members.

    Of a code only its SHA-256 is kept: whoever reads the file can't get in by it. A code is
    random and long, so it needs no salt.
    """

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def make_within(self, connection: sqlite3.Connection, code: str, *, uses: int) -> None:
        """Let so many people in by a code, for `INVITATION_S`."""
        connection.execute(
            "INSERT INTO invites (bot_id, code_hash, uses, expires_at) VALUES (?, ?, ?, ?)",
            (self._bot_id, _hash(code), uses, time.time() + INVITATION_S),
        )

    def is_good(self, code: str) -> bool:
        """Whether a code lets somebody in now.

        Raises:
            StoreError: the file can't be read.
        """
        found = self._store.read(
            "SELECT 1 FROM invites WHERE bot_id = ? AND code_hash = ? AND expires_at > ?",
            (self._bot_id, _hash(code), time.time()),
        )
        return bool(found)

    def accept_within(self, connection: sqlite3.Connection, code: str, user_id: int) -> None:
        """Let somebody in by a code, and count its use.

        Raises:
            InvitationGoneError: another was faster, or time was.
        """
        key = (self._bot_id, _hash(code))
        used = connection.execute(
            "UPDATE invites SET uses = uses - 1 "
            "WHERE bot_id = ? AND code_hash = ? AND uses > 0 AND expires_at > ?",
            (*key, time.time()),
        )
        if used.rowcount == 0:
            raise InvitationGoneError
        connection.execute(
            "DELETE FROM invites WHERE bot_id = ? AND code_hash = ? AND uses = 0", key
        )
        connection.execute(
            "INSERT OR IGNORE INTO members (bot_id, user_id, since) VALUES (?, ?, ?)",
            (self._bot_id, user_id, time.time()),
        )

    def is_member(self, user_id: int) -> bool:
        """Whether somebody came in by an invitation and was not removed.

        Raises:
            StoreError: the file can't be read.
        """
        found = self._store.read(
            "SELECT 1 FROM members WHERE bot_id = ? AND user_id = ?", (self._bot_id, user_id)
        )
        return bool(found)

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Let somebody in no more."""
        connection.execute(
            "DELETE FROM members WHERE bot_id = ? AND user_id = ?", (self._bot_id, user_id)
        )

    def prune_within(self, connection: sqlite3.Connection) -> None:
        """Forget invitations that have run out."""
        connection.execute("DELETE FROM invites WHERE expires_at <= ?", (time.time(),))


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
