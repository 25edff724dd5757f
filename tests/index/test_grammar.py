"""The small words of each language."""

import pytest

from index.grammar import grammar_of, grammars


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("when was he born?", "en"),
        ("ومتى؟", "ar"),
        ("متى بني الجسر في وادي سليم؟", "ar"),
        ("Harmoush", "en"),
        ("", "en"),
    ],
)
def test_a_question_is_read_by_the_grammar_that_knows_most_of_it(
    question: str, language: str
) -> None:
    """English where none knows any."""
    assert grammar_of(question).language == language


def test_english_and_arabic_are_there() -> None:
    """Each from a file of its own."""
    assert [grammar.language for grammar in grammars()] == ["ar", "en"]


def test_longer_openings_are_tried_first() -> None:
    """Else "and what about Hama" would be about "what about Hama"."""
    openings = grammar_of("what about it").openings
    assert openings.index(("and", "what", "about")) < openings.index(("and",))
