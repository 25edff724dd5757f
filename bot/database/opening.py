"""The database opened, as soon as it is there."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.database.store import Store, StoreError

if TYPE_CHECKING:
    from bot.database.kinds import Database

__all__ = ["opened"]

_MAX_WAIT_S = 10.0

_log = logging.getLogger(__name__)


async def opened(database: Database) -> Store:
    """Return the bot's database; a server that is away is waited for.

    Raises:
        StateFolderError: it can't be opened.
    """
    wait_s, said = 0.5, ""
    while True:
        try:
            return await asyncio.to_thread(Store, database)
        except StoreError as error:
            if not database.is_remote:
                raise
            if said != (said := str(error)):
                _log.error("%s: trying again until it is there", said)
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, _MAX_WAIT_S)
