"""Dates in sentences."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import dates_of, do_dates_differ, weekdays_of

_Parts = tuple[int | None, int | None, int | None, int | None]


def parts(text: str) -> list[_Parts]:
    """Return first year, last year, month and day of each date."""
    return [(each.first_year, each.last_year, each.month, each.day) for each in dates_of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("on 4 May 1790", (1790, 1790, 5, 4)),
        ("on May 4, 1790", (1790, 1790, 5, 4)),
        ("on the 4th of May, 1790", (1790, 1790, 5, 4)),
        ("on 1790-05-04", (1790, 1790, 5, 4)),
        ("on Sept. 3", (None, None, 9, 3)),
        ("in June 2011", (2011, 2011, 6, None)),
        ("in June", (None, None, 6, None)),
        ("in 1790", (1790, 1790, None, None)),
        ("(1790)", (1790, 1790, None, None)),
        ("in the 1990s", (1990, 1999, None, None)),
        ("in the 1900s", (1900, 1999, None, None)),
        ("in the 16th century", (1501, 1600, None, None)),
    ],
)
def test_a_date_says_what_it_says(text: str, expected: _Parts) -> None:
    """And leaves the rest open."""
    assert parts(text) == [expected]


@pytest.mark.parametrize(
    "text", ["they may march", "1500 people", "on Monday", "version 1790.2", "room 2011"]
)
def test_other_numbers_and_words_are_no_dates(text: str) -> None:
    """A year has a word before it that says so."""
    assert dates_of(text) == []


@pytest.mark.parametrize(
    ("one", "other", "is_different"),
    [
        ("12 June 2011", "2011-06-12", False),
        ("12 June 2011", "in June 2011", False),
        ("12 June 2011", "in 2011", False),
        ("12 June", "in 2011", False),
        ("12 June", "13 June 2011", True),
        ("in June", "in July 2011", True),
        ("in 2011", "in 2012", True),
        ("in 1994", "in the 1990s", False),
        ("in 1560", "in the 16th century", False),
        ("in 1612", "in the 16th century", True),
    ],
)
def test_dates_differ_in_a_part_that_both_state(
    one: str, other: str, *, is_different: bool
) -> None:
    """What only one of them states tells nothing."""
    ((mine,), (its,)) = dates_of(one), dates_of(other)
    assert do_dates_differ(mine, its) == is_different
    assert do_dates_differ(its, mine) == is_different


def test_days_of_the_week_are_read_apart() -> None:
    """They say nothing without the day of the article."""
    assert weekdays_of("On Monday, or on TUESDAY") == {"monday", "tuesday"}


@given(st.dates(dt.date(1000, 1, 1), dt.date(2099, 12, 31)))
def test_a_date_is_read_however_it_is_written(date: dt.date) -> None:
    """With the month before or after the day, short or long, or in figures."""
    expected = [(date.year, date.year, date.month, date.day)]
    for form in ("%-d %B %Y", "%B %-d, %Y", "%d %b %Y", "%Y-%m-%d"):
        assert parts(f"on {date.strftime(form)}") == expected


@given(st.text(alphabet="0123456789 -,mayjune()s", max_size=40) | st.text(max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    """Spans lie within, in order."""
    end = 0
    for date in dates_of(text):
        assert end <= date.span.start < date.span.end <= len(text)
        end = date.span.end
