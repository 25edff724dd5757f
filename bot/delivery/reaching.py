"""Calls that the bot can't start without, made again while Telegram can't be reached."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, TypeVar

from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from bot.errors import FloodError, TelegramUnavailableError, TokenRefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

__all__ = ["ask_for"]

T = TypeVar("T")

_ATTEMPTS = 5
_MAX_WAIT_S = 10.0

_log = logging.getLogger(__name__)


async def ask_for(call: Callable[[], Awaitable[T]], server: str) -> T:
    """Make a call that may be made twice to the Bot API server at an address.

    Raises:
        TelegramUnavailableError: the server can't be reached, or refuses.
        TokenRefusedError: Telegram does not know the token.
    """
    try:
        return await _tried(call)
    except InvalidToken:
        raise TokenRefusedError from None
    except TelegramError as error:
        # A refused request is a NetworkError too, to python-telegram-bot.
        is_unreachable = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        what = "can't be reached at" if is_unreachable else "refuses to start the bot at"
        raise TelegramUnavailableError(f"Telegram {what} {server}: {error.message}") from None


async def _tried(call: Callable[[], Awaitable[T]]) -> T:
    wait_s = 0.5
    for _ in range(_ATTEMPTS):
        try:
            return await call()
        except (BadRequest, InvalidToken):
            raise
        except TelegramError as error:
            wait_s = min(2 * wait_s, _MAX_WAIT_S)
            if isinstance(error, FloodError):
                wait_s = error.retry_after_s
            _log.warning("Telegram can't be reached, trying again in %g s: %s", wait_s, error)
            await asyncio.sleep(wait_s)
    return await call()
