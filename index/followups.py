"""Does a question lean on the one before it, and how? Rules over the small words of its language.

What makes a question lean is a word that stands for something the question itself does not name
("when was he born?"), a beginning that goes on from something ("and in Hama?"), or nothing but the
asking ("why?"). The words are in `index/grammar/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.mentions import names_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.grammar import Grammar
    from index.mentions import Word

__all__ = ["Leaning", "Reading", "Refers", "read_question"]

_MAX_WORDS = 40  # a longer question says what it is about
_MAX_FRAGMENT = 6  # words of a part that is to be put in another's place
_MAX_ASKING = 2  # words of a question that only asks: "how many?"


class Leaning(StrEnum):
    """How a question leans on what was said before it."""

    ALONE = "alone"
    """It does not: it names what it is about."""
    COUNTING = "counting"
    """It asks how many, and not of what."""
    LOOSE = "loose"
    """It names nothing, and may be about what was said before or about anything."""
    REFERS = "refers"
    """A word of it stands for something said before."""
    FRAGMENT = "fragment"
    """It is a part that takes the place of a part of the question before."""
    ASKING = "asking"
    """It asks something else of what was asked before."""


class Refers(StrEnum):
    """What a word may stand for."""

    PERSON = "person"
    THING = "thing"
    SEVERAL = "several"
    PLACE = "place"
    POINTED = "pointed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question as it was read.

    `rest` are its words after an opening such as "what about", `names` the runs of words that are
    names, and `references` the words that stand for something said before, with what that may be.
    """

    text: str
    leaning: Leaning
    rest: tuple[Word, ...]
    names: tuple[tuple[Word, ...], ...]
    references: tuple[tuple[Word, Refers], ...]


def read_question(question: str, grammar: Grammar, is_name: Callable[[str], bool]) -> Reading:
    """Return how a question leans on what was said before.

    `is_name` says whether the documents write a word as a name.
    """
    words = words_of(question)
    if not words or len(words) > _MAX_WORDS:
        return Reading(text=question, leaning=Leaning.ALONE, rest=(), names=(), references=())
    names = names_of(question, grammar, is_name)
    rest = words[_opening(words, grammar) :] or words
    references = [
        (word, kind)
        for at, word in enumerate(words)
        if (kind := _kind(words, at, grammar)) is not None
        and not _is_named_before(words, at, kind, names=names, grammar=grammar, text=question)
    ]
    return Reading(
        text=question,
        leaning=_leaning(rest, grammar, names=names, references=references, words=words),
        rest=tuple(rest),
        names=tuple(map(tuple, names)),
        references=tuple(references),
    )


def _leaning(
    rest: Sequence[Word],
    grammar: Grammar,
    *,
    names: Sequence[Sequence[Word]],
    references: Sequence[tuple[Word, Refers]],
    words: Sequence[Word],
) -> Leaning:
    first = _unprefixed(rest[0].folded, grammar)
    goes_on = len(rest) < len(words) or first != rest[0].folded
    has_verb = any(word.folded in grammar.auxiliaries for word in rest)
    asks = first in grammar.asking or any(word.folded in grammar.asking for word in rest)
    asking = rest[1:] if first in grammar.prepositions else rest  # "since when?"
    only_asks = asking and _unprefixed(asking[0].folded, grammar) in grammar.asking
    if only_asks and len(asking) <= _MAX_ASKING and not (has_verb or references or names):
        return Leaning.ASKING
    is_part = not asks and not has_verb and len(rest) <= _MAX_FRAGMENT
    if is_part and (goes_on or first in grammar.prepositions):
        return Leaning.FRAGMENT
    if references:
        return Leaning.REFERS
    if names and not goes_on:
        return Leaning.ALONE
    return Leaning.COUNTING if _only_counts(rest, grammar) else Leaning.LOOSE


def _only_counts(rest: Sequence[Word], grammar: Grammar) -> bool:
    """Whether it is like "how many are left?" or "how many drowned?"."""
    folded = [word.folded for word in rest]
    if len(folded) < _MAX_ASKING or folded[1] not in grammar.counting:
        return False
    return len(folded) == _MAX_ASKING + 1 or folded[2] in grammar.auxiliaries


def _opening(words: Sequence[Word], grammar: Grammar) -> int:
    """Return how many words open the question without asking anything."""
    folded = tuple(word.folded for word in words)
    return next((len(each) for each in grammar.openings if folded[: len(each)] == each), 0)


def _unprefixed(word: str, grammar: Grammar) -> str:
    """Return a small word without what is written as one with it, another word as it is."""
    bare = word[1:]
    is_prefixed = word[:1] in grammar.prefixes and bare in grammar.small
    return bare if is_prefixed and word not in grammar.small else word


def _kind(words: Sequence[Word], at: int, grammar: Grammar) -> Refers | None:
    """Return what a word may stand for; None where it stands for itself."""
    word = words[at].folded
    following = words[at + 1].folded if at + 1 < len(words) else ""
    before = words[at - 1].folded if at else ""
    if word in grammar.place:
        # "Is there a museum?" and "there is one" are about no place.
        is_empty = following and {before, following} & grammar.auxiliaries
        return None if is_empty else Refers.PLACE
    if word in grammar.pointing:
        opens = grammar.auxiliaries | grammar.prepositions | grammar.asking
        opens |= {each for opening in grammar.openings for each in opening}
        if following in grammar.places:
            return Refers.PLACE
        is_joining = word in grammar.joining and following not in grammar.persons
        if is_joining and before and following and before not in opens:
            return None  # "the comet that bears his name"
        return Refers.PERSON if following in grammar.persons else Refers.POINTED
    is_evident = word in grammar.thing and following in grammar.evident
    is_plain = bool(following) and following not in grammar.small
    if is_evident or (is_plain and before in grammar.equating):
        return None  # "is it true that"; in Arabic "who is he Maas?" asks who Maas is
    kinds = {
        Refers.PERSON: grammar.person,
        Refers.THING: grammar.thing,
        Refers.SEVERAL: grammar.several,
    }
    return next((kind for kind, own in kinds.items() if word in own), None)


def _is_named_before(
    words: Sequence[Word],
    at: int,
    kind: Refers,
    *,
    names: Sequence[Sequence[Word]],
    grammar: Grammar,
    text: str,
) -> bool:
    """Whether the question itself has said what a word stands for.

    A name before it will do; a thing must stand in a clause before it ("the ship when it sank"),
    or own what follows ("did the ship get its name").
    """
    if any(name[0].start < words[at].start for name in names):
        return kind is not Refers.POINTED
    article = next((i for i in range(at) if words[i].folded in grammar.articles), None)
    if article is None or kind in {Refers.PLACE, Refers.POINTED}:
        return False
    if words[at].folded in grammar.possessive:
        return words[at - 1].folded not in grammar.prepositions | grammar.auxiliaries
    joining = grammar.who if kind is Refers.PERSON else grammar.joining
    return any(words[i].folded in joining for i in range(article + 1, at)) or any(
        "," in text[words[i].end : words[i + 1].start] for i in range(article, at)
    )
