"""Sources that state different numbers or dates for the same thing."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.disagreement import differing
from index.types import Answer, Hit, Span, Verdict
from tests.bot.samples import make_answer, make_hit
from tests.index.pairs import Pair, load_pairs

PAIRS = load_pairs(Path(__file__).parent.parent / "golden" / "disagreements.jsonl")
QUESTION = "how many soldiers defected with Colonel Aziz"


def hit(text: str, number: int, *, published: str | None = None, document: str = "") -> Hit:
    """Return a hit of a document of its own, all of it highlighted."""
    made = make_hit(text, Span(0, len(text)), rank=number)
    return replace(
        made,
        passage=replace(made.passage, document_id=document or f"d{number}"),
        source=replace(made.source, published=published),
    )


def said(*numbers: str, dates: tuple[str | None, ...] = ()) -> Answer:
    """Return an answer whose hits state these numbers."""
    hits = [
        hit(f"Colonel Aziz defected with {number} soldiers.", at, published=date)
        for at, (number, date) in enumerate(
            zip(numbers, dates or (None,) * len(numbers), strict=True), 1
        )
    ]
    return make_answer(*hits, question=QUESTION)


def ranks(answer: Answer) -> list[int]:
    """Return the ranks of the hits that differ."""
    return [each.rank for each in differing(answer)]


@pytest.mark.parametrize("half", ["tuning", "judging"])
def test_no_pair_that_agrees_is_said_to_differ(half: str) -> None:
    """A false "sources differ" is worse than a missed one."""
    agreeing = [pair for pair in PAIRS if pair.half == half and not pair.is_different]
    assert [pair.answer.question for pair in agreeing if differing(pair.answer)] == []


def test_most_pairs_that_differ_are_found() -> None:
    """All that the rules were made on, and 11 of 15 others."""
    found = Counter(pair.half for pair in PAIRS if pair.is_different and differing(pair.answer))
    assert found["tuning"] == 15
    assert found["judging"] >= 11


@pytest.mark.parametrize("pair", PAIRS, ids=range(len(PAIRS)))
def test_the_order_of_the_hits_does_not_matter(pair: Pair) -> None:
    """Either both ways or not at all."""
    turned = replace(pair.answer, hits=pair.answer.hits[::-1])
    assert set(differing(turned)) == set(differing(pair.answer))


def test_the_newest_comes_first_and_the_undated_last() -> None:
    """Whatever their ranks; a month may be its first day."""
    answer = said("10", "20", "40", "80", dates=("2010", None, "2011-06-12", "2011-06"))
    assert ranks(answer) == [3, 4, 1, 2]


def test_each_value_is_shown_once() -> None:
    """By the best hit that states it."""
    assert ranks(said("150", "300", "three hundred", "about 150")) == [1, 2]


def test_without_the_first_hit_nothing_differs() -> None:
    """If that states nothing, the others don't contradict the answer."""
    answer = said("150", "300")
    other = hit("Colonel Aziz defected with his soldiers.", 1)
    assert ranks(replace(answer, hits=(other, *answer.hits))) == []


def test_one_document_does_not_differ_from_itself() -> None:
    """It may tell what came first and what came then."""
    answer = said("150", "300")
    first, second = answer.hits
    same = replace(second, passage=replace(second.passage, document_id=first.passage.document_id))
    assert ranks(answer) == [1, 2]
    assert ranks(replace(answer, hits=(first, same))) == []


def test_only_the_highlighted_sentences_are_compared() -> None:
    """The rest of a passage may be about anything."""
    answer = said("150", "300")
    first, second = answer.hits
    text = f"{second.passage.text} Nobody knows."
    start = len(second.passage.text) + 1
    other = replace(
        second, passage=replace(second.passage, text=text), highlight=Span(start, len(text))
    )
    assert ranks(replace(answer, hits=(first, other))) == []


def test_an_unsure_answer_may_differ_and_no_answer_does_not() -> None:
    """Where nothing is shown as an answer there is nothing to contradict."""
    answer = said("150", "300")
    assert ranks(replace(answer, verdict=Verdict.UNSURE)) == [1, 2]
    assert ranks(replace(answer, verdict=Verdict.NO_ANSWER)) == []
    assert differing(replace(answer, hits=())) == ()


def test_a_followup_asks_for_what_it_was_understood_as() -> None:
    """By itself it says nothing of Colonel Aziz; what was searched for does."""
    answer = replace(said("150", "300"), question="how many soldiers defected?")
    assert ranks(answer) == [1, 2]
    assert ranks(replace(answer, query=answer.question)) == []


@pytest.mark.parametrize(
    "other",
    [
        "Colonel Rami defected with 300 soldiers.",
        "Colonel Aziz arrived with 300 soldiers.",
        "Colonel Aziz defected with 300 officers.",
        "Colonel Aziz defected with 300 young soldiers.",
        "Colonel Aziz never defected with 300 soldiers.",
        "Colonel Aziz Khan defected with 300 soldiers.",
        "Colonel Aziz defected with 300 soldiers in 1999.",
        "Colonel Aziz defected with soldiers; 300 soldiers stayed.",
        "Colonel Aziz defected with 150 or 300 soldiers.",
    ],
)
def test_another_thing_is_not_the_same(other: str) -> None:
    """Another name, verb, noun, kind, time or clause; or no contradiction."""
    first = said("150").hits[0]
    assert ranks(make_answer(first, hit(other, 2), question=QUESTION)) == []


@given(
    question=st.sampled_from([QUESTION, "when did Aziz defect", "how old is Aziz"])
    | st.text(max_size=40),
    texts=st.lists(
        st.lists(
            st.sampled_from(
                ["Aziz", "defected", "in", "1999", "2001", "with", "3", "90", "soldiers"]
            )
            | st.text(min_size=1, max_size=8),
            min_size=1,
            max_size=9,
        ).map(" ".join),
        max_size=4,
    ),
)
def test_whatever_is_asked_the_first_hit_and_other_documents_are_returned(
    question: str, texts: list[str]
) -> None:
    """None, or two and more of the answer's own hits."""
    hits = [hit(text, at) for at, text in enumerate(texts, 1)]
    found = differing(make_answer(*hits, question=question))
    assert len(found) != 1
    assert set(found) <= set(hits)
    assert not found or hits[0] in found
