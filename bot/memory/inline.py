"""Which inline queries still wait for an answer, read from the updates that were received."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.delivery.store import Store

__all__ = ["STALE_AFTER_S", "InlineQueries"]

STALE_AFTER_S = 30.0  # after that Telegram takes no answer


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
        rows = self._store.read(
            "SELECT lane FROM updates WHERE bot_id = ? AND update_id = ? AND changed_at >= ?",
            (self._bot_id, update_id, since),
        )
        return any(not self._is_superseded(update_id, lane) for (lane,) in rows)

    def _is_superseded(self, update_id: int, lane: int) -> bool:
        """Whether more came in of the same lane, where a person's inline queries are alone."""
        rows = self._store.read(
            "SELECT 1 FROM updates WHERE bot_id = ? AND lane = ? AND update_id > ? "
            "AND state = 'waiting' LIMIT 1",
            (self._bot_id, lane, update_id),
        )
        return bool(rows)
