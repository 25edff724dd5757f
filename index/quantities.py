"""The quantities that an English sentence states: numbers in digits or words, with their units.

A quantity is an interval, since a text says "about 300", "more than 300" or "between 200 and 300",
and rounds: two quantities differ only where their intervals have nothing in common.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.types import Span
from index.units import COUNT, SIGNS, UNIT_PATTERN, unit_named

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Quantity", "do_quantities_differ", "quantities_of"]

_SMALL = {
    word: value
    for value, word in enumerate(
        """
        zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
        fifteen sixteen seventeen eighteen nineteen
        """.split()
    )
} | {
    word: 10 * tens
    for tens, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALE = {
    "hundred": 100.0,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
    "dozen": 12.0,
}
_SHORT_SCALE = {"k": 1e3, "m": 1e6, "bn": 1e9, "b": 1e9}
_VAGUE = {
    "dozens": (24.0, 144.0),
    "hundreds": (200.0, 2e3),
    "thousands": (2e3, 2e4),
    "tens of thousands": (2e4, 2e5),
    "hundreds of thousands": (2e5, 2e6),
    "millions": (2e6, 2e9),
}
_FRACTIONS = {
    "half": 1 / 2,
    "a third": 1 / 3,
    "one third": 1 / 3,
    "two thirds": 2 / 3,
    "a quarter": 1 / 4,
    "one quarter": 1 / 4,
    "three quarters": 3 / 4,
    "a fifth": 1 / 5,
    "a tenth": 1 / 10,
}
_VAGUE_WORDS = "|".join(sorted(_VAGUE, key=len, reverse=True)).replace(" ", r"\s+")
_WORDS = "|".join(sorted({*_SMALL, *_SCALE}, key=len, reverse=True))
_NUMBER = re.compile(
    rf"""
    (?<![\w.,:/])(?<![A-Za-z]-)
    (?:
        (?P<vague>{_VAGUE_WORDS})\b
      | (?P<fraction>{"|".join(name.replace(" ", "[ -]") for name in _FRACTIONS)})\b
      | (?:US)?(?P<sign>[$€£¥])?\s?
        (?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:\.\d+)?)
        (?![\d:]|[.,/]\d|(?:st|nd|rd|th)\b)
        (?:\s?(?P<scale>hundred|thousand|million|billion|trillion)\b
          |(?<=\d)(?P<short>(?:k|m|bn|b)\b))?
      | (?P<words>(?:an?\s+(?:few\s+)?(?=hundred|thousand|million|billion|trillion|dozen))?
        (?:{_WORDS})\b(?:[\s-]+(?:and\s+)?(?:{_WORDS})\b)*)
      | (?P<one>an?(?=\s(?:day|week|month|year|decade|mile|ton|tonne|kilo)\b))
    )
    (?:[\s-]?(?P<unit>{UNIT_PATTERN})(?!\w))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:more than|over|at least|above|no (?:fewer|less) than|exceed(?:s|ed|ing)?)\s+$"
)
_LESS = re.compile(
    r"\b(?:(?:less|fewer) than|under|up to|at most|no more than|as (?:many|much) as)\s+$"
)
_ABOUT = re.compile(
    r"\b(?:about|almost|approximately|around|circa|close to|estimated|nearly|roughly|some)\s+$"
)
_OR_MORE = re.compile(r"^\s*(?:or more|plus\b|\+)")
_OR_SO = re.compile(r"^(?:-odd|\s+or so)\b")
_PART_BEFORE = re.compile(
    r"\b(?:additional|among them|another|by|extra|first|from|further|includ(?:ing|es)|last|next|"
    r"of (?:which|whom|these|those|them)|other|remaining)\s+(?:(?:about|over|some|at least)\s+)?$"
)
_PART_AFTER = re.compile(r"^\s+(?:more|others?|of (?:the|its|their|them|these|those|his|her))\b")
_RANGE = re.compile(r"^\s*(?:-|–|—|to|or)\s*$|^\s+and\s+$")
_BETWEEN = re.compile(r"\bbetween\s+$")
_SUM = re.compile(r"^\s*(?:,|and)?\s*$")

_ROUNDING = 0.05
_ABOUT_SPREAD = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """What lies from `low` to `high`, in the base unit of its `kind`; `span` is where it stands.

    `factor` is its unit's, by which a rounded value was converted. `is_part` says that it counts
    only what comes on top, or a part, or a change: "another 20", "20 of the", "by 20".
    """

    span: Span
    low: float
    high: float
    kind: str
    factor: float
    is_part: bool


