"""Documents that were sent and would replace others: kept until somebody has said whether to."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from bot.database.tables import offers

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store

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


_COLUMNS = tuple(field.name for field in fields(Offer))
_OF_BOT = offers.c.bot_id == bindparam("bot")
_IT = _OF_BOT & (offers.c.key == bindparam("its_key"))

_ADD = offers.insert()
_REMOVE = delete(offers).where(_IT)
_GET = select(*(offers.c[name] for name in _COLUMNS)).where(_IT, offers.c.at > bindparam("since"))
_FORGET = delete(offers).where(_OF_BOT, offers.c.user_id == bindparam("user"))
_PRUNE = delete(offers).where(offers.c.at <= bindparam("since"))


class Offers:
    """One bot's documents on offer."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(self, connection: Connection, offer: Offer) -> None:
        """Keep an offer as part of a larger transaction."""
        connection.execute(_ADD, asdict(offer) | {"bot_id": self._bot_id, "at": time.time()})

    def remove_within(self, connection: Connection, key: str) -> None:
        """Forget an offer that was taken or turned down."""
        connection.execute(_REMOVE, {"bot": self._bot_id, "its_key": key})

    def get(self, key: str) -> Offer | None:
        """Return an offer, None for one that is not there, or no more.

        Raises:
            StoreError: the file can't be read.
        """
        since = time.time() - OFFERED_S
        rows = self._store.read(_GET, {"bot": self._bot_id, "its_key": key, "since": since})
        return Offer(**dict(zip(_COLUMNS, rows[0], strict=True))) if rows else None

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget what a person has offered; its file is swept in time."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Forget the offers that were not taken in time."""
        connection.execute(_PRUNE, {"since": time.time() - OFFERED_S})
