"""What one sentence states in answer to a question for a number or a date, and of what."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from index.analysis import fold, word_matches
from index.dates import PartialDate, dates_of, weekdays_of
from index.quantities import Quantity, quantities_of
from index.sought import DATE, base_terms
from index.types import Span
from index.units import COUNT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.sought import Sought

__all__ = ["Statement", "Value", "statement_in"]

Value: TypeAlias = Quantity | PartialDate
"""What a question for a number or a date may be answered with."""

_WINDOW = 10  # words to either side of a value that say what it is of
_NOUN_WITHIN = 3  # words between a number and what it counts
_PEOPLE = frozenset({"peopl", "person"})
_CLAUSE_END = re.compile(
    r"[;:()]|,\s+(?:\w+\s+)?(?:and|but|including|of|though|which|where|who|whose|with)\b|"
    r"\b(?:after|although|before|whereas|while)\b",
    re.IGNORECASE,
)
_SAID = r"(?:announced|believes?|claim(?:ed|s)|estimates?|reported|reports|said|says?|told)"
_ATTRIBUTION = re.compile(
    rf"\b[Aa]ccording to [^,.;]+|(?:\b[A-Z][\w'’-]*\s+(?:of\s+)?){{1,5}}{_SAID}\b"
)
_UNREAL = frozenset(
    """
    aim could deni expect forecast goal hope if intend may might never no none not plan propos
    should target will would
    """.split()
)
_CALENDAR = re.compile(
    r"(?:jan|febr)uary|march|april|may|june|july|august|(?:sept|nov|dec)ember|october|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Word:
    """A word of a sentence; `term` is its index term, None for a stop word."""

    span: Span
    text: str
    term: str | None
    is_name: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One value that a sentence gives for what is sought, and what it says of the circumstances.

    `near` are the sought terms close to the value; `modifiers` stand between a number and what it
    counts; `longer_names` make a sought name another one ("Greater London"); `unreal` are the
    words that say what may be, or is not.
    """

    value: Value
    near: frozenset[str]
    modifiers: frozenset[str]
    names: frozenset[str]
    longer_names: frozenset[str]
    dates: tuple[PartialDate, ...]
    weekdays: frozenset[str]
    unreal: frozenset[str]


def statement_in(sentence: str, sought: Sought) -> Statement | None:
    """Return what the sentence states; None where that is nothing, or not plain."""
    words = _words_of(sentence)
    dates = dates_of(sentence)
    is_date = DATE in sought.kinds
    values: Sequence[Value] = dates if is_date else _quantities(sentence, dates, words, sought)
    values = [value for value in values if not _is_said(sentence, value, sought)]
    near = [_near(sentence, value, words) for value in values]
    ranks = [_rank(each, sought) for each in near]
    best = max(ranks, default=(0, 0))
    if not best[0] or ranks.count(best) > 1:
        return None
    at = ranks.index(best)
    told = _words_of(_ATTRIBUTION.sub(_blank, sentence))
    said = {word.text.lower() for word in words} | {word.term for word in words if word.term}
    return Statement(
        value=values[at],
        near=frozenset(near[at]) & frozenset(sought.terms),
        modifiers=_modifiers(values[at], words, sought),
        names=frozenset({word.term for word in told if word.is_name and word.term})
        - frozenset(sought.terms),
        longer_names=_longer_names(sentence, words, sought),
        dates=tuple(date for date in dates if date is not values[at]),
        weekdays=weekdays_of(sentence),
        unreal=frozenset(said) & _UNREAL,
    )


def _words_of(sentence: str) -> list[_Word]:
    words = []
    for at, match in enumerate(word_matches(sentence)):
        term = next(iter(base_terms(match.group())), None)
        is_capital = at > 0 and match.group()[:1].isupper()
        is_name = is_capital and term is not None and not _CALENDAR.fullmatch(match.group())
        words.append(
            _Word(span=Span(*match.span()), text=match.group(), term=term, is_name=is_name)
        )
    return words


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _quantities(
    sentence: str, dates: Sequence[PartialDate], words: Sequence[_Word], sought: Sought
) -> list[Quantity]:
    """Return the quantities of the kinds that are sought, and of what is counted."""
    found = []
    for quantity in quantities_of(sentence):
        start, end = quantity.span
        is_date = any(date.span.start < end and start < date.span.end for date in dates)
        kind = quantity.kind
        if kind == COUNT and "share" in sought.kinds and quantity.high <= 1:
            kind = "share"  # 0.3 is 30 %
        is_sought = kind in sought.kinds and (
            sought.counted is None or _counts(quantity, words, sought)
        )
        if kind == "length" and sought.dimension:
            is_sought &= not sought.dimension.isdisjoint(_near(sentence, quantity, words))
        if is_sought and not quantity.is_part and not is_date:
            found.append(replace(quantity, kind=kind))
    return found


def _following(value: Value, words: Sequence[_Word]) -> list[_Word]:
    return [word for word in words if word.span.start >= value.span.end]


def _counts(quantity: Quantity, words: Sequence[_Word], sought: Sought) -> bool:
    """Whether a number counts what is sought: "150 armed troops"; of people "300 were killed"."""
    after = _following(quantity, words)
    if sought.counted in [word.term for word in after[:_NOUN_WITHIN]]:
        return True
    content = next((word.term for word in after[:_NOUN_WITHIN] if word.term), None)
    return sought.counted in _PEOPLE and content is not None and content in sought.terms


def _modifiers(value: Value, words: Sequence[_Word], sought: Sought) -> frozenset[str]:
    """Return the terms between a number and what it counts."""
    terms = [word.term for word in _following(value, words)[:_NOUN_WITHIN]]
    if sought.counted not in terms:
        return frozenset()
    between = terms[: terms.index(sought.counted)]
    return frozenset(term for term in between if term) - frozenset(sought.terms)


def _is_said(sentence: str, value: Value, sought: Sought) -> bool:
    """Whether the question already says this value."""
    text = sentence[slice(*value.span)]
    return all(fold(match.group()) in sought.said for match in word_matches(text))


def _near(sentence: str, value: Value, words: Sequence[_Word]) -> dict[str, int]:
    """Return the terms about a value within its clause, with their distances in words."""
    near: dict[str, int] = {}
    before = [word for word in reversed(words) if word.span.end <= value.span.start]
    for side in (before, _following(value, words)):
        for distance, word in enumerate(side[:_WINDOW], 1):
            gap = sorted((value.span.end, word.span.start, value.span.start, word.span.end))
            if _CLAUSE_END.search(sentence, gap[1], gap[2]):
                break
            if word.term is not None:
                near[word.term] = min(near.get(word.term, _WINDOW), distance)
    return near


def _rank(near: Mapping[str, int], sought: Sought) -> tuple[int, int]:
    """Return how many sought terms are near, then how near: the more the better."""
    distances = [near[term] for term in sought.terms if term in near]
    return len(distances), -sum(distances)


def _longer_names(sentence: str, words: Sequence[_Word], sought: Sought) -> frozenset[str]:
    """Return the names that stand right beside one that is sought, and are not sought."""
    found = set()
    for one, other in pairwise(words):
        is_together = not sentence[one.span.end : other.span.start].strip()
        are_names = one.text[:1].isupper() and other.text[:1].isupper() and one.term and other.term
        if (
            is_together
            and are_names
            and (one.term in sought.terms) != (other.term in sought.terms)
        ):
            found.add(other.term if one.term in sought.terms else one.term)
    return frozenset(term for term in found if term)
