"""Sentence boundaries, from the one module that imports sentencex."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sentencex import get_sentence_boundaries

from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["sentence_spans"]


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
