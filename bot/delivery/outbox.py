"""Sends what is queued, chat by chat in order, politely, and never twice what may have arrived."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
)

from bot.database.store import StoreError, insist
from bot.delivery.calling import call
from bot.delivery.holds import HeldChats
from bot.delivery.instead import instead_of, is_unchanged
from bot.errors import FloodError, NotSentError, ServerFailedError
from bot.sharing.claims import ALONE

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from telegram import Bot

    from bot.delivery.outgoing import Messages, Outgoing, Queued
    from bot.delivery.pacing import Pacing
    from bot.delivery.uploads import Uploads
    from bot.sharing.claims import Claims

__all__ = ["Outbox"]

_MAX_WAIT_S = 30.0
_MAX_FAILURES = 120  # of one message, in about an hour; then the others' turn has come
_HOLD_MARGIN_S = 0.05  # clocks differ
_UPLOAD_S = 300.0
_LAST_CALLS_S = 1.0
_LOOK_S = 0.25

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
        claims: Claims = ALONE,
    ) -> None:
        self._bot = bot
        self._messages = messages
        self._pacing = pacing
        self._uploads = uploads
        self._on_refused = on_refused
        self._claims = claims
        self._sending: dict[int, asyncio.Task[None]] = {}
        self._again: set[int] = set()
        self._calling: set[int] = set()
        self._held = HeldChats(on_release=self.wake)
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """Go on with what is queued, and hold what is held; again and again if need be.

        Raises:
            StoreError: the database can't be read.
        """
        for chat_id, seconds in self._messages.holds.all().items():
            self._held.hold(chat_id, seconds)
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
        self._held.hold(chat_id, seconds + _HOLD_MARGIN_S)
        await self._settle(self._messages.holds.add, chat_id, seconds)

    async def rest(self) -> None:
        """Leave chats to whoever sends there next, except where that might be too soon.

        Raises:
            StoreError: the database can't be used now.
        """
        await self._messages.give_up(busy=self._sending.keys() | self._pacing.busy())

    async def stop(self, *, deadline_s: float) -> bool:
        """Send what may go at once until the deadline; tell whether all of it went.

        Held chats and those that can't be reached are left for the next start. In the last moments
        no call is begun: one that is broken off is made again then, and may come twice.
        """
        ends_at = time.monotonic() + deadline_s
        while self._sending and (left_s := ends_at - _LAST_CALLS_S - time.monotonic()) > 0:
            await asyncio.wait(self._sending.values(), timeout=min(left_s, _LOOK_S))
            # Else what others queue meanwhile would be ours, too.
            with suppress(StoreError, TimeoutError):
                async with asyncio.timeout(_LOOK_S):
                    await self._messages.give_up(busy=self._sending.keys())
        self._stopping.set()
        late = self._sending.copy()
        for chat_id in late.keys() - self._calling:
            late[chat_id].cancel()
        if late:
            await asyncio.wait(late.values(), timeout=max(0.0, ends_at - time.monotonic()))
        for task in late.values():
            task.cancel()
        await asyncio.gather(*late.values(), return_exceptions=True)
        self._held.stop()
        return not late

    async def _drain(self, chat_id: int) -> None:
        failures = 0
        while self._claims.is_sure and not self._stopping.is_set() and chat_id not in self._held:
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
                if (first := await self._settle(self._next, chat_id)) is None:
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
        if not self._claims.is_sure:  # another may send it by now; at the very last, for that
            raise NotSentError("the database was not reached in time")
        sent = await call(self._bot, message.method, arguments, **timeouts_s)
        number = sent.get("message_id") if isinstance(sent, dict) else None
        return number if type(number) is int else None

    async def _refused(self, queued: Queued, error: TelegramError) -> None:
        """Do what an answer other than success asks for."""
        chat_id, message = queued.message.chat_id, queued.message
        match error:
            case FloodError():
                await self.hold(chat_id, error.retry_after_s)
            case ChatMigrated():
                _log.info("a group has become a supergroup")
                await self._messages.move_chat(chat_id, error.new_chat_id)
                self.wake(error.new_chat_id)
            case Forbidden():
                count = await self._messages.drop_chat(chat_id)
                _log.info("%d messages dropped, the chat is closed to the bot: %s", count, error)
            case BadRequest() if is_unchanged(error):
                await self._messages.remove(queued)
            case _ if (other := instead_of(message, error)) is not None:
                await self._messages.replace(queued, other)
            case NetworkError() if not isinstance(error, BadRequest):
                _log.warning("a message may not have arrived, and is not repeated: %s", error)
                await self._messages.remove(queued)
            case _:
                _log.error("Telegram refuses a message: %s", error)
                await self._messages.remove(queued)

    async def _settle(
        self, change: Callable[P, Awaitable[T]], *args: P.args, **named: P.kwargs
    ) -> T:
        """Note on disk what came of a message, before the next: else it would be sent again."""
        return await insist(lambda: change(*args, **named))

    def _leave(self, chat_id: int, task: asyncio.Task[None]) -> None:
        del self._sending[chat_id]
        if task.cancelled():
            return
        task.result()  # a fault of the program itself is not kept to oneself
        if chat_id in self._again:
            self._again.discard(chat_id)
            self.wake(chat_id)
