"""Calls for which somebody waits at the screen: made at once or not at all, and never queued.

An answer to a press or an inline query is void after seconds, so nothing of it is worth keeping;
what must not be lost belongs in the outbox. See docs/design.md, "From Telegram and back".
"""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from telegram.constants import ChatAction
from telegram.error import BadRequest, TelegramError

from bot.delivery.calling import call
from bot.delivery.instead import is_unchanged
from bot.errors import FloodError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from telegram import Bot

    from bot.delivery.outbox import Outbox
    from bot.delivery.pacing import Pacing

__all__ = ["Interactive"]

_TYPING_S = 1.0
_PATIENCE_S = 5.0  # after that nobody looks any more
_SWEPT_AT = 1024

_log = logging.getLogger(__name__)


class Interactive:
    """One bot's direct calls. None of them raises: what fails is logged and told by the result.

    Answers to presses and inline queries are no messages: no rate holds for them, and a chat on
    hold does not hold them. Edits are messages to Telegram, so they take their turn and end at a
    hold; a 429 on one holds its chat as the outbox does.
    """

    def __init__(self, bot: Bot, outbox: Outbox, pacing: Pacing) -> None:
        self._bot = bot
        self._outbox = outbox
        self._pacing = pacing
        self._no_typing_until: dict[int, float] = {}

    async def answer_press(self, query_id: str, **arguments: Any) -> bool:
        """Answer a callback query (answerCallbackQuery); tell whether it was done in time."""
        named = {"callback_query_id": query_id} | arguments
        return await self._was_done("answerCallbackQuery", named)

    async def answer_inline(self, query_id: str, **arguments: Any) -> bool:
        """Answer an inline query (answerInlineQuery); tell whether it was done in time."""
        return await self._was_done("answerInlineQuery", {"inline_query_id": query_id} | arguments)

    async def show_typing(self, chat_id: int, thread_id: int | None = None) -> None:
        """Show that the bot is at work, where Telegram lets it."""
        now = time.monotonic()
        if self._outbox.is_held(chat_id) or self._no_typing_until.get(chat_id, now) > now:
            return
        arguments = {
            "chat_id": chat_id,
            "message_thread_id": thread_id,
            "action": ChatAction.TYPING.value,
        }
        try:
            await self._call("sendChatAction", arguments)
        except FloodError as error:  # of signs of life, not of messages
            if len(self._no_typing_until) >= _SWEPT_AT:
                self._no_typing_until = {
                    chat: until for chat, until in self._no_typing_until.items() if until > now
                }
            self._no_typing_until[chat_id] = now + error.retry_after_s
        except TelegramError as error:
            _log.info("typing could not be shown: %s", error)

    @asynccontextmanager
    async def typing(self, chat_id: int, thread_id: int | None = None) -> AsyncIterator[None]:
        """Show that the bot is at work on what the block does.

        The sign must not come after the answer, which would take it for the next one's, nor is it
        worth waiting for long.
        """
        shown = asyncio.create_task(self.show_typing(chat_id, thread_id))
        try:
            yield
        finally:
            await asyncio.wait([shown], timeout=_TYPING_S)
            shown.cancel()

    async def edit(self, chat_id: int, message_id: int, **arguments: Any) -> bool:
        """Change a message's text now (editMessageText); tell whether it says that now.

        Where not, for want of a turn or of an answer, the same edit may go to the outbox: made
        twice it does no harm.
        """
        if self._outbox.is_held(chat_id):
            return False
        named = {"chat_id": chat_id, "message_id": message_id} | arguments
        try:
            async with self._pacing.turn(chat_id, patience_s=_PATIENCE_S):
                if self._outbox.is_held(chat_id):  # since it began to wait
                    return False
                await self._call("editMessageText", named)
        except FloodError as error:
            await self._outbox.hold(chat_id, error.retry_after_s)
        except TelegramError as error:
            if is_unchanged(error):
                return True
            _log.info("a message could not be changed at once: %s", error)
        except TimeoutError:
            _log.info("a message could not be changed at once: the chat has had its share")
        else:
            return True
        return False

    async def _was_done(self, method: str, arguments: dict[str, Any]) -> bool:
        try:
            await self._call(method, arguments)
        except BadRequest as error:  # most often too late
            _log.info("%s: %s", method, error)
        except TelegramError as error:
            _log.warning("%s failed: %s", method, error)
        else:
            return True
        return False

    async def _call(self, method: str, arguments: dict[str, Any]) -> None:
        await call(
            self._bot,
            method,
            arguments,
            read_timeout=_PATIENCE_S,
            connect_timeout=_PATIENCE_S,
            pool_timeout=0.0,
        )
