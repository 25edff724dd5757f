"""The database at the start: a server may come up after the bot."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from bot.database.store import Store, StoreError

if TYPE_CHECKING:
    from bot.database.kinds import Database

__all__ = ["opened"]

_WAIT_S = 0.5
_MAX_WAIT_S = 10.0

_log = logging.getLogger(__name__)


async def opened(database: Database) -> Store:
    """Return the bot's database once it is open; a server that is away is waited for.

    Raises:
        ConfigurationError: what connects to it is not installed.
        StateFolderError: a file can't be opened, or this version can't use what is there.
    """
    wait_s, said = _WAIT_S, ""
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
