"""The small words of a language by which a question leans on what was said before it.

A language is one readable file, `<code>.toml`; a key that it has no words for is left out.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Self

from index.analysis import fold, word_matches

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Grammar", "grammar_of", "grammars"]

_HERE = files(__name__)
_SINGLE = {"language", "within", "openings"}  # fields that are no sets of words


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """Folded words by what they do; `language` is an ISO 639 code, `within` the word for "in".

    `who` are the asking words for a person. `openings` are runs of words, the longest first;
    `prefixes` are written as one with the word that they open. Behind the asking words
    that are `equating`, without a prefix, a pronoun is no more than "is".
    """

    language: str
    within: str
    openings: tuple[tuple[str, ...], ...]
    asking: frozenset[str]
    counting: frozenset[str]
    auxiliaries: frozenset[str]
    articles: frozenset[str]
    prepositions: frozenset[str]
    joining: frozenset[str]
    speakers: frozenset[str]
    person: frozenset[str]
    thing: frozenset[str]
    several: frozenset[str]
    place: frozenset[str]
    pointing: frozenset[str]
    possessive: frozenset[str]
    who: frozenset[str]
    evident: frozenset[str]
    equating: frozenset[str]
    places: frozenset[str]
    persons: frozenset[str]
    participles: frozenset[str]
    prefixes: frozenset[str]
    calendar: frozenset[str]

    @classmethod
    def from_words(
        cls, language: str, words: Mapping[str, str], openings: tuple[str, ...]
    ) -> Self:
        """Fold the words of each kind, which are parted by white space."""
        kinds = [field.name for field in fields(cls) if field.name not in _SINGLE]
        opening = {tuple(fold(word) for word in each.split()) for each in openings}
        return cls(
            language=language,
            within=words.get("within", ""),
            openings=tuple(sorted(opening, key=lambda each: (-len(each), each))),
            **{kind: frozenset(map(fold, words.get(kind, "").split())) for kind in kinds},
        )

    @property
    def small(self) -> frozenset[str]:
        """Every word that names nothing by itself."""
        plain = self.asking | self.auxiliaries | self.articles | self.prepositions | self.joining
        return plain | self.speakers | self.referring

    @property
    def referring(self) -> frozenset[str]:
        """Every word that stands for something else."""
        return self.person | self.thing | self.several | self.place | self.pointing


@cache
def grammars() -> tuple[Grammar, ...]:
    """Return every language's, by its code; English is there."""
    found = []
    for file in sorted(_HERE.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            read = tomllib.loads(file.read_text("utf-8"))
            openings = tuple(read.pop("openings", ()))
            found.append(Grammar.from_words(file.name.removesuffix(".toml"), read, openings))
    return tuple(found)


def grammar_of(question: str) -> Grammar:
    """Return the grammar that knows most of the question's words, English if none does."""
    words = [fold(match.group()) for match in word_matches(question)]

    def known(grammar: Grammar) -> tuple[int, bool]:
        small = grammar.small | {word for opening in grammar.openings for word in opening}
        bare = [
            word[1:] if word[:1] in grammar.prefixes and word not in small else word
            for word in words
        ]
        return sum(word in small for word in bare), grammar.language == "en"

    return max(grammars(), key=known)
