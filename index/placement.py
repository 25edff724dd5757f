"""Where the rows of a whole stand: each in one of several segments, in some row there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["GONE", "Placement"]

GONE = -1
"""Stands for the row of what is in a segment and not in the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Row i of the whole is row `local[i]` of the segment with the number `segment[i]`.

    `rows[s]` is the other way round: for each row of segment s its row in the whole, or `GONE`.
    """

    segment: NDArray[np.int32]
    local: NDArray[np.int64]
    rows: list[NDArray[np.int32]]

    @classmethod
    def of(
        cls, segment: NDArray[np.int32], local: NDArray[np.int64], sizes: Sequence[int]
    ) -> Self:
        """Place rows in segments of these sizes."""
        rows = [np.full(size, GONE, np.int32) for size in sizes]
        for number, each in enumerate(rows):
            mine = np.flatnonzero(segment == number)
            each[local[mine]] = mine
        return cls(segment=segment, local=local, rows=rows)

    def below(self, starts: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], Placement]:
        """Place the parts of these rows, part after part; return where each row's begin, too.

        `starts[s]` says where in segment s the parts of each of its rows begin, and the last end.
        """
        first = np.zeros(len(self), np.int64)
        sizes = np.zeros(len(self), np.int64)
        for number, start in enumerate(starts):
            mine = np.flatnonzero(self.segment == number)
            first[mine] = start[self.local[mine]]
            sizes[mine] = start[self.local[mine] + 1] - first[mine]
        begins = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        local = np.repeat(first - begins[:-1], sizes) + np.arange(begins[-1])
        ends = [int(start[-1]) for start in starts]
        return begins, Placement.of(np.repeat(self.segment, sizes), local, ends)

    def __len__(self) -> int:
        """How many rows the whole has."""
        return len(self.segment)

    def gathered(self, arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
        """Return all rows in their order, where each segment has an array of its rows."""
        found = np.empty((len(self), *arrays[0].shape[1:]), np.result_type(*arrays))
        for number, array in enumerate(arrays):
            mine = np.flatnonzero(self.segment == number)
            found[mine] = array[self.local[mine]]
        return found

    def parts(
        self, rows: NDArray[np.int64]
    ) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int64]]]:
        """Give each segment that has some of these rows: its number, which they are, its rows."""
        segments = self.segment[rows]
        for number in np.unique(segments).tolist():
            mine = np.flatnonzero(segments == number)
            yield number, mine, self.local[rows[mine]]
