"""What can be looked up in one generation: documents, passages, and where a passage stands."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.quoting import Quoting
from index.records import Picked
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.generation import Generation
    from index.types import Document, Hit, Passage, Source

__all__ = ["Library", "Place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a passage stands: its document, and its `index` among that one's passages, from 0."""

    passage: Passage
    source: Source
    document_id: str
    index: int


class Library:
    """A generation to look things up in. It stays valid after another one is made live.

    Every passage that is handed out was checked to stand in its document, as hits are; one that
    doesn't is not there. What looking up needs is worked out at the first time.
    """

    def __init__(self, generation: Generation, quoting: Quoting | None = None) -> None:
        """Look into a generation; `quoting` shares what it has checked."""
        self._generation = generation
        self._quoting = quoting or Quoting(generation)

    def get_ready(self) -> None:
        """Work out what looking up needs, so that nobody waits for it."""
        _ = self._starts

    @property
    def generation(self) -> str:
        """The generation's name."""
        return self._generation.name

    @property
    def documents(self) -> Sequence[Document]:
        """Every document, in the order of their paths."""
        return self._generation.documents

    def document(self, document_id: str) -> Document | None:
        """Return a document by its id."""
        at = self._generation.document_row_of(document_id)
        return None if at is None else self._generation.documents[at]

    def place_of(self, document_id: str) -> int | None:
        """Return the place of a document among all, from 0; None where there is none."""
        return self._generation.document_row_of(document_id)

    def passages_of(self, document_id: str) -> Sequence[Passage]:
        """Return the passages of a document in order; of an unknown one there are none."""
        at = self._generation.document_row_of(document_id)
        return () if at is None else self._verbatim(self._starts[at], self._starts[at + 1])

    def row_of(self, passage_id: str) -> int | None:
        """Return a passage's row in the generation; None where it is not there."""
        row = self._generation.row_of(passage_id)
        return None if row is None or not self._quoting.is_verbatim(row) else row

    def place(self, passage_id: str) -> Place | None:
        """Return where a passage stands, None where it is gone."""
        row = self.row_of(passage_id)
        if row is None:
            return None
        at = int(self._generation.document_rows[row])
        document = self._generation.documents[at]
        return Place(
            passage=self._generation.passages[row],
            source=document.source,
            document_id=document.id,
            index=row - int(self._starts[at]),
        )

    def around(self, passage_id: str, *, before: int, after: int) -> Sequence[Passage]:
        """Return a passage with up to so many before and after it in its document.

        Each part of an over-long paragraph counts. Without the passage there is nothing.
        """
        row = self.row_of(passage_id)
        if row is None:
            return ()
        at = self._generation.document_rows[row]
        start = max(row - max(before, 0), int(self._starts[at]))
        return self._verbatim(start, min(row + max(after, 0) + 1, int(self._starts[at + 1])))

    def titled(self, words: str) -> Sequence[Document]:
        """Return the documents whose title, or else file name, holds all the words, in any order.

        Case and accents don't matter; the shortest title comes first, ties go by path.
        """
        return Picked(self._generation.documents, self._generation.titles.holding(words))

    def newest(self, count: int) -> Sequence[Document]:
        """Return so many documents that were published last, those without a date last of all.

        Of one day they come in the order of their paths.
        """
        return Picked(self._generation.documents, self._generation.newest(count))

    def hit_of(self, passage_id: str, highlight: Span | None = None) -> Hit | None:
        """Return a passage as a hit that nothing was asked for: rank 1, score 0.

        Its near-duplicates are in `also_in`, in the order of their paths. Without a highlight, or
        with one that is not within the text, the highlight is empty, at the start: no sentence
        answers where there is no question.
        """
        row = self.row_of(passage_id)
        if row is None:
            return None
        span = highlight or Span(0, 0)
        if not 0 <= span.start <= span.end <= len(self._generation.passages[row].text):
            span = Span(0, 0)
        others = tuple(
            self._quoting.hit(other, rank=1, score=0.0, span=its_span)
            for other, its_span in self._quoting.alike(row, span)
        )
        return self._quoting.hit(row, rank=1, score=0.0, span=span, also_in=others)

    def _verbatim(self, start: int, end: int) -> Sequence[Passage]:
        rows = range(int(start), int(end))
        return [self._generation.passages[row] for row in rows if self._quoting.is_verbatim(row)]

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Return where each document's passages start, and where the last one's end."""
        rows = np.arange(len(self._generation.documents) + 1)
        return np.searchsorted(self._generation.document_rows, rows)
