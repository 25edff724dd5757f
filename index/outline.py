"""What changed from one generation to the next, told from a short list of what each holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from index.text import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.generation import Generation

__all__ = ["Difference", "Outline", "difference", "other_than", "outlines"]

Outline: TypeAlias = dict[str, tuple[str, list[str]]]
"""By a document's path: a digest of its text and source, and the ids of its passages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Paths of documents, and numbers of passages, that were added, changed or removed.

    Within a changed document as many passages count as changed as have left and come; the rest of
    them have been added or removed.
    """

    documents_added: tuple[str, ...]
    documents_changed: tuple[str, ...]
    documents_removed: tuple[str, ...]
    passages_added: int
    passages_changed: int
    passages_removed: int


def outlines(before: Generation | None, now: Generation) -> tuple[Outline, Outline]:
    """Return the outlines of two generations, without the documents that are the very same."""
    if before is None:
        return {}, _outline(now, range(len(now.documents)))
    return _outline(before, other_than(before, now)), _outline(now, other_than(now, before))


def other_than(one: Generation, other: Generation) -> list[int]:
    """Return the rows of the documents of a generation that are not the very same in another."""
    alive = dict(
        zip([each.name for each in other.assembly.segments], other.assembly.alive, strict=True)
    )
    found: list[int] = []
    documents = one.assembly.documents
    for segment, rows in zip(one.assembly.segments, documents.rows, strict=True):
        shared = alive.get(segment.name, np.zeros(len(rows), bool))
        found += rows[(rows >= 0) & ~shared].tolist()
    return found


def _outline(generation: Generation, documents: Iterable[int]) -> Outline:
    starts = generation.assembly.passage_starts
    outline = {}
    for at in documents:
        document = generation.documents[at]
        rows = range(int(starts[at]), int(starts[at + 1]))
        outline[document.source.path] = (
            sha256_hex(f"{document.content_hash}\x00{document.source!r}"),
            [generation.passages[row].id for row in rows],
        )
    return outline


def difference(before: Outline, now: Outline) -> Difference:
    """Compare two outlines."""
    common = before.keys() & now.keys()
    added = changed = removed = 0
    for path in before.keys() | now.keys():
        old = set(before[path][1]) if path in before else set()
        new = set(now[path][1]) if path in now else set()
        left, come = len(old - new), len(new - old)
        added += come - min(left, come)
        removed += left - min(left, come)
        changed += min(left, come)
    return Difference(
        documents_added=tuple(sorted(now.keys() - before.keys())),
        documents_changed=tuple(
            sorted(path for path in common if before[path][0] != now[path][0])
        ),
        documents_removed=tuple(sorted(before.keys() - now.keys())),
        passages_added=added,
        passages_changed=changed,
        passages_removed=removed,
    )
