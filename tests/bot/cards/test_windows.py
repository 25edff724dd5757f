"""Which part of a long text is shown, and where it is cut."""

from itertools import pairwise

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.cards.windows import clipped, parts_of, utf16_units, window
from index.types import Span
from tests.botapi.entities import utf16_length

CHARACTERS = ("a", "é", "e\u0301", "א", "👍🏽", "👩‍👩‍👧‍👦", "🇸🇾", "门", " ", "\n", "<", "&")
LONG = 128  # longer than any word has to be to be kept whole

texts = st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=900).map("".join)


@st.composite
def texts_with_spans(draw: st.DrawFn) -> tuple[str, Span]:
    """Draw a text and any span of it, an empty one too."""
    text = draw(texts)
    start = draw(st.integers(0, len(text)))
    return text, Span(start, draw(st.integers(start, len(text))))


def boundaries(text: str) -> set[int]:
    """Return where characters, as people see them, begin and end."""
    return {0, *(match.end() for match in regex.finditer(r"\X", text))}


def is_well_cut(text: str, at: int) -> bool:
    """Tell whether a place parts words, or lies in what is too long for a word."""
    if at in {0, len(text)} or text[at].isspace() or text[at - 1].isspace():
        return True
    head, tail = regex.search(r"\S*$", text[:at]), regex.match(r"\S*", text[at:])
    assert head is not None
    assert tail is not None
    return utf16_units(head[0] + tail[0]) > LONG


@given(drawn=texts_with_spans(), units=st.integers(200, 600))
@settings(deadline=None)
def test_a_window_is_around_its_highlight(drawn: tuple[str, Span], units: int) -> None:
    """It is short enough, holds the highlight if that is, and cuts no word and no character."""
    text, highlight = drawn
    shown = window(text, highlight, units)
    assert utf16_units(text[slice(*shown)]) <= units
    if utf16_units(text) <= units:
        assert shown == Span(0, len(text))
        return
    assert set(shown) <= boundaries(text)
    if utf16_units(text[slice(*highlight)]) <= units - 64:
        assert shown.start <= highlight.start
        assert highlight.end <= shown.end
        if text[slice(*shown)].strip():
            assert is_well_cut(text, shown.start) or shown.start == highlight.start
            assert is_well_cut(text, shown.end) or shown.end >= highlight.end


@given(drawn=texts_with_spans(), units=st.integers(200, 600))
@settings(deadline=None)
def test_a_long_text_is_read_through_in_parts(drawn: tuple[str, Span], units: int) -> None:
    """Every character that is no space is in one part, in order, and none is too long."""
    text, highlight = drawn
    parts, first = parts_of(text, highlight, units)
    assert parts[first] == window(text, highlight, units)
    assert "".join("".join(text[slice(*part)].split()) for part in parts) == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(parts))
    for part in parts:
        assert utf16_units(text[slice(*part)]) <= units
        assert set(part) <= boundaries(text)


def test_words_are_not_cut() -> None:
    """A window of 200 units around the middle of 200 words of 4 letters shows whole ones."""
    text = " ".join(["word"] * 200)
    shown = window(text, Span(500, 504), 200)
    assert shown == Span(405, 604)
    assert text[slice(*shown)] == " ".join(["word"] * 40)


def test_what_is_not_parted_by_spaces_is_cut_between_characters() -> None:
    """A hundred families of eleven units each: eighteen of them go into 200 units."""
    text = "👩‍👩‍👧‍👦" * 100
    assert window(text, Span(0, 0), 200) == Span(0, 18 * 7)


def test_a_character_of_a_thousand_marks_is_cut() -> None:
    """What no screen can show must not make a message too long."""
    text = "a" + "\u0301" * 1000
    parts, first = parts_of(text, Span(0, 0), 200)
    assert first == 0
    assert "".join(text[slice(*part)] for part in parts) == text


def test_a_blank_text_has_a_window() -> None:
    """However blank it is, something of it is shown, and reading it ends."""
    parts, first = parts_of(" " * 1000, Span(0, 0), 200)
    assert (len(parts), first) == (1, 0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("two\n  lines", "two lines"),
        ("one two three four", "one two…"),
        ("x" * 20, "xxxxxxxxx…"),
        ("👍🏽" * 5, "👍🏽👍🏽…"),
    ],
)
def test_a_field_is_one_line_and_short(text: str, shown: str) -> None:
    """What is left out at its end is marked, and no word or character is cut."""
    assert clipped(text, 10) == shown
    assert utf16_units(shown) <= 10


@given(st.text())
def test_units_are_those_of_telegram(text: str) -> None:
    """A length is counted in UTF-16 units, as the server counts it."""
    assert utf16_units(text) == utf16_length(text)
