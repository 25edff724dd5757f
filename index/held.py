"""Which golden questions' quotes stand in the documents, found without reading all if possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.analysis import Analyser
from index.outline import other_than

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from index.generation import Generation
    from index.golden import GoldenQuestion

__all__ = ["held"]

_LOOKED_AT = 40  # passages with the words of a quote


def held(
    questions: Sequence[GoldenQuestion],
    generation: Generation,
    before: Generation | None,
    absent: Collection[str],
) -> list[bool]:
    """Return for each question whether some passage holds one of its quotes.

    Questions `absent` had none in the generation `before`: only what is new is read for them. For
    others every passage is read, where those with a quote's words don't hold it.
    """
    found = [_by_words(question, generation) for question in questions]
    starts = generation.assembly.passage_starts
    for is_known, rows in (
        (False, range(len(generation.passages))),
        (
            True,
            (
                row
                for at in (other_than(generation, before) if before is not None else ())
                for row in range(int(starts[at]), int(starts[at + 1]))
            ),
        ),
    ):
        missing = {
            at: question.quotes
            for at, question in enumerate(questions)
            if not found[at] and (before is not None and question.question in absent) == is_known
        }
        for at in _read(missing, generation, rows):
            found[at] = True
    return found


def _by_words(question: GoldenQuestion, generation: Generation) -> bool:
    for quote in question.quotes:
        terms = dict.fromkeys(
            term
            for language in generation.distinct_languages
            for term in Analyser.for_language(language).query_terms(quote)
        )
        rows = generation.lexical.search(list(terms), _LOOKED_AT)
        if any(quote in generation.passages[row].text for row in rows):
            return True
    return False


def _read(
    missing: dict[int, tuple[str, ...]], generation: Generation, rows: Iterable[int]
) -> set[int]:
    """Return which of the missing stand in these passages; each is read once, from disk."""
    found: set[int] = set()
    for row in rows:
        if len(found) == len(missing):
            break
        text = generation.passages[row].text
        found |= {
            at
            for at, quotes in missing.items()
            if at not in found and any(quote in text for quote in quotes)
        }
    return found
