"""Updates side by side, but one lane's (a chat's) in order and by turns with the others."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from bot.delivery.inbox import Received

__all__ = ["Lanes"]


class Lanes:
    """Handles at most `width` updates at once, of each lane one after another.

    After each update a lane goes to the end of the line, so whoever sends a thousand messages
    delays nobody by more than one. Only numbers are kept in memory; the updates are on disk.
    """

    def __init__(self, handle: Callable[[int], Awaitable[None]], *, width: int) -> None:
        self._handle = handle
        self._width = width
        self._waiting: dict[int, deque[int]] = {}
        self._ready: deque[int] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is handled or waits for it."""
        return not self._running and not self._ready

    def add(self, updates: Iterable[Received]) -> None:
        """Have updates handled, after those of their lanes that came before."""
        for update_id, lane in updates:
            if lane in self._waiting:
                self._waiting[lane].append(update_id)
            else:
                self._waiting[lane] = deque([update_id])
                self._ready.append(lane)
        self._fill()

    async def stop(self, *, deadline_s: float) -> bool:
        """Begin nothing more, and finish what is at work; tell whether it was done in time.

        What isn't is broken off; like all that still waits it is on disk.
        """
        self._is_stopping = True
        if not self._running:
            return True
        _, late = await asyncio.wait(self._running, timeout=deadline_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        return not late

    def _fill(self) -> None:
        while self._ready and len(self._running) < self._width and not self._is_stopping:
            lane = self._ready.popleft()
            task = asyncio.create_task(self._run(lane))
            self._running.add(task)
            task.add_done_callback(self._leave)

    async def _run(self, lane: int) -> None:
        waiting = self._waiting[lane]
        try:
            await self._handle(waiting.popleft())
        finally:
            if waiting:
                self._ready.append(lane)
            else:
                del self._waiting[lane]

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.result()  # a fault of the program itself is not kept to oneself
        self._fill()
