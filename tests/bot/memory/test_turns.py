"""Which turn goes on from which."""

import time
from dataclasses import replace
from functools import partial

import pytest

from bot.database.store import Store
from bot.memory import turns as module
from bot.memory.turns import Talk, Turns
from bot.people.retention import SENT_S

TALK = Talk(chat_id=-100, thread_id=7, user_id=5)


@pytest.fixture
def turns(store: Store) -> Turns:
    """Return this bot's conversations."""
    return Turns(store, 42)


async def talk(store: Store, turns: Turns, *cards: str, talk: Talk = TALK) -> None:
    """Note turns, each going on from the last."""
    for card in cards:
        after = turns.last(talk)
        await store.write(partial(turns.add_within, talk=talk, card_id=card, after=after))


async def test_a_turn_goes_on_from_the_last(store: Store, turns: Turns) -> None:
    """Oldest first, a few of them."""
    assert turns.last(TALK) is None
    await talk(store, turns, *"abcdefg")
    assert turns.last(TALK) == "g"
    assert turns.until("g") == ["c", "d", "e", "f", "g"]
    assert turns.until("b") == ["a", "b"]
    assert turns.until("unknown") == ["unknown"]
    assert (turns.before("b"), turns.before("a"), turns.before("x")) == ("a", None, None)


@pytest.mark.parametrize(
    "other", [{"chat_id": 5}, {"thread_id": None}, {"thread_id": 8}, {"user_id": 6}]
)
async def test_conversations_are_apart(
    store: Store, turns: Turns, other: dict[str, int | None]
) -> None:
    """By chat, topic and person; ending one ends no other."""
    await talk(store, turns, "a")
    elsewhere = replace(TALK, **other)  # type: ignore[arg-type]
    assert turns.last(elsewhere) is None
    await talk(store, turns, "b", talk=elsewhere)
    await store.write(lambda c: turns.end_within(c, TALK))
    assert (turns.last(TALK), turns.last(elsewhere)) == (None, "b")
    assert turns.until("a") == ["a"]


async def test_a_conversation_ends_by_itself(
    store: Store, turns: Turns, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a pause, though a reply still finds it; in the end it is forgotten."""
    await talk(store, turns, "a", "b")
    noted_at = time.time()
    monkeypatch.setattr(time, "time", lambda: noted_at + module.IDLE_S + 1)
    assert turns.last(TALK) is None
    assert turns.until("b") == ["a", "b"]
    await store.write(turns.prune_within)
    assert turns.until("b") == ["a", "b"]
    monkeypatch.setattr(time, "time", lambda: noted_at + SENT_S + 1)
    await store.write(turns.prune_within)
    assert turns.until("b") == ["b"]


async def test_a_person_is_forgotten(store: Store, turns: Turns) -> None:
    """In every chat, and nobody else."""
    await talk(store, turns, "a")
    await talk(store, turns, "b", talk=replace(TALK, chat_id=5))
    await talk(store, turns, "c", talk=replace(TALK, user_id=6))
    await store.write(lambda c: turns.forget_within(c, 5))
    assert turns.last(TALK) is turns.last(replace(TALK, chat_id=5)) is None
    assert turns.last(replace(TALK, user_id=6)) == "c"
