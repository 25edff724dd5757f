"""Where a question is asked."""

import pytest

from index.queries import Query, Scope, Turn, days_of
from index.types import Verdict
from tests.bot.samples import make_answer, make_hit


def test_a_question_is_asked_of_everything_unless_said_otherwise() -> None:
    """Each bound makes a scope less than everything, even one that nothing fits."""
    assert Query(text="why?").scope.is_everything
    assert not Scope(documents=frozenset()).is_everything
    assert not Scope(after="2011").is_everything
    assert not Scope(before="2011").is_everything


@pytest.mark.parametrize(
    ("date", "days"),
    [
        ("2011", (20110101, 20111231)),
        ("2011-06", (20110601, 20110631)),
        ("2011-06-12", (20110612, 20110612)),
        ("2011-06-12T10:30:00Z", (20110612, 20110612)),
        ("0987", (9870101, 9871231)),
        (None, (0, 99999999)),
    ],
)
def test_a_date_is_its_first_and_last_day(date: str | None, days: tuple[int, int]) -> None:
    """A year or a month may be any of its days, and no date any day at all."""
    assert days_of(date) == days


def test_a_turn_keeps_of_an_answer_what_was_shown() -> None:
    """Of a refusal nothing was."""
    answer = make_answer(make_hit(), question="why?")
    assert Turn.from_answer(answer) == Turn(query="why?", passages=(make_hit().passage.id,))
    refused = make_answer(make_hit(), question="why?", verdict=Verdict.NO_ANSWER)
    assert Turn.from_answer(refused) == Turn(query="why?")
