"""The polling loop: each batch is on disk before the next request confirms it to Telegram."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.database.store import StoreError
from bot.delivery.ordering import update_id_of
from bot.errors import FloodError, TokenRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from telegram.request import BaseRequest

    from bot.delivery.health import Health
    from bot.delivery.inbox import Inbox, Received

__all__ = ["Poller"]

_POLL_S = 30  # Telegram allows 50; a connection that died silently is noticed sooner
_MARGIN_S = 10.0
_GOODBYE_S = 2.0
_MAX_WAIT_S = 15.0

_log = logging.getLogger(__name__)


class Poller:
    """Asks for updates by itself: the library's own loop confirms them before they are handled."""

    def __init__(
        self,
        request: BaseRequest,
        bot_url: str,
        inbox: Inbox,
        health: Health,
        *,
        kinds: Sequence[str],
        on_received: Callable[[Sequence[Received]], None],
    ) -> None:
        self._request = request
        self._url = f"{bot_url}/getUpdates"
        self._inbox = inbox
        self._health = health
        self._kinds = json.dumps(list(kinds))
        self._on_received = on_received
        self._offset = 0  # Telegram repeats what was not confirmed, and the inbox knows it

    async def run(self) -> None:
        """Poll until cancelled.

        Raises:
            TokenRefusedError: Telegram knows the token no more.
        """
        self._health.poll_began()
        failures = 0
        while True:
            try:
                await self._take(await self._poll(timeout_s=_POLL_S))
            except InvalidToken:
                raise TokenRefusedError from None
            except (TelegramError, StoreError) as error:
                failures += 1
                self._note(error, failures)
                await asyncio.sleep(_wait_s(error, failures))
            else:
                if failures:
                    _log.info("updates come in again")
                failures = 0

    async def confirm(self) -> None:
        """Tell Telegram, at the end, what is on disk; if that fails it is sent again, no more."""
        try:
            async with asyncio.timeout(_GOODBYE_S):  # connecting included
                await self._poll(timeout_s=0, limit=1)
        except (TelegramError, TimeoutError) as error:
            _log.info("the last updates could not be confirmed: %s", str(error) or "no answer")

    async def _poll(self, *, timeout_s: int, limit: int = 100) -> list[Any]:
        query = urlencode(
            {
                "offset": self._offset,
                "limit": limit,
                "timeout": timeout_s,
                "allowed_updates": self._kinds,
            }
        )
        found = await self._request.post(
            f"{self._url}?{query}", read_timeout=timeout_s + _MARGIN_S
        )
        if not isinstance(found, list):
            raise TelegramError("Invalid server response")
        self._health.poll_succeeded()
        return found

    async def _take(self, updates: Sequence[Any]) -> None:
        if not updates:
            return
        self._on_received(await self._inbox.receive(updates))
        numbers = [each for each in map(update_id_of, updates) if each is not None]
        if not numbers:  # they can't be confirmed, and come again at once
            raise TelegramError("updates without numbers")
        self._offset = max(numbers) + 1

    def _note(self, error: Exception, failures: int) -> None:
        if isinstance(error, Conflict):
            self._health.poll_conflicted()
        if failures == 1 and not isinstance(error, StoreError):  # a health problem of its own
            _log.warning("updates can't be fetched, trying again: %s", error)


def _wait_s(error: Exception, failures: int) -> float:
    if isinstance(error, FloodError):
        return error.retry_after_s
    return min(0.25 * 2.0**failures, _MAX_WAIT_S)
