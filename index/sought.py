"""What number or date an English question asks for, and of what."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.analysis import Analyser, fold, word_matches
from index.units import COUNT, unit_named

__all__ = ["DATE", "Sought", "base_terms", "sought_by"]

DATE = "date"
"""The kind of what "when" asks for, among the kinds of quantities."""

_MONEY = frozenset({"money dollar", "money euro", "money pound", "money yen", "pounds"})
_LENGTH = frozenset({"length"})
_TALL, _LONG = frozenset({"tall", "high", "height"}), frozenset({"long", "length"})
_WIDE, _DEEP = frozenset({"wide", "width"}), frozenset({"deep", "depth"})
_HOW = {
    "old": frozenset({"time"}),
    "long": frozenset({"time", "length"}),
    "far": _LENGTH,
    "tall": _LENGTH,
    "high": _LENGTH,
    "deep": _LENGTH,
    "wide": _LENGTH,
    "fast": frozenset({"speed"}),
    "heavy": frozenset({"mass", "pounds"}),
}
_OF = {
    **dict.fromkeys("percentage percent proportion share fraction".split(), frozenset({"share"})),
    **dict.fromkeys("price cost".split(), _MONEY),
    **dict.fromkeys("length height depth width distance".split(), _LENGTH),
    "population": frozenset({COUNT}),
    "weight": frozenset({"mass", "pounds"}),
    "speed": frozenset({"speed"}),
    "temperature": frozenset({"degrees"}),
    "age": frozenset({"time"}),
}
_SAID_BY_UNIT = frozenset(_OF) - {"population", "cost", "distance", "temperature"}
_HOW_MANY = re.compile(
    r"\b(?:how many|(?:what|which)(?: \w+){0,2} number of)\s+(\w+)", re.IGNORECASE
)
_HOW_MUCH = re.compile(r"\bhow much\b", re.IGNORECASE)
_HOW_ADJECTIVE = re.compile(rf"\bhow ({'|'.join(_HOW)})\b", re.IGNORECASE)
_WHAT = re.compile(rf"\b(?:what|which)(?:\s+\w+){{0,3}}?\s+({'|'.join(_OF)})\b", re.IGNORECASE)
_WHEN = re.compile(r"^\W*(?:(?:and|but|so|since|until)\s+)?when\b", re.IGNORECASE)
_WHAT_DATE = re.compile(
    r"\b(?:what|which)\s+(year|date|day|month|century|decade)\b", re.IGNORECASE
)
_NOT_ALL = {"more", "of", "other", "times"}
_GENERAL = frozenset({"place", "happen", "take", "estim", "total", "date", "year", "day", "month"})

# So that "did it sink" meets "it sank"; what Snowball does not know.
_IRREGULAR = dict(
    pair.split(":")
    for pair in """
    became:become began:begin begun:begin born:birth bought:buy broke:break built:build came:come
    caught:catch chose:choose died:death dies:death die:death drew:draw drove:drive fell:fall
    fallen:fall fled:flee flew:fly fought:fight found:find gave:give given:give grew:grow held:hold
    kept:keep laid:lay led:lead left:leave lost:lose made:make met:meet paid:pay ran:run rose:rise
    sang:sing sank:sink sat:sit sent:send shot:shoot sold:sell spent:spend spoke:speak stood:stand
    struck:strike sunk:sink swam:swim taken:take taught:teach threw:throw took:take weight:weigh
    went:go won:win wore:wear wrote:write written:write
    """.split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The kinds of value that may answer, what is counted, and the terms of what it is about.

    One of `dimension` has to be near a length. `said` are all words of the question, folded.
    """

    kinds: frozenset[str]
    counted: str | None
    terms: tuple[str, ...]
    dimension: frozenset[str]
    said: frozenset[str]


def sought_by(question: str) -> Sought | None:
    """Return what the question asks for; None where that is no number and no date."""
    kinds: frozenset[str]
    counted = None
    left_out: set[str] = set()
    dimension: frozenset[str] = frozenset()
    if match := _HOW_MANY.search(question):
        word = match[1].lower()
        unit, _ = unit_named(word)
        kinds = frozenset({unit})
        if word in _NOT_ALL:
            return None
        left_out = {"number"} if unit == COUNT else {"number", *base_terms(word)}
        counted = next(iter(base_terms(word)), None) if unit == COUNT else None
    elif match := _HOW_ADJECTIVE.search(question):
        kinds, left_out = _HOW[match[1].lower()], set(base_terms(match[1]))
        dimension = _dimension_of(match[1].lower())
    elif _HOW_MUCH.search(question):
        weighs = "weigh" in base_terms(question)
        kinds = frozenset({"mass", "pounds"}) if weighs else _MONEY
    elif match := _WHAT.search(question):
        word = match[1].lower()
        kinds, dimension = _OF[word], _dimension_of(word)
        left_out = set(base_terms(word)) if dimension or word in _SAID_BY_UNIT else set()
    elif _WHEN.search(question) or _WHAT_DATE.search(question):
        kinds = frozenset({DATE})
    else:
        return None
    terms = dict.fromkeys(base_terms(question))
    return Sought(
        kinds=kinds,
        counted=counted,
        terms=tuple(term for term in terms if term not in left_out | _GENERAL),
        dimension=dimension,
        said=frozenset(fold(match.group()) for match in word_matches(question)),
    )


def base_terms(text: str) -> list[str]:
    """Return the index terms of an English text, with irregular verbs as their infinitives."""
    words = (fold(match.group()) for match in word_matches(text))
    regular = " ".join(_IRREGULAR.get(word, word) for word in words)
    return Analyser.for_language("en").terms(regular)


def _dimension_of(word: str) -> frozenset[str]:
    return next((group for group in (_TALL, _LONG, _WIDE, _DEEP) if word in group), frozenset())
