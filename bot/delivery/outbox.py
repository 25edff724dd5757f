"""Sends what is queued, chat by chat in order, politely, and never twice what may have arrived."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.database.store import insist
from bot.delivery.calling import call
from bot.delivery.instead import apology, is_thread_gone, is_unchanged, sent_anew, without_thread
from bot.delivery.outgoing import EDIT
from bot.errors import FloodError, NotSentError, ServerFailedError, UnsendableError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.delivery.outgoing import Messages, Outgoing, Queued
    from bot.delivery.pacing import Pacing
    from bot.delivery.uploads import Uploads

__all__ = ["Outbox"]

_MAX_WAIT_S = 30.0
_MAX_FAILURES = 120  # of one message, in about an hour; then the others' turn has come
_HOLD_MARGIN_S = 0.05  # clocks differ
_UPLOAD_S = 300.0
_LAST_CALLS_S = 1.0

P = ParamSpec("P")
T = TypeVar("T")

_log = logging.getLogger(__name__)


class Outbox:
    """One task for each chat that has messages and may get them, and none for the others."""

    def __init__(
        self,
        bot: Bot,
        messages: Messages,
        pacing: Pacing,
        uploads: Uploads,
        *,
        on_refused: Callable[[], None],
    ) -> None:
        self._bot = bot
        self._messages = messages
        self._pacing = pacing
        self._uploads = uploads
        self._on_refused = on_refused
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._calling: set[int] = set()
        self._held: dict[int, asyncio.TimerHandle] = {}
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Go on with what is queued from before."""
        for chat_id, seconds in self._messages.holds().items():
            self._wake_after(chat_id, seconds)
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

    async def hold(self, chat_id: int, seconds: float) -> None:
        """Send nothing more to a chat for so long, as Telegram has asked; a restart keeps it."""
        _log.warning("Telegram holds one chat for %g s", seconds)
        self._wake_after(chat_id, seconds + _HOLD_MARGIN_S)
        await self._settle(self._messages.hold, chat_id, seconds)

    async def stop(self, *, deadline_s: float) -> bool:
        """Send what may go at once until the deadline; tell whether all of it went.

        Held chats and those that can't be reached are left for the next start. In the last moments
        no call is begun: one that is broken off is made again then, and may come twice.
        """
        ends_at = time.monotonic() + deadline_s
        while self._sending and (left_s := ends_at - _LAST_CALLS_S - time.monotonic()) > 0:
            await asyncio.wait(self._sending.values(), timeout=left_s)
            await asyncio.sleep(0)
        self._stopping.set()
        late = self._sending.copy()
        for chat_id in late.keys() - self._calling:
            late[chat_id].cancel()
        if late:
            await asyncio.wait(late.values(), timeout=max(0.0, ends_at - time.monotonic()))
        for task in late.values():
            task.cancel()
        await asyncio.gather(*late.values(), return_exceptions=True)
        for timer in self._held.values():
            timer.cancel()
        return not late

    async def _drain(self, chat_id: int) -> None:
        failures = 0
        while not self._stopping.is_set() and chat_id not in self._held:
            queued = await self._settle(self._next, chat_id)
            if queued is None:
                return
            try:
                await self._deliver(queued)
                failures = 0
            except (NotSentError, ServerFailedError) as error:
                failures += 1
                if failures == 1:
                    _log.warning("a message could not be sent, trying again: %s", error)
                if isinstance(error, ServerFailedError) and failures >= _MAX_FAILURES:
                    _log.error("a message was given up after %d attempts: %s", failures, error)
                    await self._settle(self._messages.remove, queued)
                    failures = 0
                else:
                    await asyncio.sleep(min(2.0 ** (failures - 2), _MAX_WAIT_S))
            except InvalidToken:
                self._on_refused()
                return

    async def _deliver(self, queued: Queued) -> None:
        """Send a message and note what came of it.

        Raises:
            InvalidToken: the bot may send nothing at all.
            NotSentError: it did not leave, and stays.
            ServerFailedError: it was not done, and stays.
        """
        chat_id = queued.message.chat_id
        try:
            async with self._pacing.turn(chat_id):
                if chat_id in self._held:  # meanwhile, by an edit that was made directly
                    return
                # Another edit may have taken its place while it waited for its turn.
                first = await self._settle(self._next, chat_id)
                if first is None:
                    return
                queued = first
                self._calling.add(chat_id)
                message_id = await self._send(queued.message)
        except (InvalidToken, NotSentError, ServerFailedError):
            raise
        except TelegramError as error:
            await self._settle(self._refused, queued, error)
        except Exception:  # noqa: BLE001 -- whatever it is, those behind it must not wait for ever
            _log.exception("a message could not be made")
            await self._settle(self._messages.remove, queued)
        else:
            await self._settle(self._messages.remove, queued, message_id=message_id)
        finally:
            self._calling.discard(chat_id)

    async def _next(self, chat_id: int) -> Queued | None:
        return self._messages.first_of(chat_id)

    async def _send(self, message: Outgoing) -> int | None:
        """Make a call; return the number of the message that it sent or changed."""
        message = self._messages.addressed(message)
        arguments: dict[str, Any] = {"chat_id": message.chat_id, **message.arguments}
        timeouts_s = {}
        if message.document is not None:
            arguments["document"] = await self._uploads.read(message.document)
            timeouts_s["write_timeout"] = _UPLOAD_S
        sent = await call(self._bot, message.method, arguments, **timeouts_s)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        return number if type(number) is int else None

    async def _refused(self, queued: Queued, error: TelegramError) -> None:
        """Do what an answer other than success asks for."""
        chat_id, message = queued.message.chat_id, queued.message
        reason = str(error)
        match error:
            case FloodError():
                await self.hold(chat_id, error.retry_after_s)
            case ChatMigrated():
                _log.info("a group has become a supergroup")
                await self._messages.move_chat(chat_id, error.new_chat_id)
                self.wake(error.new_chat_id)
            case Forbidden():
                count = await self._messages.drop_chat(chat_id)
                _log.info("%d messages dropped, the chat is closed to the bot: %s", count, reason)
            case BadRequest() if is_unchanged(error):
                await self._messages.remove(queued)
            case BadRequest() if message.method == EDIT:
                _log.info("a message that can't be edited is sent anew: %s", reason)
                await self._messages.replace(queued, sent_anew(message))
            case BadRequest() if "message_thread_id" in message.arguments and is_thread_gone(
                error
            ):
                _log.info("a topic is gone, its answer goes to the group: %s", reason)
                await self._messages.replace(queued, without_thread(message))
            case UnsendableError():
                _log.error("a document is not sent: %s", reason)
                await self._messages.replace(queued, apology(message))
            case NetworkError() if not isinstance(error, BadRequest):
                _log.warning("a message may not have arrived, and is not repeated: %s", reason)
                await self._messages.remove(queued)
            case _:
                _log.error("Telegram refuses a message: %s", reason)
                await self._messages.remove(queued)

    async def _settle(
        self, change: Callable[P, Awaitable[T]], *args: P.args, **named: P.kwargs
    ) -> T:
        """Note on disk what came of a message, before the next: else it would be sent again."""
        return await insist(lambda: change(*args, **named))

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
