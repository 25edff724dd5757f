"""Lanes go side by side, each in order, by turns."""

import asyncio
from collections import defaultdict

from bot.delivery.ordering import Lanes


class Disk:
    """Numbers that wait in lanes, and what was handled of them."""

    def __init__(self, *numbers: int) -> None:
        self.waiting: dict[int, list[int]] = defaultdict(list)
        self.handled: list[int] = []
        self.put(*numbers)

    def put(self, *numbers: int) -> list[int]:
        """Let numbers wait, each in the lane of its tens; return these."""
        for number in numbers:
            self.waiting[number // 10].append(number)
        return [number // 10 for number in numbers]

    async def handle(self, lane: int) -> bool:
        """Handle the first number of a lane."""
        if not self.waiting[lane]:
            return False
        number = self.waiting[lane].pop(0)
        await asyncio.sleep(0)
        self.handled.append(number)
        return True


async def drained(lanes: Lanes) -> None:
    """Return when nothing waits any more."""
    while not lanes.is_idle:  # noqa: ASYNC110 -- it has no event for that
        await asyncio.sleep(0)


async def test_lanes_take_turns_and_keep_their_order() -> None:
    """With one place, whoever has many waits after each for the others."""
    disk = Disk()
    lanes = Lanes(disk.handle, width=1)
    lanes.add(disk.put(10, 11, 12, 20, 21))
    await drained(lanes)
    assert disk.handled == [10, 20, 11, 21, 12]
    lanes.add(disk.put(13))
    await drained(lanes)
    assert disk.handled[-1] == 13


async def test_the_order_is_that_on_disk() -> None:
    """What another process wrote is handled in its turn, though nothing was said of it yet."""
    disk = Disk(10)
    lanes = Lanes(disk.handle, width=1)
    lanes.add(disk.put(11))
    await drained(lanes)
    assert disk.handled == [10]
    lanes.add([1])  # now it was
    await drained(lanes)
    assert disk.handled == [10, 11]


async def test_to_be_told_too_often_does_no_harm() -> None:
    """Whoever looks through all that is on disk may come upon what is known."""
    disk = Disk()
    lanes = Lanes(disk.handle, width=1)
    lanes.add(disk.put(10, 11, 30))
    lanes.look_through([1, 1, 3, 3])
    lanes.add([1, 1, 1])
    await drained(lanes)
    assert disk.handled == [10, 30, 11]
    lanes.look_through(disk.put(20, 21))
    await drained(lanes)
    assert disk.handled[-2:] == [20, 21]


async def test_no_more_than_the_width_are_at_work() -> None:
    """And of one lane never two."""
    at_work: set[int] = set()
    most = 0

    async def handle(lane: int) -> bool:
        nonlocal most
        assert lane not in at_work
        at_work.add(lane)
        most = max(most, len(at_work))
        await asyncio.sleep(0)
        at_work.remove(lane)
        return True

    lanes = Lanes(handle, width=3)
    lanes.add(5 * list(range(10)))
    await drained(lanes)
    assert most == 3


async def test_stopping_finishes_what_is_at_work() -> None:
    """What waits is not begun, and what is late is broken off."""
    begun, ended = [], []
    gate = asyncio.Event()

    async def handle(lane: int) -> bool:
        begun.append(lane)
        await gate.wait()
        ended.append(lane)
        return True

    lanes = Lanes(handle, width=2)
    lanes.add([1, 1, 3])
    await asyncio.sleep(0)
    stopping = asyncio.create_task(lanes.stop(deadline_s=10))
    await asyncio.sleep(0)
    gate.set()
    assert await stopping
    assert (begun, ended) == ([1, 3], [1, 3])


async def test_a_deadline_breaks_off() -> None:
    """A handler that never ends does not keep the process."""

    async def handle(_: int) -> bool:
        return await asyncio.Event().wait()

    lanes = Lanes(handle, width=2)
    lanes.add([1])
    await asyncio.sleep(0)
    assert not await lanes.stop(deadline_s=0.01)


async def test_alone_is_before_all_that_comes_in_its_lane() -> None:
    """What comes meanwhile waits for its end, also when it has to be broken off."""
    begun: list[int] = []

    async def handle(lane: int) -> bool:
        begun.append(lane)
        if begun.count(1) == 1:
            return await asyncio.Event().wait()
        return True

    lanes = Lanes(handle, width=2)
    alone = asyncio.create_task(lanes.alone(1, patience_s=0.05))
    await asyncio.sleep(0)
    lanes.add([1])
    await asyncio.sleep(0.01)
    assert begun == [1]
    await alone
    await drained(lanes)
    assert begun == [1, 1]


async def test_alone_in_a_lane_at_work_changes_nothing() -> None:
    """Then it has its turn there."""
    begun: list[int] = []
    gate = asyncio.Event()

    async def handle(lane: int) -> bool:
        begun.append(lane)
        return await gate.wait()

    lanes = Lanes(handle, width=2)
    lanes.add([1])
    await asyncio.sleep(0)
    await lanes.alone(1, patience_s=1)
    assert begun == [1]
    gate.set()
    await drained(lanes)
    assert begun == [1]
