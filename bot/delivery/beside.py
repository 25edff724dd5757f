"""What is done beside the updates for as long as the bot runs."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from bot.database.store import insist
from bot.memory import MEMORIES

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from bot.database.store import Store
    from bot.delivery.inbox import Inbox
    from bot.delivery.sent import Sent

__all__ = ["keep_up", "prune"]

_ANEW_S = 60.0
_PRUNE_S = 3600.0

_log = logging.getLogger(__name__)


async def keep_up(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Do what never ends, and begin it anew if a fault of the program ends it."""
    while True:
        try:
            return await work()
        except Exception:  # noqa: BLE001 -- whatever it is, nobody else waits for its end
            _log.exception("work beside the updates failed, to be begun anew")
        await asyncio.sleep(_ANEW_S)


async def prune(store: Store, inbox: Inbox, sent: Sent, bot_id: int) -> None:
    """Forget, every hour, what was kept long enough."""
    while True:
        await insist(inbox.prune)
        await insist(sent.prune)
        for memory in MEMORIES:
            await insist(partial(store.write, memory(store, bot_id).prune_within))
        await asyncio.sleep(_PRUNE_S)
