"""What changed from one generation to the next, told from a short list of what each holds.

outline.json     for each document: its digest, its passages' ids
diff.json        the difference to the generation that was live when this one was built
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from pydantic import TypeAdapter, ValidationError

from index.text import sha256_hex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.types import Document, Passage

__all__ = ["Difference", "Outline", "difference", "outline_of", "read_outline", "write_outline"]

Outline: TypeAlias = dict[str, tuple[str, list[str]]]
"""By a document's path: a digest of its text and source, and the ids of its passages."""

_FILE = "outline.json"
_OUTLINE = TypeAdapter(Outline)


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


def outline_of(documents: Sequence[Document], passages: Sequence[Passage]) -> Outline:
    """Return the outline of what a generation is going to hold."""
    ids: dict[str, list[str]] = defaultdict(list)
    for passage in passages:
        ids[passage.document_id].append(passage.id)
    return {
        document.source.path: (
            sha256_hex(f"{document.content_hash}\x00{document.source!r}"),
            ids[document.id],
        )
        for document in documents
    }


def write_outline(folder: Path, outline: Outline) -> None:
    """Write the outline into a generation's folder."""
    (folder / _FILE).write_text(json.dumps(outline, ensure_ascii=False), "utf-8")


def read_outline(folder: Path) -> Outline:
    """Read the outline of a generation; an empty one where it can't be read."""
    try:
        return _OUTLINE.validate_json((folder / _FILE).read_bytes())
    except (OSError, ValidationError):
        return {}


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
