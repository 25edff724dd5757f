"""Which documents of which segments a generation is made of, in the order of their paths.

segments.json          the segments' names
documents.segment.npy  for each document the number of its segment there
documents.row.npy      and its row in it

What a segment holds besides, documents that were changed or removed since, is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import TypeAdapter

from index.arrays import load_arrays, save_arrays
from index.errors import GenerationDamagedError
from index.manifest import is_name
from index.placement import GONE, Placement
from index.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["SEGMENTS", "Assembly", "segment_names"]

SEGMENTS = "segments"
"""The folder, beside the generations', that holds the segments' own."""

_FILE = "segments.json"
_NAMES = TypeAdapter(list[str])


@dataclass(frozen=True, kw_only=True)
class Assembly:
    """Segments, and where in them each document stands."""

    segments: Sequence[Segment]
    documents: Placement

    @classmethod
    def of(
        cls, segments: Sequence[Segment], segment: NDArray[np.int32], row: NDArray[np.int64]
    ) -> Self:
        """Take `row[i]` of the segment with the number `segment[i]` as document i."""
        sizes = [len(each.documents) for each in segments]
        return cls(segments=segments, documents=Placement.of(segment, row, sizes))

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote, and the segments that it names.

        Raises:
            GenerationDamagedError: a file is missing, or the files don't fit together.
        """
        try:
            names = segment_names(folder)
            rows = load_arrays(folder, "documents", ["segment", "row"])
        except (OSError, EOFError, ValueError) as error:
            raise GenerationDamagedError(folder, " ".join(str(error).split())[:200]) from error
        segments = [Segment.load(folder.parent / SEGMENTS / name) for name in names]
        try:
            assembly = cls.of(segments, rows["segment"], rows["row"])
        except (IndexError, ValueError) as error:
            raise GenerationDamagedError(folder, "its files don't fit together") from error
        if sum(map(np.count_nonzero, assembly.alive)) != len(assembly.documents):
            raise GenerationDamagedError(folder, "a document is in it twice")
        return assembly

    def save(self, folder: Path) -> None:
        """Write which documents these are."""
        names = [each.name for each in self.segments]
        (folder / _FILE).write_bytes(_NAMES.dump_json(names))
        save_arrays(folder, "documents", {"segment": self.documents.segment})
        save_arrays(folder, "documents", {"row": self.documents.local})

    @property
    def alive(self) -> list[NDArray[np.bool_]]:
        """Which documents of each segment are a part of it."""
        return [rows != GONE for rows in self.documents.rows]

    @cached_property
    def only(self) -> Segment | None:
        """The one segment that is the whole of it, where there is such a one."""
        (first, *others) = self.segments
        is_whole = len(first.documents) == len(self.documents) and np.array_equal(
            self.documents.local, np.arange(len(first.documents))
        )
        return first if is_whole and not others else None

    @cached_property
    def _passages(self) -> tuple[NDArray[np.int64], Placement]:
        return self.documents.below([each.passage_starts for each in self.segments])

    @property
    def passages(self) -> Placement:
        """Where each passage stands."""
        return self._passages[1]

    @property
    def passage_starts(self) -> NDArray[np.int64]:
        """Where each document's passages start, and where the last one's end."""
        return self._passages[0]

    def row_of_passage(self, segment: int, local: int) -> int | None:
        """Return the row of a passage of a segment, None where it is no part of the whole."""
        if self.only is not None:
            return local
        row = int(self.passages.rows[segment][local])
        return None if row == GONE else row

    @cached_property
    def sentences(self) -> tuple[NDArray[np.int64], Placement]:
        """Where each passage's sentences start, and where each sentence stands."""
        return self.passages.below([each.sentences.start for each in self.segments])


def segment_names(folder: Path) -> list[str]:
    """Return the names of the segments that the generation in a folder is made of.

    Raises:
        OSError: there is no such list, or it can't be read.
        ValueError: it is something else.
    """
    names = _NAMES.validate_json((folder / _FILE).read_bytes())
    if not names or not all(map(is_name, names)):
        raise ValueError(f"{_FILE} names no segments")
    return names
