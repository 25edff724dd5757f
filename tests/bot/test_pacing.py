"""No window of time ever holds more messages than it may, wherever they are counted."""

import asyncio
import time

from bot.pacing import Pacing, Window


async def test_a_window_is_never_exceeded() -> None:
    """Between any message and the fourth after it lies the window's length, from the answer on."""
    window = Window(3, 0.1)
    begun, ended = [], []

    async def send() -> None:
        await window.room()
        window.begin()
        begun.append(time.monotonic())
        await asyncio.sleep(0.01)
        window.end()
        ended.append(time.monotonic())

    for _ in range(8):
        await send()
    for first_end, later_begin in zip(ended, begun[3:], strict=False):
        assert later_begin - first_end >= 0.099


async def test_what_is_under_way_counts() -> None:
    """A message without an answer holds its place, however long it takes."""
    pacing = Pacing(per_s=1, chat_per_s=1000)
    order = []

    async def second() -> None:
        async with pacing.turn(2):
            order.append("second")

    async with pacing.turn(1):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.05)
        order.append("first")
    waiting.cancel()
    assert order == ["first"]


async def test_one_chat_waits_and_another_does_not() -> None:
    """After its burst a chat waits; the others need not."""
    pacing = Pacing(per_s=1000, chat_per_s=1)
    for _ in range(3):
        async with pacing.turn(1):
            pass

    async def fourth() -> None:
        async with pacing.turn(1):
            pass

    waiting = asyncio.create_task(fourth())
    async with asyncio.timeout(2):
        async with pacing.turn(2):
            pass
    assert not waiting.done()
    waiting.cancel()


async def test_idle_chats_are_forgotten() -> None:
    """Memory does not grow with every chat there ever was."""
    pacing = Pacing(per_s=10_000_000, chat_per_s=1000)
    window = Window(1, 0.0)
    assert window.is_idle
    for chat_id in range(3000):
        async with pacing.turn(chat_id):
            pass
        for windows in pacing._windows.values():
            for each in windows:
                each._ended_at.clear()
    assert len(pacing._windows) <= 1025
