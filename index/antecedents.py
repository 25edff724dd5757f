"""What a word such as "he" or "there" may stand for: something the turn before it named.

Names that the question before had come first, then those of the sentence that answered it, then
the document's title; where the question asked for a person, its answer comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.followups import Refers
from index.mentions import names_of, noun_phrases, text_of, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.grammar import Grammar
    from index.mentions import Word

__all__ = ["Knowing", "Said", "antecedents", "topics"]

_MOST_ANSWERED = 3  # names of the answer beside those of the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """An earlier turn: the question as it was understood, the sentence and title it was shown.

    The last two are "" where the passage is no longer there.
    """

    question: str
    answer: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowing:
    """What the documents tell of names: whether a word is one, and whether one is a person's."""

    is_name: Callable[[str], bool]
    is_person: Callable[[str], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """The names of the question, those that only its answer has, and the title."""

    asked: tuple[str, ...]
    answered: tuple[str, ...]
    title: tuple[str, ...]


def topics(said: Said, grammar: Grammar, knowing: Knowing) -> list[str]:
    """Return what the conversation is about, without and with the names of the answer."""
    named = _named(said, grammar, knowing)
    topic = named.asked or named.title
    return [
        ", ".join(each) for each in (topic, (*topic, *named.answered[:_MOST_ANSWERED])) if each
    ]


def antecedents(
    word: Word, kind: Refers, said: Said, grammar: Grammar, knowing: Knowing
) -> list[str]:
    """Return what a word may stand for, the likeliest first."""
    named = _named(said, grammar, knowing)
    if kind is Refers.PERSON:
        found = _persons(said, named, grammar, knowing)
    elif kind is Refers.PLACE:
        found = _others([*named.asked[::-1], *named.answered, *named.title], knowing)
    elif kind is Refers.POINTED:
        found = [", ".join(named.answered[:_MOST_ANSWERED])]
    else:
        phrases = _phrases(said.question, named.asked, grammar, knowing)
        persons = [name for name in named.asked if knowing.is_person(name)]
        things = _others(phrases[::-1], knowing)
        if kind is Refers.SEVERAL:
            several = [phrase for phrase in phrases if phrase.endswith("s")]
            together = [" and ".join(persons)] if len(persons) > 1 else []
            found = [*together, *several, *named.asked[::-1], *things, *named.title]
        elif word.folded in grammar.possessive:
            found = [*_others(named.asked[::-1], knowing), *things, *named.title]
        else:
            found = [*things, *named.title]
    distinct: dict[str, str] = {}
    for each in found:
        distinct.setdefault(each.casefold(), each)
    return [each for each in distinct.values() if each]


def _named(said: Said, grammar: Grammar, knowing: Knowing) -> _Named:
    asked = _names(said.question, grammar, knowing)
    answered = _names(said.answer, grammar, knowing)
    return _Named(
        asked=asked,
        answered=tuple(name for name in answered if name not in asked),
        title=(said.title,) if said.title else (),
    )


def _names(text: str, grammar: Grammar, knowing: Knowing) -> tuple[str, ...]:
    runs = names_of(text, grammar, knowing.is_name)
    return tuple(dict.fromkeys(text_of(text, run) for run in runs))


def _phrases(text: str, names: Sequence[str], grammar: Grammar, knowing: Knowing) -> list[str]:
    """Return the noun phrases, "her report" as "Vantner's report" where a name stands before."""
    found = []
    for phrase in noun_phrases(text, grammar, knowing.is_name):
        owners = [name for name in names if text.find(name) < phrase[0].start]
        if phrase[0].folded in grammar.possessive and owners:
            found.append(f"{owners[-1]}'s {text_of(text, phrase[1:])}")
        else:
            found.append(text_of(text, phrase))
    return found


def _others(names: Sequence[str], knowing: Knowing) -> list[str]:
    return [name for name in names if not knowing.is_person(name)]


def _persons(said: Said, named: _Named, grammar: Grammar, knowing: Knowing) -> list[str]:
    asked, answered, title = (
        [name for name in names if knowing.is_person(name)]
        for names in (named.asked, named.answered, named.title)
    )
    if _asks_for_person(said.question, named.asked, grammar):
        return [*answered, *asked, *title]
    return [*asked, *answered, *title]


def _asks_for_person(question: str, names: Sequence[str], grammar: Grammar) -> bool:
    """Whether a question asks for a person, other than "who was Maas?", which names one."""
    folded = [word.folded for word in words_of(question)]
    if not folded or folded[0] not in grammar.who:
        return False
    rest = folded[2:] if folded[1:2] and folded[1] in grammar.auxiliaries else folded[1:]
    return not any(rest == [word.folded for word in words_of(name)] for name in names)
