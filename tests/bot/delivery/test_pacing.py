"""No window of time ever holds more messages than it may, wherever they are counted."""

import asyncio
import time

import pytest

from bot.delivery import pacing as module
from bot.delivery.pacing import Pacing, Window


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


async def test_a_group_has_its_share_of_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The 21st message to a group waits for the minute's end; a person has no such limit."""
    monkeypatch.setattr(module, "_BURST", 1000)
    pacing = Pacing(per_s=1000, chat_per_s=1)
    for chat_id in (-5, 5):
        for _ in range(20):
            async with pacing.turn(chat_id):
                pass
    async with pacing.turn(5):
        pass
    with pytest.raises(TimeoutError):
        async with pacing.turn(-5, patience_s=0.05):
            pass


async def test_whoever_gives_up_gives_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn that was waited for in vain counts nowhere."""
    monkeypatch.setattr(module, "_GROUP_PER_MINUTE", 1)
    pacing = Pacing(per_s=1000, chat_per_s=1)
    async with pacing.turn(-5):
        pass
    for _ in range(5):
        with pytest.raises(TimeoutError):
            async with pacing.turn(-5, patience_s=0.01):
                pass
    burst, minute = pacing._windows[-5]
    assert (burst._under_way, len(burst._ended_at)) == (0, 1)
    assert (minute._under_way, len(minute._ended_at)) == (0, 1)


async def test_several_processes_share_what_one_may_send() -> None:
    """Of two a second each of two processes sends one, and both again once it is alone."""
    pacing = Pacing(per_s=2, chat_per_s=1000)
    sent = []

    async def send(chat_id: int) -> None:
        async with pacing.turn(chat_id):
            sent.append(chat_id)

    pacing.share(2)
    await send(1)
    second = asyncio.create_task(send(2))
    await asyncio.sleep(0.05)
    assert sent == [1]
    pacing.share(5)  # never less than one
    await asyncio.sleep(0.05)
    assert sent == [1]
    pacing.share(1)
    await send(3)
    second.cancel()
    assert 3 in sent


async def test_chats_are_busy_until_nothing_holds_them_back() -> None:
    """While a message is under way, and for as long as it counts."""
    pacing = Pacing(per_s=1000, chat_per_s=1)
    assert pacing.busy() == set()
    async with pacing.turn(1):
        assert pacing.busy() == {1}
    assert pacing.busy() == {1}
    for window in pacing._windows[1]:
        window._ended_at.clear()
    assert pacing.busy() == set()
