"""How often people and groups have asked lately: only when, not what."""

from __future__ import annotations

import time
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from bot.database.keeping import insert_or_keep
from bot.database.tables import uses
from bot.people.retention import COUNTED_S

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store

__all__ = ["Holder", "Uses"]

_COUNT = insert_or_keep(uses)
_NTH_LAST = (
    select(uses.c.at)
    .where(
        uses.c.bot_id == bindparam("bot"),
        uses.c.holder == bindparam("kind"),
        uses.c.holder_id == bindparam("number"),
    )
    .order_by(uses.c.at.desc())
    .limit(1)
    .offset(bindparam("passed"))
)
_PRUNE = delete(uses).where(uses.c.at < bindparam("before"))


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
        self, connection: Connection, holder: Holder, holder_id: int, update_id: int
    ) -> None:
        """Count a question as part of a larger transaction."""
        connection.execute(
            _COUNT,
            {
                "bot_id": self._bot_id,
                "holder": holder.value,
                "holder_id": holder_id,
                "update_id": update_id,
                "at": time.time(),
            },
        )

    def nth_last(self, holder: Holder, holder_id: int, nth: int) -> float | None:
        """Return when the nth last question was asked, in Unix seconds; None if never.

        Raises:
            StoreError: the file can't be read.
        """
        of_holder = {"bot": self._bot_id, "kind": holder.value, "number": holder_id}
        rows = self._store.read(_NTH_LAST, of_holder | {"passed": nth - 1})
        return float(rows[0][0]) if rows else None

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Leave the counts: they say no more than when, and not for long."""

    def prune_within(self, connection: Connection) -> None:
        """Forget what no quota asks for any more."""
        connection.execute(_PRUNE, {"before": time.time() - COUNTED_S})
