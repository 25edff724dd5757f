"""Arrays on disk: one .npy file each, memory-mapped when loaded, never pickled."""

from __future__ import annotations

import mmap
from contextlib import suppress
from dataclasses import fields
from io import BytesIO
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray

__all__ = [
    "ArrayStore",
    "GrowingArray",
    "GrowingStore",
    "fetch_ahead",
    "joined",
    "load_array",
    "load_arrays",
    "read_through",
    "save_arrays",
    "spread",
]


_BLOCK = 1 << 20


class ArrayStore:
    """What a dataclass whose fields are all arrays inherits: to be saved, and mapped again."""

    __slots__ = ()

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Map what `save` wrote, read-only."""
        return cls(**load_arrays(folder, name, _fields_of(cls)))

    def save(self, folder: Path, name: str) -> None:
        """Write each field to `<name>.<field>.npy`."""
        save_arrays(folder, name, {field: getattr(self, field) for field in _fields_of(self)})


def save_arrays(folder: Path, name: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write each array to `<name>.<key>.npy`."""
    for key, array in arrays.items():
        np.save(folder / f"{name}.{key}.npy", array, allow_pickle=False)


def load_arrays(
    folder: Path, name: str, keys: Iterable[str], *, is_scattered: bool = False
) -> dict[str, Any]:
    """Map the arrays that `save_arrays` wrote under these keys, as `load_array` does."""
    return {
        key: load_array(folder / f"{name}.{key}.npy", is_scattered=is_scattered) for key in keys
    }


def load_array(path: Path, *, is_scattered: bool = False) -> NDArray[Any]:
    """Map the array in a file, read-only.

    Of a large one that is read a few rows here and there, which `is_scattered` says, the system
    reads no more than is asked for: what it would read ahead pushes out what is needed again.
    """
    mapped: Any = np.load(path, mmap_mode="r", allow_pickle=False)
    if is_scattered and hasattr(mmap, "MADV_RANDOM"):  # not on Windows
        with suppress(OSError):  # it is advice
            mapped._mmap.madvise(mmap.MADV_RANDOM)  # noqa: SLF001 -- numpy has no other way to it
    # As a plain array over the mapped file: slicing a memmap costs ten times as much.
    return np.asarray(mapped)


def fetch_ahead(array: NDArray[Any], starts: Iterable[int], ends: Iterable[int]) -> None:
    """Have the system begin to read these rows of a mapped array, all before any is waited for.

    Disks do many reads in hardly more time than one. An array in memory is left alone.
    """
    mapped = _mapped_under(array)
    if mapped is None or not hasattr(mmap, "MADV_WILLNEED"):  # not on Windows
        return
    first = array.__array_interface__["data"][0] - np.frombuffer(mapped, np.uint8).ctypes.data
    row_bytes = array.strides[0]
    for start, end in zip(starts, ends, strict=True):
        at = first + start * row_bytes
        begin = at - at % mmap.PAGESIZE
        if end > start:
            with suppress(OSError):  # it is advice: what can't be read now is read when needed
                mapped.madvise(mmap.MADV_WILLNEED, begin, first + end * row_bytes - begin)


def read_through(path: Path) -> None:
    """Have the system read a whole file, which is many times as fast as page by page.

    Raises:
        OSError: it can't be read.
    """
    block = bytearray(_BLOCK)
    with path.open("rb", buffering=0) as file:
        while file.readinto(block):
            pass


def _mapped_under(array: NDArray[Any]) -> mmap.mmap | None:
    """Return the file that an array is a view of."""
    below: Any = array
    while isinstance(below, np.ndarray):
        below = below.base
    return below if isinstance(below, mmap.mmap) else None


def spread(
    start: NDArray[np.int64], rows: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where each of these rows' parts begin among their parts alone, and all those parts.

    Row i has the parts `start[i]` up to `start[i + 1]`.
    """
    first, sizes = start[rows], start[rows + 1] - start[rows]
    begins = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return begins, np.repeat(first - begins[:-1], sizes) + np.arange(begins[-1])


def joined(starts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """Return where rows' parts begin when the parts of several stores are joined."""
    ends = np.cumsum([0, *(int(each[-1]) for each in starts)])
    moved = [each[:-1] + end for each, end in zip(starts, ends.tolist(), strict=False)]
    return np.concatenate([*moved, ends[-1:]]).astype(np.int64)


class GrowingArray:
    """An array in a .npy file of its own, to which rows are added; none of them stays in memory.

    Its header, which says how many there are, is written last: until then the file is no array.
    """

    def __init__(self, path: Path, dtype: DTypeLike, row: tuple[int, ...] = ()) -> None:
        """Begin a file; each of its rows has the shape `row`."""
        self._path = path
        self._dtype = np.dtype(dtype)
        self._row = row
        self._count = 0
        self._header_bytes = len(self._header())
        self._file = path.open("wb")
        self._file.seek(self._header_bytes)

    def __len__(self) -> int:
        """How many rows were added."""
        return self._count

    def append(self, rows: NDArray[Any]) -> None:
        """Add rows at the end."""
        if rows.shape[1:] != self._row:
            raise ValueError(f"rows of shape {self._row} are wanted, not {rows.shape[1:]}")
        self._file.write(np.ascontiguousarray(rows, self._dtype).reshape(-1).view(np.uint8).data)
        self._count += len(rows)

    def close(self) -> NDArray[Any]:
        """End the file and return the array, mapped."""
        self._file.seek(0)
        self._file.write(self._header())
        self._file.close()
        return load_array(self._path)

    def abandon(self) -> None:
        """Let go of the file, whether it was ended or not."""
        self._file.close()

    def _header(self) -> bytes:
        header = BytesIO()
        shape = (self._count, *self._row)
        # numpy leaves room in it, so that the first dimension may grow.
        np.lib.format.write_array_header_1_0(
            header,
            {
                "descr": np.lib.format.dtype_to_descr(self._dtype),
                "fortran_order": False,
                "shape": shape,
            },
        )
        return header.getvalue()


def _fields_of(store: Any) -> list[str]:
    return [field.name for field in fields(store)]


class GrowingStore:
    """Arrays of one name, each in a file that `load_arrays` finds, to which rows are added."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._arrays: dict[str, GrowingArray] = {}

    def append(self, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Add rows to each array; what comes first says of what type and shape its rows are."""
        for key, rows in arrays.items():
            if key not in self._arrays:
                path = self._folder / f"{self._name}.{key}.npy"
                self._arrays[key] = GrowingArray(path, rows.dtype, rows.shape[1:])
            self._arrays[key].append(rows)

    def append_parted(self, start: NDArray[np.int64], arrays: Mapping[str, NDArray[Any]]) -> None:
        """Add rows of several parts each: those of row i are `start[i]` up to `start[i + 1]`."""
        end = 0
        if "start" in self._arrays:
            end = len(self._arrays[next(iter(arrays))])
            start = start[1:]
        self.append({"start": start + end})
        self.append(arrays)

    def close(self) -> dict[str, NDArray[Any]]:
        """End the files and return the arrays, mapped."""
        return {key: each.close() for key, each in self._arrays.items()}

    def abandon(self) -> None:
        """Let go of the files, whether they were ended or not."""
        for each in self._arrays.values():
            each.abandon()
