"""What a name is, and whose, told from how the documents write it: no list of names is kept."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Protocol

from index.antecedents import Knowing
from index.candidates import asked_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.generation import Generation
    from index.grammar import Grammar

__all__ = ["GenerationMentioning", "Mentioning", "Naming"]

_LOOKED_AT = 8  # passages


class Mentioning(Protocol):
    """Finds passages by their words."""

    def passages_with(self, words: str, count: int) -> Sequence[tuple[str, str]]:
        """Return the titles and texts of the best few passages with these words."""


class GenerationMentioning:
    """Finds passages of a generation in this process."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    def passages_with(self, words: str, count: int) -> Sequence[tuple[str, str]]:
        """Return the titles and texts of the best few passages with these words."""
        generation = self._generation
        terms = asked_terms(words, generation.distinct_languages)
        found = generation.lexical.search(sorted(terms), count)
        documents = [generation.documents[generation.document_rows[row]] for row in found]
        return [
            (document.source.title, generation.passages[row].text)
            for row, document in zip(found, documents, strict=True)
        ]


class Naming:
    """Knows names by the passages that have them."""

    def __init__(self, mentioning: Mentioning) -> None:
        self._mentioning = mentioning

    def knowing(self, grammar: Grammar) -> Knowing:
        """Return what is known of names, the pronouns of a language telling persons.

        What was looked up is remembered for as long as the result is.
        """
        return Knowing(
            is_name=cache(self.is_name),
            is_person=cache(lambda name: self.is_person(name, grammar)),
        )

    def _passages_with(self, words: str) -> Sequence[tuple[str, str]]:
        return self._mentioning.passages_with(words, _LOOKED_AT)

    def is_name(self, word: str) -> bool:
        """Whether the documents seldom write a word without a capital."""
        bare = word.removesuffix("'s").removesuffix("’s")
        if not bare[:1].isalpha():
            return False
        capital = re.escape(bare[0].upper() + bare[1:])
        found = self._passages_with(bare)
        within = re.compile(rf"[\w,;] {capital}\b")
        first = re.compile(rf"{capital}\b")
        plain = re.compile(rf"\b{re.escape(bare.lower())}\b")
        as_name = sum(
            within.search(text) is not None or first.match(title) is not None
            for title, text in found
        )
        return as_name > sum(plain.search(text) is not None for _, text in found)

    def is_person(self, name: str, grammar: Grammar) -> bool:
        """Whether "he", "she" or "who" follows a name more often than "in" or "the" precedes it.

        In a document with the name for its title the word may be anywhere.
        """
        pronouns = "|".join(map(re.escape, sorted(grammar.person | grammar.who)))
        places = "|".join(map(re.escape, sorted(grammar.prepositions | grammar.articles)))
        its = re.escape(name)
        follows = re.compile(rf"\b{its}\b[^.]*[.]?[^.]*\b(?:{pronouns})\b", re.IGNORECASE)
        precedes = re.compile(rf"\b(?:{places}) {its}\b", re.IGNORECASE)
        of_person = of_place = 0
        for title, text in self._passages_with(name):
            is_about = title.casefold() == name.casefold()
            is_person = follows.search(f"{name} {text}" if is_about else text) is not None
            of_person += is_person
            of_place += precedes.search(text) is not None or (is_about and not is_person)
        return of_person > of_place
