"""What votes confirm, and where they conflict."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.memory.votes import Quoted, Vote
from bot.people.judging import Judgement, judged
from index.types import Span, Verdict

PASSAGES = st.sampled_from(["p1", "p2", "p3"]).map(
    lambda passage_id: Quoted(passage_id=passage_id, highlight=Span(0, 5))
)
FIRST = Quoted(passage_id="p1", highlight=Span(0, 5))
SECOND = Quoted(passage_id="p2", highlight=Span(3, 9))


def vote(question: str = "was it?", **changes: Any) -> Vote:
    """Return a thumb up for the first hit, unless told otherwise."""
    given: dict[str, Any] = {
        "card_id": "c",
        "user_id": 1,
        "asker_id": 1,
        "question": question,
        "verdict": Verdict.ANSWERED,
        "is_up": True,
        "judged": FIRST,
        "is_first": True,
    }
    return Vote(**(given | changes))


DOWN: dict[str, Any] = {"is_up": False}


def test_a_thumb_up_confirms_the_first_hit_of_an_answer() -> None:
    """That of a closest passage, of a later hit, or of several side by side doesn't."""
    assert judged([vote()]) == ([Judgement(question="was it?", quotes=(FIRST,))], [])
    for changes in (
        {"verdict": Verdict.UNSURE},
        {"is_first": False, "judged": SECOND},
        {"judged": None},
    ):
        assert judged([vote(**changes)]) == ([], [])


def test_a_chosen_passage_is_right() -> None:
    """By whom the first one was not."""
    votes = [vote(**DOWN, right=SECOND)]
    assert judged(votes) == ([Judgement(question="was it?", quotes=(SECOND,))], [])


def test_what_was_asked_of_some_documents_says_nothing_of_all() -> None:
    """Neither confirms nor contradicts."""
    assert judged([vote(is_limited=True)]) == ([], [])
    assert judged([vote(), vote(**DOWN, is_limited=True)])[1] == []


def test_none_of_them_makes_a_question_without_an_answer() -> None:
    """The documents don't answer it."""
    votes = [vote(**DOWN, is_none_right=True)]
    assert judged(votes) == ([Judgement(question="was it?", quotes=())], [])


def test_a_thumb_down_alone_confirms_nothing() -> None:
    """Nobody knows what was wrong."""
    assert judged([vote(**DOWN)]) == ([], [])


def test_the_same_question_is_one() -> None:
    """White space and case aside; each passage that somebody confirmed may be the right one."""
    votes = [
        vote("Was it?"),
        vote("was  it? ", card_id="d"),
        vote("was it?", card_id="e", judged=None, right=SECOND),
    ]
    assert judged(votes) == ([Judgement(question="Was it?", quotes=(FIRST, SECOND))], [])


def test_votes_that_conflict_are_named() -> None:
    """One says that a passage is right and another that it is not, or that none is."""
    for other in (DOWN, {**DOWN, "right": SECOND}, {**DOWN, "is_none_right": True}):
        votes = [vote(), vote("WAS it?", user_id=2, **other), vote("why?")]
        assert judged(votes) == ([Judgement(question="why?", quotes=(FIRST,))], ["was it?"])
    votes = [vote(**DOWN, right=SECOND), vote(**DOWN, user_id=2, is_none_right=True)]
    assert judged(votes) == ([], ["was it?"])


@given(
    st.lists(
        st.builds(
            vote,
            st.sampled_from(["was it?", "why?"]),
            is_up=st.booleans(),
            judged=st.none() | PASSAGES,
            is_first=st.booleans(),
            right=st.none() | PASSAGES,
            is_none_right=st.booleans(),
        )
    )
)
def test_nobody_contradicts_what_is_exported(votes: list[Vote]) -> None:
    """Whatever people press, in whatever order: what one calls wrong no line calls right."""
    judgements, conflicts = judged(votes)
    questions = [each.question for each in judgements]
    assert len({*questions, *conflicts}) == len(questions) + len(conflicts)
    for each in judgements:
        about = [one for one in votes if one.question == each.question]
        wrong = {one.judged for one in about if not one.is_up}
        assert wrong.isdisjoint(each.quotes)
        assert not (each.quotes and any(one.is_none_right for one in about))
    backwards, _ = judged(votes[::-1])
    assert {each.question: {*each.quotes} for each in backwards} == {
        each.question: {*each.quotes} for each in judgements
    }
