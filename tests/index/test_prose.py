"""What prose looks like."""

import pytest

from index.prose import ends_sentence


@pytest.mark.parametrize(
    "line",
    [
        "The gate was open.",
        "Was it?",
        "Shut it!",
        "He paused…",
        "He said:",
        "He said “shut it.”",
        "He said 'shut it.'",
        "(The gate was open.)",
        "The gate was open. ",
        "The gate was open.12",
        "The gate was open.”3",
        "門は開いていた。",
        "門は開いていた。」",
        "द्वार खुला था।",
        "هل كان الباب مفتوحا؟",
        "በሩ ክፍት ነበር።",
    ],
)
def test_a_sentence_ends_with_its_mark(line: str) -> None:
    """Marks of any script end a sentence; closing quotes and note numbers may follow."""
    assert ends_sentence(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "The gate",
        "The gate, which was",
        "'Dozens seen at the gate'",
        "1. The gate",
        "The gate. And then",
        "(photo credit: REUTERS)",
        "Gate 12",
    ],
)
def test_other_lines_end_otherwise(line: str) -> None:
    """A headline, a half sentence or a list entry has no mark at its end."""
    assert not ends_sentence(line)


@pytest.mark.parametrize(
    "line", ["What is new in Python 3.11", "Doors open at 10:30", "Gates 2.0"]
)
def test_a_point_within_a_number_ends_no_sentence(line: str) -> None:
    """A decimal point or the colon of a time of day is not a sentence's mark."""
    assert not ends_sentence(line)


def test_only_the_end_of_a_long_line_is_looked_at() -> None:
    """A mark far before the end of the line counts for nothing, however long the line is."""
    assert not ends_sentence("The gate was open. " + "and " * 1000)
    assert ends_sentence("and " * 1000 + "so on.")
