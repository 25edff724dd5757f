"""Stores over several segments: each looks like the one store that a single segment would have.

Row i of every store is row i of the whole, wherever it stands (`index.placement`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Generic, TypeVar, overload

import numpy as np

from index.placement import GONE
from index.sentences import SentenceTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.dense import DenseIndex
    from index.placement import Placement
    from index.types import Vectors

__all__ = [
    "ChainedArray",
    "ChainedRecords",
    "ChainedVectors",
    "chained_sentences",
]

_T = TypeVar("_T")


class ChainedRecords(Sequence[_T], Generic[_T]):
    """Records, each read when it is asked for."""

    def __init__(self, stores: Sequence[Sequence[_T]], placement: Placement) -> None:
        self._stores = stores
        self._placement = placement

    def __len__(self) -> int:
        """How many records there are."""
        return len(self._placement)

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> list[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | list[_T]:
        """Read one record, or several."""
        if isinstance(at, slice):
            return [self[row] for row in range(len(self))[at]]
        row = range(len(self))[at]
        store = self._stores[int(self._placement.segment[row])]
        return store[int(self._placement.local[row])]


class ChainedArray:
    """The rows of arrays."""

    def __init__(self, arrays: Sequence[NDArray[np.float32]], placement: Placement) -> None:
        self._arrays = arrays
        self._placement = placement

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self._placement)

    def __getitem__(self, rows: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return these rows."""
        first = self._arrays[0]
        found = np.empty((len(rows), *first.shape[1:]), first.dtype)
        for number, mine, local in self._placement.parts(rows):
            found[mine] = self._arrays[number][local]
        return found


class ChainedVectors:
    """Indexes over unit vectors."""

    def __init__(self, indexes: Sequence[DenseIndex], placement: Placement) -> None:
        self._indexes = indexes
        self._placement = placement
        self._gone = [int(np.count_nonzero(rows == GONE)) for rows in placement.rows]

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._indexes[0].dimension

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._placement)

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of these rows, `(len(rows), d)`-shaped."""
        found = np.empty((len(rows), self.dimension), np.float32)
        for number, mine, local in self._placement.parts(rows):
            found[mine] = self._indexes[number].vectors(local)
        return found

    def search(
        self, queries: Vectors, k: int, *, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return what `DenseIndex.search` does, over all of them."""
        scores = np.empty((len(queries), 0), np.float32)
        found = np.empty((len(queries), 0), np.int64)
        for number, rows in enumerate(self._placement.rows):
            if within is None:
                some, local = self._alive(number, queries, k)
            else:
                allowed = (rows != GONE) & within[rows]
                if not allowed.any():
                    continue
                some, local = self._indexes[number].search(queries, k, within=allowed)
            scores = np.hstack([scores, some])
            found = np.hstack([found, rows[local]])
        best = np.lexsort((found, -scores))[:, :k]
        return np.take_along_axis(scores, best, 1), np.take_along_axis(found, best, 1)

    def _alive(
        self, number: int, queries: Vectors, k: int
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Search one index; what is gone is passed over, so more is asked for than is wanted."""
        index, rows, gone = self._indexes[number], self._placement.rows[number], self._gone[number]
        wanted = min(k, len(index) - gone)
        asked = wanted + min(wanted, gone)
        while True:
            scores, local = index.search(queries, asked)
            is_there = (local >= 0) & (rows[local] != GONE)
            if asked >= len(index) or (is_there.sum(axis=1) >= wanted).all():
                break
            asked = min(2 * asked, len(index))
        best = np.argsort(~is_there, axis=1, kind="stable")[:, :wanted]
        return np.take_along_axis(scores, best, 1), np.take_along_axis(local, best, 1)


def chained_sentences(
    tables: Sequence[SentenceTable], start: NDArray[np.int64], placement: Placement
) -> SentenceTable:
    """Return one table of all sentences; `start` says where each passage's begin."""
    spans = np.empty((len(placement), 2), np.int32)
    for table, rows in zip(tables, placement.rows, strict=True):
        is_there = rows != GONE
        spans[rows[is_there]] = table.spans[is_there]
    owner = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    return SentenceTable(start=start, spans=spans, owner=owner)
