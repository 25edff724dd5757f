"""Where sentences stand: found by sentencex, in the one module that imports it, and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np
from sentencex import get_sentence_boundaries

from index.arrays import ArrayStore
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["SentenceTable", "sentence_spans"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceTable(ArrayStore):
    """The sentences of all passages, one after another.

    Passage i has the sentences `start[i]` up to `start[i + 1]`; sentence j is `spans[j]` of its
    passage's text, and `owner[j]` is that passage's row.
    """

    start: NDArray[np.int64]
    spans: NDArray[np.int32]
    owner: NDArray[np.int32]

    @classmethod
    def from_spans(cls, passages: Sequence[Sequence[Span]]) -> Self:
        """Collect the spans of each passage."""
        counts = [len(spans) for spans in passages]
        return cls(
            start=np.cumsum([0, *counts]).astype(np.int64),
            spans=np.array([span for spans in passages for span in spans], np.int32).reshape(
                -1, 2
            ),
            owner=np.repeat(np.arange(len(counts)), counts).astype(np.int32),
        )

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.start) - 1

    def of_passage(self, row: int) -> list[Span]:
        """Return the spans of a passage's sentences within its text."""
        return [Span(int(a), int(b)) for a, b in self.spans[self.start[row] : self.start[row + 1]]]


def sentence_spans(text: str, language: str | None = None) -> list[Span]:
    """Return the spans of the sentences of `text`, in order, without the space around them.

    Every character that is not white space lies in exactly one span. `language` is a BCP 47 tag;
    unknown languages are split by general rules.
    """
    primary = (language or "en").split("-")[0].lower()
    return list(_trimmed(text, get_sentence_boundaries(primary, text)))


def _trimmed(text: str, boundaries: list[dict[str, object]]) -> Iterator[Span]:
    # Only the boundaries' ends are used, so that no character can fall between two sentences.
    start = 0
    ends = [int(str(boundary["end_index"])) for boundary in boundaries]
    for end in sorted({*ends, len(text)}):
        piece = text[start:end]
        if piece.strip():
            left = len(piece) - len(piece.lstrip())
            yield Span(start + left, start + len(piece.rstrip()))
        start = max(start, end)
