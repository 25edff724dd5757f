"""The dates that an English sentence states, as far as it states them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PartialDate", "dates_of", "do_dates_differ", "weekdays_of"]

_MONTH_NAMES = (
    "january february march april may june july august september october november december"
).split()
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTH_NAMES) + "|sept"
_YEAR = r"(?:1[0-9]{3}|20[0-9]{2})"
_DAY = r"(?:0?[1-9]|[12][0-9]|3[01])(?:st|nd|rd|th)?"
_CUE = (
    r"(?:about|after|around|before|by|circa|during|early|fall|from|in|late|mid|of|since|spring|"
    r"summer|till|to|until|winter|autumn|year)"
)
_DATE = re.compile(
    rf"""
    \b(?P<iso>{_YEAR}-\d\d(?:-\d\d)?)\b
  | \b(?P<day>{_DAY})\s+(?:of\s+)?(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>{_YEAR})\b)?
  | \b(?P<month2>{_MONTH})\b\.?\s+(?P<day2>{_DAY})\b(?:,?\s+(?P<year2>{_YEAR})\b)?
  | \b(?P<month3>{_MONTH})\b\.?,?\s+(?P<year3>{_YEAR})\b
  | (?:\b(?:in|since|until|by|during|last|of)\s+)(?P<month4>{_MONTH})\b(?!\s+\d)
  | \b(?P<decade>{_YEAR})['’]?s\b
  | \b(?P<century>\d\d?)(?:st|nd|rd|th)[\s-]century\b
  | (?:\b{_CUE}[\s-]|\()(?P<year4>{_YEAR})\b(?!\s*(?:%|percent\b)|[,.]\d)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A year, from `first_year` to `last_year`, a month and a day; None for what is not said."""

    span: Span
    first_year: int | None = None
    last_year: int | None = None
    month: int | None = None
    day: int | None = None


def dates_of(sentence: str) -> list[PartialDate]:
    """Return the dates of a sentence in order; days of the week are none."""
    return list(_stated(sentence))


def weekdays_of(sentence: str) -> frozenset[str]:
    """Return the days of the week that a sentence names."""
    return frozenset(match[0].lower() for match in _WEEKDAY.finditer(sentence))


def do_dates_differ(one: PartialDate, other: PartialDate) -> bool:
    """Whether they can't be the same day: some part that both state is not the same."""
    if None not in {one.first_year, other.first_year}:
        mine, its = (one.first_year, one.last_year), (other.first_year, other.last_year)
        if max(mine[0] or 0, its[0] or 0) > min(mine[1] or 0, its[1] or 0):
            return True
    if None in {one.month, other.month}:
        return False
    return one.month != other.month or (None not in {one.day, other.day} and one.day != other.day)


def _stated(sentence: str) -> Iterator[PartialDate]:
    for match in _DATE.finditer(sentence):
        found = {name: text for name, text in match.groupdict().items() if text is not None}
        parts = {name.rstrip("234"): text for name, text in found.items()}
        names = list(found)
        span = Span(min(map(match.start, names)), max(map(match.end, names)))
        if "iso" in parts:
            year, month, day = (*map(int, parts["iso"].split("-")), None)[:3]
            yield PartialDate(span=span, first_year=year, last_year=year, month=month, day=day)
        elif "decade" in parts:
            first = int(parts["decade"])
            yield PartialDate(span=span, first_year=first, last_year=first + _length_of(first))
        elif "century" in parts:
            last = 100 * int(parts["century"])
            yield PartialDate(span=span, first_year=last - 99, last_year=last)
        else:
            year = int(parts["year"]) if "year" in parts else None
            yield PartialDate(
                span=span,
                first_year=year,
                last_year=year,
                month=_month(parts["month"]) if "month" in parts else None,
                day=int(re.sub(r"\D", "", parts["day"])) if "day" in parts else None,
            )


def _length_of(first: int) -> int:
    """Return how many years follow the first of "the 1990s" or of "the 1900s"."""
    return 99 if first % 100 == 0 else 9


def _month(name: str) -> int:
    return next(
        number
        for number, month in enumerate(_MONTH_NAMES, 1)
        if month.startswith(name[:3].lower())
    )
