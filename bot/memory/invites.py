"""Who was let in by invitation, and the invitations that are still good."""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, select, update

from bot.database.keeping import insert_or_keep
from bot.database.tables import invites, members
from bot.errors import InvitationGoneError
from bot.people.retention import INVITATION_S

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store

__all__ = ["Invites"]

_CODE = (invites.c.bot_id == bindparam("bot")) & (invites.c.code_hash == bindparam("code"))
_MEMBER = (members.c.bot_id == bindparam("bot")) & (members.c.user_id == bindparam("user"))

_MAKE = invites.insert()
_GOOD = select(invites.c.uses).where(_CODE, invites.c.expires_at > bindparam("now"))
_USE = (
    update(invites)
    .where(_CODE, invites.c.uses > 0, invites.c.expires_at > bindparam("now"))
    .values(uses=invites.c.uses - 1)
)
_DROP_USED = delete(invites).where(_CODE, invites.c.uses == 0)
_JOIN = insert_or_keep(members)
_IS_MEMBER = select(members.c.user_id).where(_MEMBER)
_FORGET = delete(members).where(_MEMBER)
_PRUNE = delete(invites).where(invites.c.expires_at <= bindparam("now"))


class Invites:
    """One bot's invitations and members.

    Of a code only its SHA-256 is kept: whoever reads the file can't get in by it. A code is
    random and long, so it needs no salt.
    """

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def make_within(self, connection: Connection, code: str, *, uses: int) -> None:
        """Let so many people in by a code, for `INVITATION_S`."""
        connection.execute(
            _MAKE,
            {
                "bot_id": self._bot_id,
                "code_hash": _hash(code),
                "uses": uses,
                "expires_at": time.time() + INVITATION_S,
            },
        )

    def is_good(self, code: str) -> bool:
        """Whether a code lets somebody in now.

        Raises:
            StoreError: the file can't be read.
        """
        return bool(self._store.read(_GOOD, self._code(code) | {"now": time.time()}))

    def accept_within(self, connection: Connection, code: str, user_id: int) -> None:
        """Let somebody in by a code, and count its use.

        Raises:
            InvitationGoneError: another was faster, or time was.
        """
        now = time.time()
        if not connection.execute(_USE, self._code(code) | {"now": now}).rowcount:
            raise InvitationGoneError
        connection.execute(_DROP_USED, self._code(code))
        connection.execute(_JOIN, {"bot_id": self._bot_id, "user_id": user_id, "since": now})

    def is_member(self, user_id: int) -> bool:
        """Whether somebody came in by an invitation and was not removed.

        Raises:
            StoreError: the file can't be read.
        """
        return bool(self._store.read(_IS_MEMBER, {"bot": self._bot_id, "user": user_id}))

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Let somebody in no more."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Forget invitations that have run out."""
        connection.execute(_PRUNE, {"now": time.time()})

    def _code(self, code: str) -> dict[str, Any]:
        return {"bot": self._bot_id, "code": _hash(code)}


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
