"""What number or date a question asks for."""

import pytest

from index.sought import DATE, base_terms, sought_by
from index.units import COUNT


@pytest.mark.parametrize(
    ("question", "kinds", "counted", "terms"),
    [
        ("how many people were killed in Hama", {COUNT}, "peopl", {"peopl", "kill", "hama"}),
        ("What number of ships sank?", {COUNT}, "ship", {"ship", "sink"}),
        ("how many kilometres is the Corrib long", {"length"}, None, {"corrib", "long"}),
        ("how long is the Corrib", {"length", "time"}, None, {"corrib"}),
        ("how old is Ana Lund", {"time"}, None, {"ana", "lund"}),
        ("how much does it weigh", {"mass", "pounds"}, None, {"weigh"}),
        ("what is the population of Tarrow", {COUNT}, None, {"popul", "tarrow"}),
        ("What percentage of voters backed Marlow?", {"share"}, None, {"voter", "back", "marlow"}),
        ("When did the ferry sink?", {DATE}, None, {"ferri", "sink"}),
        ("in what year did the line open", {DATE}, None, {"line", "open"}),
    ],
)
def test_questions_for_numbers_and_dates_are_known(
    question: str, kinds: set[str], counted: str | None, terms: set[str]
) -> None:
    """With what is counted, and what it is about."""
    sought = sought_by(question)
    assert sought is not None
    assert sought.kinds == kinds
    assert sought.counted == counted
    assert set(sought.terms) == terms


@pytest.mark.parametrize(
    "question",
    [
        "who was killed when the bridge fell",
        "why did 300 people flee",
        "how many of the men fled",
        "how many more died",
        "where is Hama",
        "",
    ],
)
def test_other_questions_ask_for_none(question: str) -> None:
    """Then nothing is compared."""
    assert sought_by(question) is None


def test_irregular_verbs_meet() -> None:
    """What sank did sink."""
    assert base_terms("it sank") == base_terms("did it sink") == ["sink"]
