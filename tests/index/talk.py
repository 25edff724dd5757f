"""Names and grammar for tests of follow-ups: what is known is what is listed here."""

from __future__ import annotations

from index.antecedents import Knowing
from index.grammar import grammar_of

NAMES = frozenset({"maas", "teodor", "brack", "hallvar", "ropeworks", "dunmere", "runa", "brekke"})
PERSONS = frozenset({"Teodor Maas", "Runa Brekke", "teodor maas"})
ENGLISH = grammar_of("who is it")


def is_name(word: str) -> bool:
    """Say whether a word is listed."""
    return word.lower().removesuffix("'s") in NAMES


KNOWING = Knowing(is_name=is_name, is_person=PERSONS.__contains__)
