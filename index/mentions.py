"""What a question or a sentence names: words, names, and the noun phrases around them.

There is no parser and no model: a name is a run of capitals, and a noun phrase is what stands
between an article, a possessive or a name and the next small word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.analysis import fold, word_matches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.grammar import Grammar

__all__ = ["Word", "names_of", "noun_phrases", "text_of", "words_of"]

_WITHIN_NAMES = frozenset("of the de del der di la van von al el bin ibn".split())
_JOINTS = ("", " ", "-", "'", "’")  # what may stand between two words of one name
_LEAST_PHRASE = 2  # words: an article alone names nothing


class Word(NamedTuple):
    """A word where it stands: `text[start:end]`; `folded` is how it is compared."""

    text: str
    folded: str
    start: int
    end: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[:1].isupper()

    @property
    def is_possessive(self) -> bool:
        """Whether it ends as an English possessive does: "Maas's"."""
        return self.text.endswith(("'s", "’s"))


def words_of(text: str) -> list[Word]:
    """Return the words of a text in order."""
    return [
        Word(match.group(), fold(match.group()), match.start(), match.end())
        for match in word_matches(text)
    ]


def text_of(text: str, words: Sequence[Word]) -> str:
    """Return what stands from the first of some words to the last, without a possessive's end."""
    if not words:
        return ""
    return text[words[0].start : words[-1].end].removesuffix("'s").removesuffix("’s")


def names_of(text: str, grammar: Grammar, is_name: Callable[[str], bool]) -> list[list[Word]]:
    """Return the runs of words that are a name each, in order.

    `is_name` says whether the documents write a word as a name. It decides on the first word of
    the text, and on every word where only the first has a capital, if any.
    """
    words = words_of(text)
    has_case = any(word.is_capital for word in words[1:])

    def is_named(at: int) -> bool:
        word = words[at]
        if word.folded in grammar.calendar:
            return False
        if word.folded in grammar.small:
            # "The Owl": with a capital within a sentence, an article opens a name.
            is_article = word.folded in grammar.articles and at > 0 and word.is_capital
            return is_article and at + 1 < len(words) and words[at + 1].is_capital
        return word.is_capital if has_case and at > 0 else is_name(word.text)

    runs: list[list[Word]] = []
    is_open = False
    for at, word in enumerate(words):
        is_joined = is_open and text[runs[-1][-1].end : word.start] in _JOINTS
        if is_named(at) or (is_joined and _goes_on(words, at)):
            if is_joined:
                runs[-1].append(word)
            else:
                runs.append([word])
            is_open = not word.is_possessive
        else:
            is_open = False
    return runs


def _goes_on(words: Sequence[Word], at: int) -> bool:
    """Whether a small word stands within a name, as in "University of the South"."""
    following = next(
        (word for word in words[at : at + 3] if word.folded not in _WITHIN_NAMES), None
    )
    return words[at].folded in _WITHIN_NAMES and following is not None and following.is_capital


def noun_phrases(text: str, grammar: Grammar, is_name: Callable[[str], bool]) -> list[list[Word]]:
    """Return the noun phrases that an article, a possessive or a name opens, in order.

    One that a preposition ties to the one before belongs to it: "the strike at the ropeworks".
    """
    words = words_of(text)
    named = {word.start for run in names_of(text, grammar, is_name) for word in run}
    phrases: list[list[Word]] = []
    at = 0
    end = -2  # where the last phrase ends
    while at < len(words):
        phrase = _phrase(text, words, at, grammar, named)
        if phrase and at == end + 1 and words[end].folded in grammar.prepositions:
            phrases[-1] += [words[end], *phrase]
        elif phrase:
            phrases.append(phrase)
        if phrase:
            end = at = at + len(phrase)
        else:
            at += 1
    return phrases


def _phrase(
    text: str, words: Sequence[Word], at: int, grammar: Grammar, named: set[int]
) -> list[Word]:
    """Return the words of the noun phrase that begins at a word, none where none does."""
    first = words[at]
    is_definite = first.folded in grammar.articles | grammar.possessive
    if not is_definite and first.start not in named:
        return []
    phrase = [first]
    for word in words[at + 1 :]:
        is_near = text[phrase[-1].end : word.start] in _JOINTS
        may_go_on = is_definite or phrase[-1].is_possessive or phrase[-1].start not in named
        is_small = word.folded in grammar.small and word.start not in named
        if not is_near or is_small or not (may_go_on or word.start in named):
            break
        phrase.append(word)
    if is_definite and len(phrase) < _LEAST_PHRASE:
        return []
    return phrase[:-1] if _ends_in_verb(words, at, phrase, grammar, named) else phrase


def _ends_in_verb(
    words: Sequence[Word], at: int, phrase: Sequence[Word], grammar: Grammar, named: set[int]
) -> bool:
    """Whether the last word is the verb of an English question: "(when was) the bridge built"."""
    before = words[at - 1].folded if at else ""
    last = phrase[-1]
    if before not in grammar.auxiliaries or len(phrase) <= _LEAST_PHRASE or last.start in named:
        return False
    is_participle = last.folded.endswith("ed") or last.folded in grammar.participles
    return is_participle or (before in {"do", "does", "did"} and words[-1] == last)
