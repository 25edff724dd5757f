"""Lanes go side by side, each in order, by turns."""

import asyncio

from bot.delivery.inbox import Received
from bot.delivery.ordering import Lanes


async def drained(lanes: Lanes) -> None:
    """Return when nothing waits any more."""
    while not lanes.is_idle:  # noqa: ASYNC110 -- it has no event for that
        await asyncio.sleep(0)


async def test_lanes_take_turns_and_keep_their_order() -> None:
    """With one place, whoever has many waits after each for the others."""
    handled: list[int] = []

    async def handle(update_id: int) -> None:
        await asyncio.sleep(0)
        handled.append(update_id)

    lanes = Lanes(handle, width=1)
    lanes.add([Received(n, 1) for n in (10, 11, 12)] + [Received(20, 2), Received(21, 2)])
    await drained(lanes)
    assert handled == [10, 20, 11, 21, 12]
    lanes.add([Received(13, 1)])
    await drained(lanes)
    assert handled[-1] == 13


async def test_no_more_than_the_width_are_at_work() -> None:
    """And of one lane never two."""
    at_work: set[int] = set()
    most = 0

    async def handle(update_id: int) -> None:
        nonlocal most
        lane = update_id // 100
        assert lane not in at_work
        at_work.add(lane)
        most = max(most, len(at_work))
        await asyncio.sleep(0)
        at_work.remove(lane)

    lanes = Lanes(handle, width=3)
    lanes.add([Received(100 * lane + n, lane) for n in range(5) for lane in range(10)])
    await drained(lanes)
    assert most == 3


async def test_stopping_finishes_what_is_at_work() -> None:
    """What waits is not begun, and what is late is broken off."""
    begun, ended = [], []
    gate = asyncio.Event()

    async def handle(update_id: int) -> None:
        begun.append(update_id)
        await gate.wait()
        ended.append(update_id)

    lanes = Lanes(handle, width=2)
    lanes.add([Received(1, 1), Received(2, 1), Received(3, 3)])
    await asyncio.sleep(0)
    stopping = asyncio.create_task(lanes.stop(deadline_s=10))
    await asyncio.sleep(0)
    gate.set()
    assert await stopping
    assert (begun, ended) == ([1, 3], [1, 3])


async def test_a_deadline_breaks_off() -> None:
    """A handler that never ends does not keep the process."""

    async def handle(_: int) -> None:
        await asyncio.Event().wait()

    lanes = Lanes(handle, width=2)
    lanes.add([Received(1, 1)])
    await asyncio.sleep(0)
    assert not await lanes.stop(deadline_s=0.01)