def quantities_of(sentence: str) -> list[Quantity]:
    """Return the quantities of a sentence in order; a range or sum ("5 feet 3 inches") is one."""
    found: list[Quantity] = []
    for quantity in _stated(sentence):
        joined = _joined(sentence, found[-1], quantity) if found else None
        if joined is None:
            found.append(quantity)
        else:
            found[-1] = joined
    return found


def do_quantities_differ(one: Quantity, other: Quantity) -> bool:
    """Whether they can't both be right; quantities of different kinds say nothing."""
    if one.kind != other.kind:
        return False
    slack = _ROUNDING if one.factor != other.factor else 0.0
    return one.high * (1 + slack) < other.low or other.high * (1 + slack) < one.low


def _stated(sentence: str) -> Iterator[Quantity]:
    lowered = sentence.lower()
    for match in _NUMBER.finditer(sentence):
        value, step = _value(match)
        kind, factor = _unit(match)
        before, after = lowered[: match.start()], lowered[match.end() :]
        low, high = value - step, value + step
        if match["vague"]:
            low, high = _VAGUE[" ".join(match["vague"].lower().split())]
        elif _MORE.search(before) or _OR_MORE.search(after):
            low, high = value, math.inf
        elif _LESS.search(before):
            low, high = 0.0, value
        elif _ABOUT.search(before) or _OR_SO.search(after):
            low, high = value * (1 - _ABOUT_SPREAD), value * (1 + _ABOUT_SPREAD)
        yield Quantity(
            span=Span(*match.span()),
            low=low * factor,
            high=high * factor,
            kind=kind,
            factor=factor,
            is_part=kind != "share"
            and bool(_PART_BEFORE.search(before) or _PART_AFTER.search(after)),
        )


def _value(match: re.Match[str]) -> tuple[float, float]:
    """Return the number, and how far from it what was rounded to it may lie."""
    if match["fraction"]:
        value = _FRACTIONS[re.sub("[ -]", " ", match["fraction"].lower())]
        return value, value * _ROUNDING
    if match["one"]:
        return 1.0, 0.0
    if match["digits"] is None:
        value = _from_words(match["words"] or "")
        step = 10.0 ** _trailing_zeros(value) / 2 if _trailing_zeros(value) else 0.0
        return value, min(step, _ROUNDING * value)
    digits = match["digits"].replace(",", "")
    scale = _SCALE.get((match["scale"] or "").lower(), 1.0)
    scale *= _SHORT_SCALE.get((match["short"] or "").lower(), 1.0) if match["sign"] else 1.0
    value = float(digits) * scale
    decimals = len(digits.partition(".")[2])
    place = 10.0**-decimals * scale if decimals else 10.0 ** _trailing_zeros(value)
    return value, min(place / 2, _ROUNDING * value) if place != 1 else 0.0


def _trailing_zeros(value: float) -> int:
    digits = str(int(value))
    return len(digits) - len(digits.rstrip("0")) if value else 0


def _from_words(text: str) -> float:
    """Return the number that words say: "two thousand three hundred and four"."""
    total = current = 0.0
    for word in re.findall(r"[a-z]+", text.lower()):
        if word in _SMALL:
            current += _SMALL[word]
        elif word in {"hundred", "dozen"}:
            current = (current or 1) * _SCALE[word]
        elif word in _SCALE:
            total += (current or 1) * _SCALE[word]
            current = 0.0
    return total + current


def _unit(match: re.Match[str]) -> tuple[str, float]:
    if match["sign"]:
        return SIGNS[match["sign"]], 1.0
    if match["fraction"]:
        return "share", 1.0
    if match["short"]:  # "12m" without a sign: metres
        return unit_named(match["short"])
    return unit_named(match["unit"] or "")


def _joined(sentence: str, one: Quantity, other: Quantity) -> Quantity | None:
    """Return what two neighbours are together, None where they are two."""
    between = sentence[one.span.end : other.span.start].lower()
    before = sentence[: one.span.start].lower()
    span = Span(one.span.start, other.span.end)
    is_range = _RANGE.match(between) and one.kind in {COUNT, other.kind}
    if is_range and ("and" not in between or _BETWEEN.search(before)):
        unit = other.factor if one.kind == COUNT else 1.0  # "200 to 300 km"
        return replace(other, span=span, low=one.low * unit, is_part=one.is_part or other.is_part)
    is_sum = one.kind == other.kind != COUNT and one.factor > other.factor
    if is_sum and _SUM.match(between):
        return replace(one, span=span, low=one.low + other.low, high=one.high + other.high)
    return None
