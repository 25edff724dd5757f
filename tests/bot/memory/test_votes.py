"""Votes come back as they were cast, one a person and card."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.database.store import Store
from bot.memory.votes import Quoted, Vote, Votes
from index.types import Span, Verdict

UP = Vote(
    card_id="c",
    user_id=1,
    asker_id=2,
    question="was it?",
    verdict=Verdict.ANSWERED,
    is_up=True,
    judged=Quoted(passage_id="p1", highlight=Span(0, 5)),
    is_first=True,
)
RIGHT = replace(UP, is_up=False, right=Quoted(passage_id="p2", highlight=Span(3, 9)))
NONE = replace(UP, is_up=False, judged=None, is_none_right=True, asker_id=None)


@pytest.fixture
def votes(store: Store) -> Votes:
    """Return the votes of bot 7."""
    return Votes(store, 7)


@pytest.mark.parametrize("vote", [UP, RIGHT, NONE])
async def test_a_vote_comes_back_as_it_was_cast(store: Store, votes: Votes, vote: Vote) -> None:
    """With the types of its fields."""
    await store.write(lambda c: votes.cast_within(c, vote))
    found = votes.get("c", 1)
    assert found == vote
    assert votes.everything() == [vote]
    assert found is not None
    assert (type(found.is_up), type(found.verdict)) == (bool, Verdict)
    assert Votes(store, 8).everything() == []
    assert votes.get("c", 2) is None


async def test_the_last_vote_counts(store: Store, votes: Votes) -> None:
    """One person has one vote on a card; others have their own."""
    for vote in (UP, RIGHT, replace(UP, user_id=3), replace(NONE, user_id=4)):
        await store.write(lambda c, v=vote: votes.cast_within(c, v))  # type: ignore[misc]
    assert votes.get("c", 1) == RIGHT
    assert votes.count(since=0) == (1, 2)
    assert votes.count(since=4e9) == (0, 0)


async def test_what_is_somebodys_is_forgotten(store: Store, votes: Votes) -> None:
    """His votes, and all votes on what he has asked, since they hold his words."""
    others = replace(UP, card_id="d", user_id=3, asker_id=3)
    for vote in (UP, replace(UP, user_id=2), others):
        await store.write(lambda c, v=vote: votes.cast_within(c, v))  # type: ignore[misc]
    await store.write(lambda c: votes.forget_within(c, 2))
    assert votes.everything() == [others]
    await store.write(lambda c: c.execute(text("UPDATE votes SET changed_at = 0")))
    await store.write(votes.prune_within)
    assert votes.everything() == []
