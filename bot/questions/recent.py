"""What is new: the documents that were published last, each by its first passage."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.library import Library
    from index.types import Hit

__all__ = ["recent_documents"]


def recent_documents(library: Library, count: int) -> Sequence[Hit]:
    """Return the first passages of the newest documents, those without a date last, in order."""
    first = [library.passages_of(document.id)[:1] for document in library.newest(count)]
    hits = [library.hit_of(passage.id) for passages in first for passage in passages]
    return [hit for hit in hits if hit is not None]
