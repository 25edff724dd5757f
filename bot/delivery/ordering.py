"""Updates side by side, but one lane's (a chat's) in order and by turns with the others."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

__all__ = ["Lanes", "lane_of", "update_id_of"]

_INTEGERS = range(-(2**63), 2**63)  # a database's
_IDS = range(-(2**53), 2**53)  # of chats and people: at most 52 bits
_PRESSES, _INLINE = 2**54, 2**55


class Lanes:
    """Handles the updates of at most `width` lanes at once, of each lane one after another.

    After each update a lane goes to the end of the line, so whoever sends a thousand messages
    delays nobody by more than one. Memory holds only how many updates a lane was said to have;
    which they are, and in what order, is looked up on disk by `handle`, one at a time. It tells
    whether there was one.
    """

    def __init__(self, handle: Callable[[int], Awaitable[bool]], *, width: int) -> None:
        self._handle = handle
        self._width = width
        self._waiting: Counter[int] = Counter()
        self._ready: deque[int] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    @property
    def is_idle(self) -> bool:
        """Whether nothing is handled or waits for it."""
        return not self._running and not self._ready

    def add(self, lanes: Iterable[int]) -> None:
        """Have one more update of each of these lanes handled."""
        for lane in lanes:
            if lane not in self._waiting:
                self._ready.append(lane)
            self._waiting[lane] += 1
        self._fill()

    def look_through(self, lanes: Iterable[int]) -> None:
        """Have one more update of each of these lanes handled, where nothing was known of one."""
        known = set(self._waiting)
        self.add(lane for lane in lanes if lane not in known)

    async def alone(self, lane: int, *, patience_s: float) -> None:
        """Handle the first update of a lane now, before all that comes in it.

        It is broken off if it takes too long. Where its lane is at work, it waits for its turn.
        """
        if lane in self._waiting:
            return
        self._waiting[lane] += 1
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                await self._run(lane)
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
        said = self._waiting[lane]
        is_found = True
        try:
            is_found = await self._handle(lane)
        finally:
            self._waiting[lane] -= 1 if is_found else said
            if self._waiting[lane]:
                self._ready.append(lane)
            else:
                del self._waiting[lane]

    def _leave(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.result()  # a fault of the program itself is not kept to oneself
        self._fill()


def update_id_of(update: object) -> int | None:
    """Return an update's number, None for what is no update."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and number in _INTEGERS else None


def lane_of(update: Mapping[str, Any]) -> int:
    """Return what an update stays in order with: the messages of its chat, as a rule.

    Presses of buttons have a lane for each chat, too, and inline queries one for each person:
    whoever made one looks at the screen and can't wait for a search that is asked for by message.
    """
    for kind, content in update.items():
        if not isinstance(content, dict):
            continue
        chat, person = _id(content.get("chat")), _id(content.get("from"))
        match kind:
            case "callback_query":
                message = content.get("message")
                if isinstance(message, dict):
                    chat = _id(message.get("chat"))
                first = _PRESSES
            case "inline_query" | "chosen_inline_result":
                first = _INLINE
            case _:
                first = 0
        number = person if chat is None else chat
        if number is not None:
            return first + number
    return 0


def _id(owner: object) -> int | None:
    number = owner.get("id") if isinstance(owner, dict) else None
    return number if type(number) is int and number in _IDS else None
