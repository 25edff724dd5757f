"""What kind of thing a question asks for, and which sentences offer such a thing.

The kinds are read from English questions only; for others none is found, and the rest of the
evidence decides. After Li and Roth, "Learning Question Classifiers", COLING 2002.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from index.analysis import ENGLISH_STOP_WORDS, fold, word_matches

__all__ = ["Asked", "Offer", "asked_for", "offer_of"]

_KIND_OF = r"\b(?:what|which) (?:\w+ )?"
_QUANTITY = (
    r"age|amount|cost|distance|fraction|height|length|number|percent(?:age)?|population|price|"
    r"proportion|quantity|rate|ratio|score|share|size|speed|temperature|weight"
)
_NAMED = (
    r"actor|actress|area|author|city|company|continent|country|countries|county|district|emperor|"
    r"general|group|island|king|leader|location|man|nation|organi[sz]ation|party|person|place|"
    r"player|president|province|queen|region|river|school|scientist|singer|stadium|state|street|"
    r"team|town|university|woman"
)
_MONTHS_AND_DAYS = (
    r"january|february|march|april|june|july|august|september|october|november|december|"
    r"monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
_DATE = re.compile(
    rf"\b(?:1[0-9]{{3}}|20[0-9]{{2}})s?\b|\b(?:{_MONTHS_AND_DAYS})\b|\bmay [0-9]|"
    r"\bcentur(?:y|ies)\b|\bdecades?\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:as a result|because|caused?|due to|in order to|led to|owing to|reasons?|"
    r"result(?:ed|s|ing)|since|so that|therefore|thus|to avoid)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"[\"“”‘«»]|\b(?:called|known as|named|refer(?:red)? to as|termed|titled)\b", re.IGNORECASE
)
_NUMBER_WORDS = frozenset(
    """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety hundred thousand million billion trillion dozen half third quarter twice once double
    first second fourth fifth
    """.split()
)


class Asked(StrEnum):
    """A kind of thing that a question may ask for."""

    DATE = "date"
    NUMBER = "number"
    NAME = "name"
    REASON = "reason"
    TERM = "term"


_ASKS = {
    Asked.DATE: rf"\bwhen\b|{_KIND_OF}(?:century|date|day|decade|era|month|period|year)s?\b",
    Asked.NUMBER: (
        r"\bhow (?:big|deep|far|fast|heavy|high|large|long|many|much|often|old|tall|wide)\b|"
        rf"{_KIND_OF}(?:{_QUANTITY})\b"
    ),
    Asked.NAME: rf"\b(?:who|whom|whose|where)\b|{_KIND_OF}(?:{_NAMED})\b",
    Asked.REASON: rf"\bwhy\b|{_KIND_OF}(?:caused?|purpose|reasons?)\b",
    Asked.TERM: r"\b(?:called|known as|named?|names|nickname|terms?|title|word)\b",
}
_ASKS_FOR = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in _ASKS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """How many things of each kind a sentence offers that the question did not already say."""

    dates: int
    numbers: int
    names: int
    reasons: bool
    terms: bool


def asked_for(question: str) -> frozenset[Asked]:
    """Return the kinds of things that the question asks for; often none can be told."""
    return frozenset(kind for kind, pattern in _ASKS_FOR.items() if pattern.search(question))


def offer_of(sentence: str, question: str) -> Offer:
    """Return what the sentence offers in answer; a name is a capital within the sentence."""
    said = _words(question)
    numbers = names = 0
    for at, match in enumerate(word_matches(sentence)):
        word, folded = match.group(), fold(match.group())
        if folded not in said:
            numbers += _has_digit(word) or folded in _NUMBER_WORDS
            names += at > 0 and word[:1].isupper() and folded not in ENGLISH_STOP_WORDS
    return Offer(
        dates=sum(fold(match.group()) not in said for match in _DATE.finditer(sentence)),
        numbers=numbers,
        names=names,
        reasons=bool(_REASON.search(sentence)),
        terms=bool(_CALLED.search(sentence)),
    )


@lru_cache(maxsize=1)
def _words(question: str) -> frozenset[str]:
    """Return a question's words; it is compared with one sentence after another."""
    return frozenset(fold(match.group()) for match in word_matches(question))


def _has_digit(word: str) -> bool:
    return not word.isalpha() and any(character.isdigit() for character in word)
