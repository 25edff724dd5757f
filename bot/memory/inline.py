"""Which inline queries still wait for an answer, read from the updates that were received."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, literal_column, select

from bot.database.tables import updates

if TYPE_CHECKING:
    from bot.database.store import Store

__all__ = ["STALE_AFTER_S", "InlineQueries"]

STALE_AFTER_S = 30.0  # after that Telegram takes no answer

_OF_BOT = updates.c.bot_id == bindparam("bot")
_LANE = select(updates.c.lane).where(
    _OF_BOT,
    updates.c.update_id == bindparam("number"),
    updates.c.changed_at >= bindparam("since"),
)
_LATER = (
    select(updates.c.update_id)
    .where(
        _OF_BOT,
        updates.c.lane == bindparam("lane"),
        updates.c.update_id > bindparam("number"),
        updates.c.state == literal_column("'waiting'"),  # as the index says it
    )
    .limit(1)
)


class InlineQueries:
    """One bot's inline queries. Telegram sends one for every few letters that a person types."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def is_current(self, update_id: int) -> bool:
        """Whether a query is young enough, and its person has typed or chosen nothing since.

        Raises:
            StoreError: the file can't be read.
        """
        since = time.time() - STALE_AFTER_S
        rows = self._store.read(_LANE, {"bot": self._bot_id, "number": update_id, "since": since})
        return any(not self._is_superseded(update_id, lane) for (lane,) in rows)

    def _is_superseded(self, update_id: int, lane: int) -> bool:
        """Whether more came in of the same lane, where a person's inline queries are alone."""
        rows = self._store.read(_LATER, {"bot": self._bot_id, "lane": lane, "number": update_id})
        return bool(rows)
