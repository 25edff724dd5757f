"""The queue of updates: what an offset confirms, and who waits."""

import asyncio
from typing import Any

import pytest

from tests.botapi import ApiError, Clock
from tests.botapi.updates import FIRST_UPDATE_ID, UpdateQueue


@pytest.fixture
def clock() -> Clock:
    """Return a clock to move."""
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> UpdateQueue:
    """Return an empty queue."""
    return UpdateQueue(clock)


async def poll(queue: UpdateQueue, offset: int = 0, limit: int = 100) -> list[int]:
    """Poll without waiting; return the ids, counted from 0 for the first update ever."""
    updates = await queue.poll(offset=offset, limit=limit, timeout_s=0)
    return [each["update_id"] - FIRST_UPDATE_ID for each in updates]


def fill(queue: UpdateQueue, count: int) -> None:
    """Queue `count` messages."""
    for number in range(count):
        queue.put("message", {"number": number})


async def waiting(queue: UpdateQueue, offset: int = 0) -> asyncio.Task[list[dict[str, Any]]]:
    """Return a long poll that is waiting by now."""
    task = asyncio.create_task(queue.poll(offset=offset, limit=100, timeout_s=50))
    await queue.wait_for_poller()
    return task


async def test_unconfirmed_updates_come_again(queue: UpdateQueue) -> None:
    """Only an offset confirms: without one the same updates return (Bot API, getUpdates)."""
    fill(queue, 2)
    assert await poll(queue) == [0, 1]
    assert await poll(queue) == [0, 1]


async def test_an_offset_confirms_all_below_it(queue: UpdateQueue) -> None:
    """An update is confirmed by an offset higher than its id (Bot API, getUpdates)."""
    fill(queue, 3)
    assert await poll(queue, FIRST_UPDATE_ID + 2) == [2]
    assert await poll(queue) == [2]
    assert queue.pending_count == 1


async def test_a_low_offset_brings_nothing_back(queue: UpdateQueue) -> None:
    """What was confirmed is gone, whatever is asked for later."""
    fill(queue, 2)
    await poll(queue, FIRST_UPDATE_ID + 1)
    assert await poll(queue, FIRST_UPDATE_ID) == [1]


async def test_an_offset_far_ahead_is_not_believed(queue: UpdateQueue) -> None:
    """An offset over 10 beyond the next id confirms nothing (td, TQueue.cpp, get)."""
    fill(queue, 1)
    assert await poll(queue, FIRST_UPDATE_ID + 12) == [0]
    assert await poll(queue, FIRST_UPDATE_ID + 11) == []


async def test_a_negative_offset_keeps_the_newest(queue: UpdateQueue) -> None:
    """A negative offset counts from the end and forgets the rest (Bot API, getUpdates)."""
    fill(queue, 5)
    assert await poll(queue, -2) == [3, 4]
    assert await poll(queue) == [3, 4]


@pytest.mark.parametrize(("limit", "count"), [(0, 1), (7, 7), (100, 100), (500, 100)])
async def test_the_limit_is_1_to_100(queue: UpdateQueue, limit: int, count: int) -> None:
    """Values between 1-100 are accepted (Bot API, getUpdates); others are clamped."""
    fill(queue, 120)
    assert len(await poll(queue, limit=limit)) == count


async def test_a_long_poll_is_answered_by_the_next_update(queue: UpdateQueue) -> None:
    """A poll with a timeout waits for an update (Bot API, getUpdates)."""
    task = await waiting(queue)
    fill(queue, 1)
    assert len(await task) == 1


async def test_a_long_poll_ends_empty(queue: UpdateQueue) -> None:
    """When the time is over, the answer is an empty list."""
    assert await queue.poll(offset=0, limit=100, timeout_s=0.01) == []
    with pytest.raises(TimeoutError):
        await queue.wait_for_poller(timeout_s=0.01)


async def test_a_second_poller_ends_the_first(queue: UpdateQueue) -> None:
    """The poll that waits gets the 409, not the new one (Client.cpp, abort_long_poll)."""
    first = await waiting(queue)
    second = asyncio.create_task(queue.poll(offset=0, limit=100, timeout_s=50))
    with pytest.raises(ApiError) as caught:
        await first
    assert caught.value.code == 409
    assert caught.value.description == (
        "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running"
    )
    fill(queue, 1)
    assert len(await second) == 1


async def test_a_short_poll_ends_nobody(queue: UpdateQueue) -> None:
    """A poll that need not wait leaves the waiting one alone (Client.cpp, do_get_updates)."""
    first = await waiting(queue)
    assert await poll(queue) == []
    fill(queue, 1)
    assert len(await first) == 1


async def test_closing_answers_the_poll_that_waits(queue: UpdateQueue) -> None:
    """At shutdown a long poll ends empty, and no later one waits."""
    task = await waiting(queue)
    queue.close()
    assert await task == []
    assert await queue.poll(offset=0, limit=100, timeout_s=50) == []


async def test_only_allowed_kinds_are_queued(queue: UpdateQueue) -> None:
    """allowed_updates holds from then on, and stays when not given (Bot API, getUpdates)."""
    fill(queue, 1)
    queue.allow(["callback_query"])
    queue.allow(None)
    fill(queue, 1)
    queue.put("callback_query", {})
    assert await poll(queue) == [0, 1]


async def test_some_kinds_come_by_request_only(queue: UpdateQueue) -> None:
    """By default chat_member and reactions are left out (Bot API, getUpdates)."""
    assert queue.put("message_reaction", {}) is None
    queue.allow(["message_reaction"])
    assert queue.put("message_reaction", {}) is not None
    queue.allow([])
    assert queue.put("message_reaction", {}) is None
    assert queue.put("message", {}) is not None


@pytest.mark.parametrize(
    ("kind", "kept_s"), [("message", 86_400), ("callback_query", 150), ("inline_query", 30)]
)
async def test_updates_expire(queue: UpdateQueue, clock: Clock, kind: str, kept_s: int) -> None:
    """Updates are kept for 24 hours at most (Bot API, "Getting updates"), queries for less."""
    queue.put(kind, {})
    clock.advance(kept_s - 1)
    assert queue.pending_count == 1
    clock.advance(2)
    assert await poll(queue) == []
