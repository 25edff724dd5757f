"""Chats that take no message for a while, as Telegram has asked; a restart changes nothing."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from bot.database.keeping import insert_or_replace
from bot.database.tables import holds
from bot.sharing.claims import News

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from bot.database.store import Store
    from bot.sharing.claims import Claims

__all__ = ["HeldChats", "Holds"]

_HOLD = insert_or_replace(holds)
_PAST = delete(holds).where(holds.c.until <= bindparam("now"))
_HOLDS = select(holds.c.chat_id, holds.c.until, holds.c.since).where(
    holds.c.bot_id == bindparam("bot"), holds.c.until > bindparam("now")
)


class Holds:
    """One bot's holds: whichever process was told of one, it binds all."""

    def __init__(self, store: Store, bot_id: int, claims: Claims) -> None:
        self._store = store
        self._bot_id = bot_id
        self._claims = claims

    def all(self) -> dict[int, float]:
        """Return for how long (in seconds) which chats take no message.

        A clock that was set back meanwhile makes no hold longer than it was.

        Raises:
            StoreError: the database can't be read.
        """
        now = time.time()
        rows = self._store.read(_HOLDS, {"bot": self._bot_id, "now": now})
        return {chat_id: min(until - now, until - since) for chat_id, until, since in rows}

    async def add(self, chat_id: int, seconds: float) -> None:
        """Keep in mind that a chat takes no message for so long; past holds are forgotten.

        Raises:
            StoreError: the database can't be written now.
        """
        now = time.time()
        row = {"bot_id": self._bot_id, "chat_id": chat_id, "until": now + seconds, "since": now}

        def work(connection: Connection) -> None:
            connection.execute(_PAST, {"now": now})
            connection.execute(_HOLD, row)
            self._claims.tell_within(connection, News.HELD)

        await self._store.write(work)


class HeldChats:
    """The chats on hold, as one process knows them, and a timer for each."""

    def __init__(self, *, on_release: Callable[[int], None]) -> None:
        self._on_release = on_release
        self._timers: dict[int, asyncio.TimerHandle] = {}

    def __contains__(self, chat_id: int) -> bool:
        """Whether a chat is on hold."""
        return chat_id in self._timers

    def hold(self, chat_id: int, seconds: float) -> None:
        """Hold a chat for so long from now on, whatever was known before."""
        if chat_id in self._timers:
            self._timers.pop(chat_id).cancel()
        loop = asyncio.get_running_loop()
        self._timers[chat_id] = loop.call_later(max(0.0, seconds), self._release, chat_id)

    def stop(self) -> None:
        """Release no chat any more."""
        for timer in self._timers.values():
            timer.cancel()

    def _release(self, chat_id: int) -> None:
        del self._timers[chat_id]
        self._on_release(chat_id)
