"""Updates are kept until they are handled, known again, and then forgotten."""

from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.database.store import Store
from bot.delivery import inbox as module
from bot.delivery.drafts import Draft, Drafts
from bot.delivery.inbox import Inbox, Received
from bot.delivery.outgoing import Messages, Outgoing
from bot.delivery.sent import Sent

ME = 42


@pytest.fixture
def messages(store: Store) -> Messages:
    """Return this bot's queue of messages."""
    return Messages(store, Sent(store, ME), ME)


@pytest.fixture
def inbox(store: Store, messages: Messages) -> Inbox:
    """Return this bot's inbox."""
    return Inbox(store, messages, ME)


def update(number: int, chat_id: int = 5) -> dict[str, Any]:
    """Return a message of a chat."""
    return {"update_id": number, "message": {"chat": {"id": chat_id}, "text": "why?"}}


async def test_what_is_new_is_told_from_what_is_known(inbox: Inbox) -> None:
    """An update is received once, whether it is handled by then or not."""
    assert await inbox.receive([update(1), update(2)]) == [Received(1, 5), Received(2, 5)]
    await inbox.finish(1, Draft())
    assert await inbox.receive([update(1), update(2), update(3)]) == [Received(3, 5)]
    assert inbox.unfinished() == [Received(2, 5), Received(3, 5)]
    assert inbox.first_of(5) == (2, update(2))


async def test_a_finished_update_leaves_its_answer_and_no_text(
    inbox: Inbox, messages: Messages, store: Store
) -> None:
    """With the mark comes the answer, and the question goes."""
    await inbox.receive([update(1)])
    answer = Outgoing(chat_id=5, arguments={"text": "so"})
    await inbox.finish(1, Draft(messages=[answer]))
    assert inbox.first_of(5) is None
    assert store.read(text("SELECT state, body FROM updates")) == [("done", None)]
    queued = messages.first_of(5)
    assert queued is not None
    assert queued.message == answer


async def test_what_is_set_aside_is_not_resumed(inbox: Inbox) -> None:
    """It is neither waiting nor new."""
    await inbox.receive([update(1)])
    await inbox.set_aside(1)
    assert inbox.unfinished() == []
    assert await inbox.receive([update(1)]) == []


async def test_another_bots_numbers_mean_nothing(
    inbox: Inbox, messages: Messages, store: Store
) -> None:
    """After a change of token, the same number is another update."""
    await inbox.receive([update(1)])
    other = Inbox(store, messages, 43)
    assert other.unfinished() == []
    assert await other.receive([update(1)]) == [Received(1, 5)]


@pytest.mark.parametrize(
    ("content", "lane"),
    [
        ({"message": {"chat": {"id": -7}, "from": {"id": 1}}}, -7),
        ({"callback_query": {"from": {"id": 1}, "message": {"chat": {"id": -7}}}}, 2**54 - 7),
        ({"callback_query": {"from": {"id": 1}, "inline_message_id": "m"}}, 2**54 + 1),
        ({"callback_query": {"from": {"id": 1}, "message": "?"}}, 2**54 + 1),
        ({"inline_query": {"from": {"id": 1}}}, 2**55 + 1),
        ({"chosen_inline_result": {"from": {"id": 1}}}, 2**55 + 1),
        ({"my_chat_member": {"chat": {"id": -7}, "from": {"id": 1}}}, -7),
        ({"message": {"chat": 0}}, 0),
        ({"message": {"chat": {"id": 2**70}}}, 0),
        ({"message": "?"}, 0),
        ({}, 0),
    ],
)
async def test_a_lane_is_the_chat_else_the_sender(
    inbox: Inbox, content: dict[str, Any], lane: int
) -> None:
    """What stays in order is a chat's, and nonsense has a lane of its own."""
    assert await inbox.receive([{"update_id": 1} | content]) == [Received(1, lane)]


@pytest.mark.parametrize("junk", [None, 7, {}, {"update_id": "1"}, {"update_id": 2**64}])
async def test_what_is_no_update_is_passed_over(inbox: Inbox, junk: object) -> None:
    """One piece of nonsense does not keep the others out."""
    assert await inbox.receive([junk, update(1)]) == [Received(1, 5)]


async def test_lone_surrogates_are_kept(inbox: Inbox) -> None:
    """What UTF-8 can't hold comes back as it was."""
    strange = update(1) | {"x": "\ud83d"}
    await inbox.receive([strange])
    assert inbox.first_of(5) == (1, strange)


async def test_attempts_are_counted(inbox: Inbox) -> None:
    """So an update that ends the process each time can be told from the others."""
    await inbox.receive([update(1)])
    assert [await inbox.begin_again(1) for _ in range(3)] == [1, 2, 3]


async def test_what_is_long_done_is_forgotten(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, store: Store
) -> None:
    """Only what waits is kept for ever."""
    await inbox.receive([update(1), update(2)])
    await inbox.finish(1, Draft())
    await inbox.prune()
    assert store.read(text("SELECT count(*) FROM updates")) == [(2,)]
    monkeypatch.setattr(module, "HANDLED_S", -1.0)
    await inbox.prune()
    assert store.read(text("SELECT update_id FROM updates")) == [(2,)]


async def test_what_belongs_to_an_answer_is_written_with_it(
    inbox: Inbox, messages: Messages, store: Store
) -> None:
    """Messages, further work and the mark are one: all of it, or nothing."""

    def remember(connection: Connection) -> None:
        connection.execute(text("INSERT INTO sent VALUES (42, 5, 6, 'it', 0)"))

    def fail(_: Connection) -> None:
        raise KeyError("a fault")

    drafts = Drafts()
    await inbox.receive([update(1)])
    for work in (remember, fail):
        drafts.also(1, work)
    drafts.add(1, Outgoing(chat_id=5, arguments={"text": "so"}))
    draft = drafts.take(1)
    with pytest.raises(KeyError):
        await inbox.finish(1, draft)
    assert inbox.unfinished() == [Received(1, 5)]
    assert messages.chats() == store.read(text("SELECT * FROM sent")) == []
    draft.works.pop()
    await inbox.finish(1, draft)
    assert inbox.unfinished() == []
    assert (messages.chats(), store.read(text("SELECT tag FROM sent"))) == ([5], [("it",)])
    assert drafts.take(1) == Draft()
