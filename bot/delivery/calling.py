"""A Bot API method called by its own name with its own arguments, as they stand on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram import Bot

__all__ = ["call"]


async def call(bot: Bot, method: str, arguments: Mapping[str, Any], **timeouts_s: Any) -> Any:
    """Make a call through the library, which keeps the token out of its errors and logs.

    Its own `do_api_request` warns of every method that it knows, and takes a revoked token for a
    method that it does not know.

    Raises:
        TelegramError: it was refused, or failed.
    """
    return await bot._post(method, dict(arguments), **timeouts_s)  # noqa: SLF001
