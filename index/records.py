"""Records on disk, one JSON object a line, read when they are asked for.

Where each line begins stands in `<name>.start.npy`. So a million records cost no start-up time
and hardly any memory: what is read stays in the system's own cache of the file.
"""

from __future__ import annotations

import mmap
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Generic, TypeVar, overload

import numpy as np
from pydantic import ValidationError

from index.arrays import GrowingArray, load_arrays
from index.errors import GenerationDamagedError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray
    from pydantic import TypeAdapter

    from index.types import Document, Passage

__all__ = ["Picked", "RecordWriter", "Records", "order_of", "row_by_id"]

_T = TypeVar("_T")
_REMEMBERED = 1 << 12  # records, parsed: what a few questions need


class Records(Sequence[_T], Generic[_T]):
    """The records that a `RecordWriter` wrote, in order; a `Sequence`."""

    def __init__(
        self,
        path: Path,
        lines: mmap.mmap | bytes,
        start: NDArray[np.int64],
        adapter: TypeAdapter[_T],
    ) -> None:
        """Read `lines`, the contents of `path`; line i goes from `start[i]` to the next."""
        self._start = start

        @lru_cache(maxsize=_REMEMBERED)
        def read(at: int) -> _T:
            try:
                return adapter.validate_json(lines[start[at] : start[at + 1]])
            except ValidationError as error:
                raise GenerationDamagedError(path, f"line {at + 1} is no record") from error

        self._read = read

    @classmethod
    def load(cls, folder: Path, name: str, adapter: TypeAdapter[_T]) -> Records[_T]:
        """Map what a `RecordWriter` wrote; a line is looked at when it is asked for.

        A line that is no record then raises a `GenerationDamagedError`.

        Raises:
            ValueError: the two files don't fit together.
            OSError: one of them can't be read.
        """
        start = load_arrays(folder, name, ["start"])["start"]
        path = folder / f"{name}.jsonl"
        with path.open("rb") as file:
            is_empty = not file.seek(0, 2)
            lines = b"" if is_empty else mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if len(start) == 0 or start[-1] != len(lines):
            raise ValueError(f"{name}.jsonl and {name}.start.npy don't fit together")
        return cls(path, lines, start, adapter)

    def __len__(self) -> int:
        """How many records there are."""
        return len(self._start) - 1

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> list[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | list[_T]:
        """Read one record, or several."""
        if isinstance(at, slice):
            return [self._read(each) for each in range(len(self))[at]]
        return self._read(range(len(self))[at])


class Picked(Sequence[_T], Generic[_T]):
    """Some of the records of a sequence, each read when it is asked for; a `Sequence`."""

    def __init__(self, records: Sequence[_T], rows: NDArray[np.int64]) -> None:
        """Pick these rows, in this order."""
        self._records = records
        self._rows = rows

    def __len__(self) -> int:
        """How many were picked."""
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> _T: ...
    @overload
    def __getitem__(self, at: slice) -> list[_T]: ...
    def __getitem__(self, at: int | slice) -> _T | list[_T]:
        """Read one record, or several."""
        if isinstance(at, slice):
            return [self._records[row] for row in self._rows[at].tolist()]
        return self._records[int(self._rows[at])]


class RecordWriter(Generic[_T]):
    """Writes records, one after another, to the lines of `<name>.jsonl`."""

    def __init__(self, folder: Path, name: str, adapter: TypeAdapter[_T]) -> None:
        self._adapter = adapter
        self._file = (folder / f"{name}.jsonl").open("wb")
        self._start = GrowingArray(folder / f"{name}.start.npy", np.int64)
        self._start.append(np.zeros(1, np.int64))

    def append(self, records: Iterable[_T]) -> None:
        """Add records at the end."""
        starts = []
        for record in records:
            self._file.write(self._adapter.dump_json(record) + b"\n")
            starts.append(self._file.tell())
        self._start.append(np.array(starts, np.int64))

    def close(self) -> None:
        """End both files."""
        self._file.close()
        self._start.close()

    def abandon(self) -> None:
        """Let go of the files, whether they were ended or not."""
        self._file.close()
        self._start.abandon()


def order_of(ids: Sequence[str]) -> NDArray[np.int32]:
    """Return the rows of these ids in the ids' order."""
    return np.array(sorted(range(len(ids)), key=ids.__getitem__), np.int32)


def row_by_id(
    id_: str, records: Sequence[Document] | Sequence[Passage], order: NDArray[np.int32]
) -> int | None:
    """Return the row of the record of this id, None where there is none.

    `order` is what `order_of` gave; a few records are read, so that no ids need be in memory.
    """
    at = bisect_left(order, id_, key=lambda row: records[row].id)
    return int(order[at]) if at < len(order) and records[order[at]].id == id_ else None
