"""Files that people send to the bot, fetched from the Bot API server."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.error import TelegramError

from bot.delivery.calling import call
from bot.delivery.http import AiohttpRequest

if TYPE_CHECKING:
    from telegram import Bot

__all__ = ["Downloads"]

_PATH = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*")


class Downloads:
    """One bot's downloads. The address of each holds the bot's token: it is never logged."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def fetch(self, file_id: str, *, max_bytes: int) -> bytes | None:
        """Return what a file holds, None for one that is larger than `max_bytes`.

        Whatever was said of its size, no more than that is held.

        Raises:
            TelegramError: it can't be had.
        """
        found = await call(self._bot, "getFile", {"file_id": file_id})
        path = found.get("file_path") if isinstance(found, dict) else None
        # A server that runs in local mode gives a path of its own machine instead.
        if not isinstance(path, str) or not _PATH.fullmatch(path) or ".." in path.split("/"):
            raise TelegramError("the server gives no path to fetch a file from")
        request = self._bot.request
        if not isinstance(request, AiohttpRequest):
            raise TypeError("the bot's requests are made by another client")
        return await request.fetch(f"{self._bot.base_file_url}/{path}", max_bytes=max_bytes)
