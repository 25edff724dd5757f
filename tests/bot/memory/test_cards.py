"""What the bot remembers of its answers, and for how long."""

import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.database.store import Store
from bot.delivery.sent import Sent, SentMessage
from bot.errors import CardChangedError
from bot.memory import MEMORIES
from bot.memory.cards import Card, Cards, Shown, new_card_id
from bot.people.retention import SENT_S
from index.types import Span, Verdict

CARD = Card(
    id="0123456789",
    chat_id=-5,
    thread_id=9,
    asker_id=7,
    question_id=3,
    question="was the <gate> open?",
    understood="was the old gate open?",
    verdict=Verdict.ANSWERED,
    generation="20260101T000000Z-00000000",
    shown=(
        Shown(passage_id="p1", highlight=Span(0, 4)),
        Shown(passage_id="p2", highlight=Span(5, 9)),
    ),
    differing=(1, 0),
    at=1,
    before=2,
    after=2,
    part=None,
    lists_titles=False,
    handed=("d1",),
    language="ar",
)


async def write(store: Store, *works: Callable[[Connection], None]) -> None:
    """Do several things in one transaction."""

    def work(connection: Connection) -> None:
        for each in works:
            each(connection)

    await store.write(work)


async def test_a_card_comes_back_as_it_was(store: Store) -> None:
    """By its id, by its question, and by the message that shows it."""
    cards, sent = Cards(store, 1), Sent(store, 1)
    await write(
        store,
        lambda c: cards.add_within(c, CARD),
        lambda c: sent.note_within(c, SentMessage(-5, 12), CARD.tag),
        lambda c: sent.note_within(c, SentMessage(-5, 13), "list:1"),
    )
    assert cards.get(CARD.id) == cards.of_question(-5, 3) == cards.of_message(-5, 12) == CARD
    assert cards.get("nosuchcard") is None
    assert cards.get_all(["nosuchcard", CARD.id]) == [CARD]
    assert cards.of_question(-6, 3) is None
    assert cards.of_message(-5, 13) is None
    assert cards.of_message(-5, 14) is None


async def test_a_card_is_another_bots_alone(store: Store) -> None:
    """A token may be exchanged for another bot's."""
    await write(store, lambda c: Cards(store, 1).add_within(c, CARD))
    assert Cards(store, 2).get(CARD.id) is None


async def test_a_card_changes(store: Store) -> None:
    """What was changed is what comes back; a card that is forgotten is not brought back so."""
    cards = Cards(store, 1)
    changed = replace(CARD, at=0, part=4, handed=())
    await write(store, lambda c: cards.change_within(c, CARD))
    assert cards.get(CARD.id) is None
    await write(
        store, lambda c: cards.add_within(c, CARD), lambda c: cards.change_within(c, changed)
    )
    assert cards.get(CARD.id) == changed
    newer = replace(CARD, edition=2)
    await write(store, lambda c: cards.change_within(c, newer, edition=0))
    with pytest.raises(CardChangedError):
        await write(store, lambda c: cards.change_within(c, changed, edition=0))
    assert cards.get(CARD.id) == newer


async def test_what_a_person_asked_is_forgotten(store: Store) -> None:
    """And what others asked is not."""
    cards = Cards(store, 1)
    other = replace(CARD, id="9876543210", asker_id=8)
    await write(
        store,
        lambda c: cards.add_within(c, CARD),
        lambda c: cards.add_within(c, other),
        lambda c: cards.forget_within(c, 7),
    )
    assert (cards.get(CARD.id), cards.get(other.id)) == (None, other)


async def test_old_cards_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that nobody has touched for as long as messages are known."""
    cards = Cards(store, 1)
    old = replace(CARD, id="9876543210")
    long_ago = time.time() - SENT_S - 1
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: long_ago)
        await write(store, lambda c: cards.add_within(c, old))
    await write(store, lambda c: cards.add_within(c, CARD), cards.prune_within)
    assert (cards.get(old.id), cards.get(CARD.id)) == (None, CARD)


def test_ids_fit_a_button_and_a_link() -> None:
    """Ten characters that need no escape anywhere, never the same."""
    ids = {new_card_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(each) == 10 and set(each) <= set(ALPHABET) for each in ids)


ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@pytest.mark.parametrize("memory", MEMORIES)
async def test_every_memory_can_forget(store: Store, memory: type[Cards]) -> None:
    """/forget and the hourly pruning reach all that is kept."""
    kept = memory(store, 1)
    await write(store, lambda c: kept.forget_within(c, 7), kept.prune_within)
