"""Which sentence of a passage answers the question?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.sentences import sentence_spans
from index.text import words

if TYPE_CHECKING:
    from index.types import Span

__all__ = ["highlight"]

_STEM_CHARS = 5  # "defected" and "defect", "soldiers" and "soldier" share this many


def highlight(question: str, passage: str, language: str | None = None) -> Span:
    """Return the span of the sentence that shares most with the question, the first among equals.

    Words count by their beginnings, and a rare one (a long one, for want of statistics) more.
    """
    asked = {word[:_STEM_CHARS] for word in words(question)}
    spans = sentence_spans(passage, language)

    def shared(span: Span) -> int:
        offered = {word[:_STEM_CHARS] for word in words(passage[slice(*span)])}
        return sum(len(word) for word in asked & offered if len(word) > 2)  # noqa: PLR2004

    return max(spans, key=shared)
