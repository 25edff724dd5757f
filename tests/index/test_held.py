"""Which golden questions' quotes stand in the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.golden import GoldenQuestion
from index.held import held
from tests.index.made import document, make

if TYPE_CHECKING:
    from pathlib import Path

    from index.generation import Generation

GATE = document("gate.txt", "The guard closed the old gate.", "Cats sleep in the orangery.")
WELL = document("well.txt", "The well behind the mill gives cold water.")


@pytest.fixture
def before(tmp_path: Path) -> Generation:
    """Return a generation of one document."""
    return make(tmp_path / "before", GATE)


def question(text: str, *quotes: str) -> GoldenQuestion:
    """Return a golden question."""
    return GoldenQuestion(question=text, quotes=quotes)


@pytest.mark.parametrize(
    ("quotes", "expected"),
    [
        (["The guard closed"], True),
        (["the guard closed"], False),
        (["nowhere", "old gate"], True),
        (["the orange"], True),  # no word of the passage, and yet it stands there
        (["behind the mill"], False),
    ],
)
def test_a_quote_stands_where_its_very_characters_do(
    before: Generation, quotes: list[str], *, expected: bool
) -> None:
    """Whichever words they cut."""
    assert held([question("q", *quotes)], before, None, ()) == [expected]


def test_of_what_was_absent_only_new_documents_are_read(
    before: Generation, tmp_path: Path
) -> None:
    """They were looked through before; the others are looked for everywhere."""
    now = make(tmp_path / "now", GATE, WELL)
    questions = [question("a", "gives cold wat"), question("b", "nowhere"), question("c", "gate")]
    assert held(questions, now, before, {"a", "b"}) == [True, False, True]
    assert held(questions, now, None, {"a", "b"}) == [True, False, True]
    assert held([question("a", "the orange")], now, now, {"a"}) == [False]
