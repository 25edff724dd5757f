"""Sends what is queued, chat by chat in order, politely, and never twice what may have arrived."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, ParamSpec

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.errors import FloodError, NotSentError, ServerFailedError
from bot.outgoing import Outgoing
from bot.store import insist

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.outgoing import Messages, Queued
    from bot.pacing import Pacing

__all__ = ["Outbox"]

_MAX_WAIT_S = 30.0
_MAX_FAILURES = 120  # of one message, in about an hour; then the others' turn has come
_HOLD_MARGIN_S = 0.05  # clocks differ

P = ParamSpec("P")

_log = logging.getLogger(__name__)


class Outbox:
    """One task for each chat that has messages and may get them, and none for the others."""

    def __init__(
        self,
        bot: Bot,
        messages: Messages,
        pacing: Pacing,
        *,
        on_refused: Callable[[], None],
    ) -> None:
        self._bot = bot
        self._messages = messages
        self._pacing = pacing
        self._on_refused = on_refused
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._held: dict[int, asyncio.TimerHandle] = {}
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Go on with what is queued from before."""
        now = time.time()
        for chat_id, until in self._messages.holds().items():
            self._wake_after(chat_id, until - now)
        for chat_id in self._messages.chats():
            self.wake(chat_id)

    def wake(self, chat_id: int) -> None:
        """Send what is queued for a chat, unless it is held."""
        if chat_id in self._sending:
            self._again.add(chat_id)  # it may have just looked for the last time
            return
        if chat_id in self._held or self._stopping.is_set():
            return
        task = asyncio.create_task(self._drain(chat_id))
        self._sending[chat_id] = task
        task.add_done_callback(lambda done: self._leave(chat_id, done))

    def is_held(self, chat_id: int) -> bool:
        """Whether Telegram has asked for no messages to a chat for now."""
        return chat_id in self._held

    async def stop(self, *, deadline_s: float) -> bool:
        """Send what may go at once until the deadline; tell whether all of it went.

        Held chats and those that can't be reached are left for the next start.
        """
        ends_at = time.monotonic() + deadline_s
        while self._sending and (left_s := ends_at - time.monotonic()) > 0:
            await asyncio.wait(self._sending.values(), timeout=left_s)
            await asyncio.sleep(0)
        self._stopping.set()
        late = list(self._sending.values())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        for timer in self._held.values():
            timer.cancel()
        return not late

    async def _drain(self, chat_id: int) -> None:
        failures = 0
        while not self._stopping.is_set() and chat_id not in self._held:
            queued = self._messages.first_of(chat_id)
            if queued is None:
                return
            try:
                async with self._pacing.turn(chat_id):
                    await self._send(queued.message)
            except (NotSentError, ServerFailedError) as error:
                failures += 1
                if failures == 1:
                    _log.warning("a message could not be sent, trying again: %s", error)
                if isinstance(error, ServerFailedError) and failures >= _MAX_FAILURES:
                    _log.error("a message was given up after %d attempts: %s", failures, error)
                    await self._settle(self._messages.remove, queued.id)
                    failures = 0
                    continue
                await asyncio.sleep(min(2.0 ** (failures - 2), _MAX_WAIT_S))
            except TelegramError as error:
                failures = 0
                await self._settle(self._refused, queued, error)
                if isinstance(error, InvalidToken):
                    return
            else:
                failures = 0
                await self._settle(self._messages.remove, queued.id)

    async def _send(self, message: Outgoing) -> None:
        arguments: dict[str, Any] = dict(message.arguments)
        text = arguments.pop("text")
        if message.method == "editMessageText":
            await self._bot.edit_message_text(
                text,
                chat_id=message.chat_id,
                message_id=arguments.pop("message_id"),
                api_kwargs=arguments,
            )
        else:
            await self._bot.send_message(message.chat_id, text, api_kwargs=arguments)

    async def _refused(self, queued: Queued, error: TelegramError) -> None:
        """Do what an answer other than success asks for."""
        chat_id, message = queued.message.chat_id, queued.message
        reason = str(error)
        match error:
            case FloodError():
                _log.warning("Telegram holds one chat for %g s", error.retry_after_s)
                await self._messages.hold(chat_id, time.time() + error.retry_after_s)
                self._wake_after(chat_id, error.retry_after_s + _HOLD_MARGIN_S)
            case InvalidToken():
                self._on_refused()
            case ChatMigrated():
                _log.info("a group has become a supergroup")
                await self._messages.move_chat(chat_id, error.new_chat_id)
                self.wake(error.new_chat_id)
            case Forbidden():
                count = await self._messages.drop_chat(chat_id)
                _log.info("%d messages dropped, the chat is closed to the bot: %s", count, reason)
            case BadRequest() if "message is not modified" in reason.lower():
                await self._messages.remove(queued.id)
            case BadRequest() if message.method == "editMessageText":
                _log.info("a message that can't be edited is sent anew: %s", reason)
                await self._messages.replace(queued, _sent_anew(message))
            case BadRequest() if "message_thread_id" in message.arguments and _is_thread(reason):
                _log.info("a topic is gone, its answer goes to the group: %s", reason)
                await self._messages.replace(queued, _without_thread(message))
            case NetworkError() if not isinstance(error, BadRequest):
                _log.warning("a message may not have arrived, and is not repeated: %s", reason)
                await self._messages.remove(queued.id)
            case _:
                _log.error("Telegram refuses a message: %s", reason)
                await self._messages.remove(queued.id)

    async def _settle(
        self, change: Callable[P, Awaitable[object]], *args: P.args, **named: P.kwargs
    ) -> None:
        """Note on disk what came of a message, before the next: else it would be sent again."""
        await insist(
            lambda: change(*args, **named),
            on_failure=lambda error: _log.error("what was sent can't be noted: %s", error),
        )

    def _wake_after(self, chat_id: int, seconds: float) -> None:
        if chat_id in self._held:
            self._held.pop(chat_id).cancel()
        loop = asyncio.get_running_loop()
        self._held[chat_id] = loop.call_later(max(0.0, seconds), self._release, chat_id)

    def _release(self, chat_id: int) -> None:
        del self._held[chat_id]
        self.wake(chat_id)

    def _leave(self, chat_id: int, task: asyncio.Task[None]) -> None:
        del self._sending[chat_id]
        if task.cancelled():
            return
        task.result()  # a fault of the program itself is not kept to oneself
        if chat_id in self._again:
            self._again.discard(chat_id)
            self.wake(chat_id)


def _sent_anew(message: Outgoing) -> Outgoing:
    arguments = {name: each for name, each in message.arguments.items() if name != "message_id"}
    return Outgoing(chat_id=message.chat_id, arguments=arguments)


def _without_thread(message: Outgoing) -> Outgoing:
    # A reply stands in the topic of what it replies to, so that has to go as well.
    gone = {"message_thread_id", "reply_parameters"}
    kept = {name: each for name, each in message.arguments.items() if name not in gone}
    return Outgoing(chat_id=message.chat_id, method=message.method, arguments=kept)


def _is_thread(reason: str) -> bool:
    return "thread not found" in reason or "TOPIC_CLOSED" in reason
