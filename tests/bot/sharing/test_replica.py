"""Who has claimed something has it alone, until it gives it up or is given up itself."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import Connection, literal, select, update

from bot.database.shared_tables import claims, replicas
from bot.database.store import Store
from bot.sharing.claims import Duty, News
from bot.sharing.hearing import Hearing
from bot.sharing.replica import LEASE_S, Replica

LANE = 5


class Clock:
    """A process's own clock, which goes when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


async def joined(store: Store, clock: Clock | None = None) -> Replica:
    """Return a replica that the others know."""
    replica = Replica(1, now=clock or Clock())
    await replica.beat(store)
    return replica


async def counted(store: Store, replica: Replica) -> int:
    """Let a replica beat; return how many it finds."""
    await replica.beat(store)
    return replica.processes


async def claims_it(store: Store, replica: Replica, number: int = LANE) -> bool:
    """Claim a lane."""
    return await store.write(lambda c: replica.claim_within(c, Duty.HANDLING, number))


async def owns_it(store: Store, replica: Replica) -> bool:
    """Tell whether the lane is a replica's."""
    return bool(store.read(select(1).where(replica.owned(Duty.HANDLING, literal(LANE)))))


async def falls_silent(store: Store, replica: Replica) -> None:
    """Let the last beat of a replica be longer ago than a lease."""
    late = update(replicas).where(replicas.c.id == replica.id)
    await store.write(lambda c: c.execute(late.values(beat_at=replicas.c.beat_at - LEASE_S - 1)))


async def test_what_one_has_claimed_no_other_gets(store: Store) -> None:
    """Not until it is given up; and to claim again what one has is no mistake."""
    one, other = await joined(store), await joined(store)
    assert await claims_it(store, one)
    assert not await claims_it(store, other)
    assert await claims_it(store, one)
    assert (await owns_it(store, one), await owns_it(store, other)) == (True, False)
    await store.write(lambda c: one.release_within(c, Duty.HANDLING, claims.c.number == LANE, {}))
    assert not await owns_it(store, one)
    assert await claims_it(store, other)


async def test_duties_numbers_and_bots_are_apart(store: Store) -> None:
    """A lane is not the sending to the chat with its number, nor another bot's lane."""
    one, other = await joined(store), await joined(store)
    stranger = Replica(2)
    await stranger.beat(store)
    assert await claims_it(store, one)
    assert await claims_it(store, other, LANE + 1)
    assert await claims_it(store, stranger)
    assert await store.write(lambda c: other.claim_within(c, Duty.SENDING, LANE))
    assert await store.write(lambda c: other.claim_within(c, Duty.POLLING))


async def test_one_that_fell_silent_is_given_up_with_all_it_had(store: Store) -> None:
    """The next beat of any other does it; it comes back as another, with nothing."""
    one, other = await joined(store), await joined(store)
    await claims_it(store, one)
    old = one.id
    await falls_silent(store, one)
    assert await counted(store, other) == 1
    assert not await owns_it(store, one)
    assert not await claims_it(store, one)  # it does not know yet
    assert await claims_it(store, other)
    assert await counted(store, one) == 2
    assert one.id != old
    assert not await claims_it(store, one)


async def test_one_that_beats_in_time_is_not_given_up(store: Store) -> None:
    """However often the others look."""
    one, other = await joined(store), await joined(store)
    old = one.id
    for _ in range(3):
        assert await counted(store, other) == 2
        assert await counted(store, one) == 2
    assert one.id == old


async def test_another_bots_replicas_are_left_alone(store: Store) -> None:
    """They may be of a version that beats otherwise."""
    one = await joined(store)
    await falls_silent(store, one)
    stranger = Replica(2)
    assert await counted(store, stranger) == 1
    old = one.id
    await one.beat(store)
    assert one.id == old


async def test_whoever_was_not_heard_gives_the_others_time(store: Store) -> None:
    """After an outage of the database the first one back must not take all from the others."""
    clock = Clock()
    one, other = await joined(store), await joined(store, clock)
    await claims_it(store, one)
    await falls_silent(store, one)
    clock.now += LEASE_S  # nor was this one heard
    assert await counted(store, other) == 2
    assert await owns_it(store, one)
    for _ in range(3):
        clock.now += LEASE_S / 3 + 0.1
        live = await counted(store, other)
    assert live == 1  # it had its time


async def test_it_is_sure_for_less_than_a_lease(store: Store) -> None:
    """By its own clock, counted from before the beat: no other can be faster."""
    clock = Clock()
    replica = Replica(1, now=clock)
    states = []
    for seconds in (0.0, 0.0, LEASE_S - 1, 0.0):
        clock.now += seconds
        states.append((replica.is_sure, replica.problem == ""))
        if not replica.is_sure:
            await replica.beat(store)
    assert states == [(False, False), (True, True), (False, False), (True, True)]


async def test_whoever_leaves_leaves_nothing_behind(store: Store) -> None:
    """Its claims are free at once, and it is not sure of any any more."""
    one, other = await joined(store), await joined(store)
    await claims_it(store, one)
    await one.leave(store)
    assert not one.is_sure
    assert not await claims_it(store, one)
    assert await claims_it(store, other)
    assert await counted(store, other) == 1


async def test_of_many_at_once_one_gets_it(store: Store) -> None:
    """Whatever the order in which transactions begin and end."""
    rivals = [await joined(store) for _ in range(6)]

    def claim(rival: Replica) -> list[bool]:
        got = []
        for number in range(30):
            with store.engine.begin() as connection:
                got.append(rival.claim_within(connection, Duty.HANDLING, number))
        return got

    with ThreadPoolExecutor(6) as threads:
        futures = [threads.submit(claim, rival) for rival in rivals]
        got = [await asyncio.wrap_future(each) for each in futures]
    assert [sum(each) for each in zip(*got, strict=True)] == [1] * 30


async def test_what_is_being_given_up_is_waited_for(store: Store) -> None:
    """Who claims it in the same moment has it, or is told that the other still does."""
    one, other = await joined(store), await joined(store)
    await claims_it(store, one)

    def claim() -> bool:
        with store.engine.begin() as connection:
            return other.claim_within(connection, Duty.HANDLING, LANE)

    with ThreadPoolExecutor(1) as thread:
        with store.engine.begin() as connection:
            one.release_within(connection, Duty.HANDLING, claims.c.number == LANE, {})
            claiming = thread.submit(claim)
            await asyncio.sleep(0.1)
            assert not claiming.done()
        assert await asyncio.wrap_future(claiming)


async def test_the_owner_hears_what_is_new_and_nobody_else(store: Store) -> None:
    """After the commit, and nothing of what was undone."""
    one, other = await joined(store), await joined(store)
    heard: asyncio.Queue[str] = asyncio.Queue()
    hearing = Hearing(store.engine, one.channel, heard.put_nowait, at_first=News.LEFT)
    hearing.start()
    assert await heard.get() == News.LEFT  # who begins to listen may have missed something
    await claims_it(store, one)

    def undone(connection: Connection) -> None:
        other.claim_within(connection, Duty.HANDLING, LANE)
        raise KeyError

    outcome, _ = await asyncio.gather(
        store.write(undone),
        store.write(lambda c: other.tell_within(c, News.HELD)),
        return_exceptions=True,
    )
    assert isinstance(outcome, KeyError)
    await claims_it(store, other)
    assert await heard.get() == News.HELD
    assert await heard.get() == f"{one.id} handling {LANE}"
    hearing.stop()
    assert heard.empty()
