"""How fast messages may go: the published rates, met whatever the network's delays.

Source: core.telegram.org/bots/faq, "My bot is hitting limits": one message per second in a chat
but for short bursts, 20 per minute in a group, about 30 per second in all.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

__all__ = ["Pacing", "Window"]

_BURST = 3  # this many may follow one another at once, in as many seconds
_GROUP_PER_MINUTE = 20
_SWEPT_AT = 1024  # chats whose windows are kept before those no longer needed are dropped


class Window:
    """At most `count` messages in any `seconds`, as the receiver counts them.

    A message holds its place from when it is sent until `seconds` after it was answered: when
    exactly the receiver counted it isn't known, but it was in between.
    """

    def __init__(self, count: int, seconds: float) -> None:
        self._count = count
        self._seconds = seconds
        self._under_way = 0
        self._ended_at: deque[float] = deque()
        self._ended = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Whether it holds nothing back and never has to be remembered."""
        self._forget()
        return not self._under_way and not self._ended_at

    def allow(self, count: int) -> None:
        """Let this many through from now on."""
        self._count = count
        self._ended.set()

    async def room(self) -> None:
        """Return when one more may be sent."""
        while True:
            self._forget()
            if self._under_way + len(self._ended_at) < self._count:
                return
            self._ended.clear()
            if self._ended_at:
                await asyncio.sleep(self._ended_at[0] + self._seconds - time.monotonic())
            else:
                await self._ended.wait()

    def begin(self) -> None:
        """Count a message that is about to be sent."""
        self._under_way += 1

    def give_back(self) -> None:
        """Note that it is not sent after all."""
        self._under_way -= 1
        self._ended.set()

    def end(self) -> None:
        """Note that it was answered."""
        self._under_way -= 1
        self._ended_at.append(time.monotonic())
        self._ended.set()

    def _forget(self) -> None:
        before = time.monotonic() - self._seconds
        while self._ended_at and self._ended_at[0] <= before:
            self._ended_at.popleft()


class Pacing:
    """The windows of all chats and the one over all; who waits longest goes first."""

    def __init__(self, *, per_s: int, chat_per_s: int) -> None:
        self._per_s = per_s
        self._chat_per_s = chat_per_s
        self._overall = Window(per_s, 1.0)
        self._turns = asyncio.Lock()  # first come, first served
        self._windows: dict[int, list[Window]] = {}

    def share(self, processes: int) -> None:
        """Send no more than a fair part of what so many processes may send together."""
        self._overall.allow(max(1, self._per_s // processes))

    def busy(self) -> set[int]:
        """Return the chats in which what was sent may hold back what comes next."""
        return {
            chat_id
            for chat_id, windows in self._windows.items()
            if not all(window.is_idle for window in windows)
        }

    @asynccontextmanager
    async def turn(self, chat_id: int, *, patience_s: float | None = None) -> AsyncIterator[None]:
        """Wait until a message may go to a chat; it is sent within the block.

        Raises:
            TimeoutError: its turn did not come within `patience_s`.
        """
        begun: list[Window] = []
        is_sent = False
        try:
            async with asyncio.timeout(patience_s):
                for window in self._windows_of(chat_id):
                    await window.room()
                    window.begin()
                    begun.append(window)
                async with self._turns:
                    await self._overall.room()
                    self._overall.begin()
                    begun.append(self._overall)
            is_sent = True
            yield
        finally:
            for window in begun:
                if is_sent:
                    window.end()
                else:
                    window.give_back()

    def _windows_of(self, chat_id: int) -> list[Window]:
        if chat_id not in self._windows:
            if len(self._windows) >= _SWEPT_AT:
                self._windows = {
                    chat: windows
                    for chat, windows in self._windows.items()
                    if not all(window.is_idle for window in windows)
                }
            windows = [Window(_BURST * self._chat_per_s, float(_BURST))]
            if chat_id < 0:  # a group
                windows.append(Window(_GROUP_PER_MINUTE * self._chat_per_s, 60.0))
            self._windows[chat_id] = windows
        return self._windows[chat_id]
