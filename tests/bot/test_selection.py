"""Which hits and titles a person is shown."""

import pytest

from bot.selection import closest_titles, hits_to_show
from index.types import Hit, Source, Verdict
from tests.bot.samples import make_answer, make_hit


def hits_scored(*scores: float) -> list[Hit]:
    """Return hits with these scores, ranked in this order."""
    return [make_hit(rank=rank, score=score) for rank, score in enumerate(scores, 1)]


@pytest.mark.parametrize(
    ("scores", "shown"),
    [
        ([0.8], 1),
        ([9.0, 6.7, 6.69], 2),
        ([0.8, 0.8, 0.8], 3),
        ([-1.0, -3.4], 1),
        ([0.0, 0.0], 2),
    ],
)
def test_hits_far_behind_the_first_are_left_out(scores: list[float], shown: int) -> None:
    """When answered, a hit at most 2.3 behind the first (a tenth as likely) is shown."""
    hits = hits_scored(*scores)
    assert hits_to_show(make_answer(*hits)) == tuple(hits[:shown])


@pytest.mark.parametrize("score", [1.0, 0.0, -0.2])
def test_the_first_hit_of_an_answer_is_always_shown(score: float) -> None:
    """A cosine may be negative, and with ANSWERED_CONFIDENCE=0 it still answers."""
    [hit] = hits_scored(score)
    assert hits_to_show(make_answer(hit)) == (hit,)


def test_an_unsure_answer_shows_one() -> None:
    """When unsure, only the closest passage is worth reading."""
    hits = hits_scored(0.5, 0.5)
    assert hits_to_show(make_answer(*hits, verdict=Verdict.UNSURE)) == (hits[0],)


def test_a_refusal_shows_none() -> None:
    """When the documents hold no answer, no passage is quoted."""
    assert hits_to_show(make_answer(*hits_scored(0.2), verdict=Verdict.NO_ANSWER)) == ()


def test_titles_come_once_best_first_and_three_at_most() -> None:
    """The closest documents are named in the order of their best hits."""
    titles = ["B", "A", "B", "C", "A", "D"]
    hits = [
        make_hit(source=Source(title=title, path=f"seeds/{title}.txt"), rank=rank)
        for rank, title in enumerate(titles, 1)
    ]
    answer = make_answer(*hits, verdict=Verdict.NO_ANSWER)
    assert closest_titles(answer) == ["B", "A", "C"]
    assert closest_titles(make_answer(verdict=Verdict.NO_ANSWER)) == []
