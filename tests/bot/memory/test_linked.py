"""What is remembered of linked passages: how they began, and not for ever."""

import time
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.database.store import Store
from bot.memory import linked as module
from bot.memory.linked import Linked, beginning
from bot.people.retention import LINKED_S
from index.types import Passage

ME = 42


def passage(name: str, text: str = "It was late.") -> Passage:
    """Return a passage; only its id and text matter here."""
    return Passage(id=name, document_id="d", number=1, of=1, start=0, end=len(text), text=text)


async def test_a_passage_is_known_by_its_id(store: Store) -> None:
    """To the bot that gave the link; a text that was noted later counts."""
    linked = Linked(store, ME)
    await store.write(lambda c: linked.note_within(c, [passage("a"), passage("b", "Two.")]))
    await store.write(lambda c: linked.note_within(c, [passage("b", "Three.")]))
    assert (linked.words_of("a"), linked.words_of("b")) == ("It was late.", "Three.")
    assert linked.words_of("c") is None
    assert Linked(store, ME + 1).words_of("a") is None


async def test_old_links_and_too_many_are_forgotten(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last ones stay."""
    linked = Linked(store, ME)
    monkeypatch.setattr(module, "MAX_KEPT", 2)
    for at, name in enumerate("abcd"):
        now = 1000.0 + at
        monkeypatch.setattr(time, "time", lambda now=now: now)
        await store.write(partial(linked.note_within, passages=[passage(name)]))
    await store.write(linked.prune_within)
    assert [name for name in "abcd" if linked.words_of(name)] == ["c", "d"]
    monkeypatch.setattr(time, "time", lambda: 1002.5 + LINKED_S)
    await store.write(linked.prune_within)
    assert [name for name in "abcd" if linked.words_of(name)] == ["d"]


@given(st.text(max_size=50).map(lambda text: text * 30))
def test_what_is_kept_is_a_beginning(text: str) -> None:
    """Of whole words where there are any, and never long."""
    kept = beginning(text)
    assert text.startswith(kept)
    assert len(kept) == len(text) if len(text) <= 400 else len(kept) <= 400
