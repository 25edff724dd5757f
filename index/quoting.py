"""Passages as they are shown: proved to stand in their documents, with where they come from."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from index.text import sha256_hex
from index.types import Hit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.generation import Generation

__all__ = ["Quoting"]

_log = logging.getLogger(__name__)


class Quoting:
    """Makes hits of a generation's passages. A document's hash is taken once and remembered."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._whole: dict[int, bool] = {}

    def is_verbatim(self, row: int) -> bool:
        """Whether the passage stands in its document; one that doesn't is logged."""
        generation = self._generation
        passage = generation.passages[row]
        at = int(generation.document_rows[row])
        document = generation.documents[at]
        if at not in self._whole:
            self._whole[at] = sha256_hex(document.text) == document.content_hash
        is_verbatim = (
            self._whole[at] and document.text[passage.start : passage.end] == passage.text
        )
        if not is_verbatim:
            _log.error("passage %s is not in its document: not shown", passage.id)
        return is_verbatim

    def hit(
        self, row: int, *, rank: int, score: float, span: Span, also_in: tuple[Hit, ...] = ()
    ) -> Hit:
        """Return the passage as a hit, the span its highlight."""
        generation = self._generation
        return Hit(
            passage=generation.passages[row],
            source=generation.documents[generation.document_rows[row]].source,
            rank=rank,
            score=score,
            highlight=span,
            also_in=also_in,
        )

    def alike(self, row: int, span: Span) -> Iterator[tuple[int, Span]]:
        """Give each near-duplicate of a passage, in row order, and where it has what `span` is.

        All of it is where the near-duplicate words that otherwise.
        """
        generation = self._generation
        sentence = generation.passages[row].text[slice(*span)]
        for other in generation.alike(row):
            if other != row and self.is_verbatim(other):
                text = generation.passages[other].text
                at = text.find(sentence)
                is_there = at >= 0
                yield other, Span(at, at + len(sentence)) if is_there else Span(0, len(text))
