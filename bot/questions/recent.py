"""What is new: the documents that were published last, each by its first passage."""

from __future__ import annotations

from heapq import nsmallest
from typing import TYPE_CHECKING

from index.queries import days_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.library import Library
    from index.types import Document, Hit

__all__ = ["recent_documents"]


def recent_documents(library: Library, count: int) -> Sequence[Hit]:
    """Return the first passages of the newest documents, those without a date last, in order."""
    newest = nsmallest(count, library.documents, key=_age)
    first = [library.passages_of(document.id)[:1] for document in newest]
    hits = [library.hit_of(passage.id) for passages in first for passage in passages]
    return [hit for hit in hits if hit is not None]


def _age(document: Document) -> tuple[bool, int, str]:
    """Return what puts newer documents first; of one day, in the order of their paths."""
    published = document.source.published
    day = days_of(published)[0] if published else 0
    return published is None, -day, document.source.path
