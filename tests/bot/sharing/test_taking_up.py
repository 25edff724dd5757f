"""What one process leaves is taken up by the others, in parts and in order."""

from bot.database.store import Store
from bot.delivery.inbox import Inbox, Received
from bot.delivery.outgoing import Messages, Outgoing
from bot.delivery.sent import Sent
from bot.sharing.replica import Replica

ME = 42


class Process:
    """A replica's queues."""

    def __init__(self, store: Store) -> None:
        self.replica = Replica(ME)
        self.messages = Messages(store, Sent(store, ME), ME, self.replica)
        self.inbox = Inbox(store, self.messages, ME, self.replica)


async def processes(store: Store, count: int) -> list[Process]:
    """Return replicas that know how many they are."""
    made = [Process(store) for _ in range(count)]
    for _ in range(2):
        for each in made:
            await each.replica.beat(store)
    return made


async def test_each_takes_its_part(store: Store) -> None:
    """Half of the lanes for one of two, whole, and then half of the rest."""
    gone, one, other = await processes(store, 3)
    updates = [
        {"update_id": number, "message": {"chat": {"id": number % 4}}} for number in range(1, 9)
    ]
    assert len(await gone.inbox.receive(updates)) == 8
    assert await one.inbox.take_up() == []
    await gone.replica.leave(store)
    for each in (one, other):
        await each.replica.beat(store)
    assert await one.inbox.take_up() == [Received(n, n % 4) for n in (1, 2, 5, 6)]
    assert await other.inbox.take_up() == [Received(3, 3), Received(7, 3)]
    assert await one.inbox.take_up() == [Received(4, 0), Received(8, 0)]
    assert await other.inbox.take_up() == []
    assert one.inbox.first_of(0) == (4, updates[3])
    assert other.inbox.first_of(0) is None
    assert other.inbox.unfinished() == [Received(3, 3), Received(7, 3)]


async def test_chats_are_taken_up_and_left(store: Store) -> None:
    """Who sends to a chat sees its messages; a chat with none may be left to whoever is next."""
    gone, one = await processes(store, 2)
    hello = Outgoing(chat_id=5, arguments={"text": "hello"})
    await store.write(lambda c: gone.messages.add_within(c, [hello]))
    assert (gone.messages.chats(), one.messages.chats()) == ([5], [])
    await gone.replica.leave(store)
    assert await one.messages.take_up()
    assert not await one.messages.take_up()
    queued = one.messages.first_of(5)
    assert queued is not None
    assert queued.message == hello
    (next_one,) = await processes(store, 1)
    await store.write(lambda c: next_one.messages.add_within(c, [hello]))
    await one.messages.give_up(busy=[])  # there is something to send
    assert next_one.messages.first_of(5) is None
    while (queued := one.messages.first_of(5)) is not None:
        await one.messages.remove(queued)
    await one.messages.give_up(busy=[5])  # it might be too soon
    await store.write(lambda c: next_one.messages.add_within(c, [hello]))
    assert next_one.messages.first_of(5) is None
    while (queued := one.messages.first_of(5)) is not None:
        await one.messages.remove(queued)
    await one.messages.give_up(busy=[])
    await store.write(lambda c: next_one.messages.add_within(c, [hello]))
    assert next_one.messages.first_of(5) is not None
