"""Arrays on disk."""

import ctypes
import errno
import mmap
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.arrays import (
    GrowingArray,
    GrowingStore,
    fetch_ahead,
    joined,
    load_array,
    load_arrays,
    save_arrays,
    spread,
)


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.5, -1.25], [3.0, 0.0]], np.float32),
        np.array([-128, 127], np.int8),
        np.array([0.1], np.float16),
        np.array(1.5, np.float32),
        np.zeros(0, np.uint32),
        np.zeros((0, 128), np.int8),
    ],
    ids=["matrix", "bytes", "half", "single number", "empty", "no rows"],
)
def test_an_array_comes_back_with_its_type_and_shape(tmp_path: Path, array: NDArray[Any]) -> None:
    """Empty arrays and single numbers are no exception."""
    save_arrays(tmp_path, "store", {"values": array})
    found = load_arrays(tmp_path, "store", ["values"])["values"]
    assert found.dtype == array.dtype
    assert found.shape == array.shape
    assert np.array_equal(found, array)


def test_each_array_has_a_file_of_its_own(tmp_path: Path) -> None:
    """A file is named after the store and the array."""
    save_arrays(tmp_path, "terms", {"start": np.arange(3), "counts": np.arange(2)})
    save_arrays(tmp_path, "tokens", {"start": np.arange(1)})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "terms.counts.npy",
        "terms.start.npy",
        "tokens.start.npy",
    ]
    assert load_arrays(tmp_path, "terms", ["start"])["start"].tolist() == [0, 1, 2]


def test_only_the_keys_asked_for_are_loaded(tmp_path: Path) -> None:
    """The order is that of the keys."""
    save_arrays(tmp_path, "s", {"a": np.arange(1), "b": np.arange(2), "c": np.arange(3)})
    assert list(load_arrays(tmp_path, "s", ["c", "a"])) == ["c", "a"]


def test_loaded_arrays_are_mapped_and_read_only(tmp_path: Path) -> None:
    """A generation is never changed, so nothing may write to its arrays."""
    save_arrays(tmp_path, "s", {"a": np.arange(3)})
    found = load_arrays(tmp_path, "s", ["a"])["a"]
    assert isinstance(found.base, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        found[0] = 5


def test_python_objects_are_never_written(tmp_path: Path) -> None:
    """They would have to be pickled."""
    with pytest.raises(ValueError, match="allow_pickle"):
        save_arrays(tmp_path, "s", {"a": np.array([{}], object)})


def test_pickled_objects_are_never_read(tmp_path: Path) -> None:
    """Unpickling a stranger's file runs whatever it says."""
    np.save(tmp_path / "s.a.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(ValueError, match="object"):
        load_arrays(tmp_path, "s", ["a"])


def test_a_missing_file_is_an_error_of_the_system(tmp_path: Path) -> None:
    """Who loads a generation makes it a typed one."""
    with pytest.raises(FileNotFoundError, match=r"s\.a\.npy"):
        load_arrays(tmp_path, "s", ["a"])


@pytest.mark.parametrize("row", [(), (3,)], ids=["numbers", "rows"])
def test_a_growing_array_is_what_was_added(tmp_path: Path, row: tuple[int, ...]) -> None:
    """A file as `save_arrays` writes it, however many rows came at a time, or none."""
    path = tmp_path / "s.a.npy"
    whole = np.arange(12, dtype=np.float64).reshape(-1, *row)
    growing = GrowingArray(path, np.float32, row)
    for part in (whole[:0], whole[:1], whole[1:]):
        growing.append(part)
    assert len(growing) == len(whole)
    found = growing.close()
    assert found.dtype == np.float32
    assert np.array_equal(found, whole)
    save_arrays(tmp_path, "t", {"a": whole.astype(np.float32)})
    assert path.read_bytes() == (tmp_path / "t.a.npy").read_bytes()
    assert GrowingArray(tmp_path / "none.npy", np.int8, row).close().shape == (0, *row)


def test_a_growing_array_is_none_before_its_end(tmp_path: Path) -> None:
    """What a killed build leaves is refused, never read as fewer rows; so is another shape."""
    growing = GrowingArray(tmp_path / "s.a.npy", np.int64)
    growing.append(np.arange(3))
    with pytest.raises(ValueError, match="rows of shape"):
        growing.append(np.zeros((2, 2), np.int64))
    growing.abandon()
    with pytest.raises((ValueError, EOFError)):
        load_arrays(tmp_path, "s", ["a"])


@given(st.lists(st.lists(st.lists(st.integers(0, 9), max_size=3), max_size=4), min_size=1))
def test_parts_grow_with_their_rows(batches: list[list[list[int]]]) -> None:
    """Batch by batch they are what all of them at once are; and any rows can be taken out."""

    def starts(rows: list[list[int]]) -> NDArray[np.int64]:
        return np.cumsum([0, *map(len, rows)]).astype(np.int64)

    def parts(rows: list[list[int]]) -> NDArray[np.int64]:
        return np.array([part for row in rows for part in row], np.int64)

    with tempfile.TemporaryDirectory() as folder:
        store = GrowingStore(Path(folder), "s")
        for batch in batches:
            store.append_parted(starts(batch), {"parts": parts(batch)})
        found = store.close()
    every = [row for batch in batches for row in batch]
    assert found["start"].tolist() == starts(every).tolist()
    assert found["parts"].tolist() == parts(every).tolist()
    assert joined([starts(batch) for batch in batches]).tolist() == starts(every).tolist()
    backwards = np.arange(len(every))[::-1]
    start, places = spread(starts(every), backwards)
    assert start.tolist() == starts(every[::-1]).tolist()
    assert parts(every)[places].tolist() == parts(every[::-1]).tolist()


def resident(array: NDArray[Any], start: int, end: int) -> bool:
    """Return whether rows of a mapped array, one page each, are in memory."""
    libc = ctypes.CDLL(None, use_errno=True)
    address = array.__array_interface__["data"][0] + start * mmap.PAGESIZE
    first = address - address % mmap.PAGESIZE
    pages = (ctypes.c_ubyte * (end - start + 1))()
    assert libc.mincore(ctypes.c_void_p(first), (end - start) * mmap.PAGESIZE, pages) == 0
    return all(page & 1 for page in pages[: end - start])


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux is asked what it has")
def test_rows_that_will_be_needed_are_read_before_they_are(tmp_path: Path) -> None:
    """Those and, for a file without read-ahead, no others; a row that is asked for is right."""
    path = tmp_path / "rows.npy"
    rows = np.arange(512 * mmap.PAGESIZE, dtype=np.int32).reshape(2048, -1)
    np.save(path, rows)
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    array = load_array(path, is_scattered=True)
    if resident(array, 1000, 1010):
        pytest.skip("this file system keeps every file in memory: nothing is to be seen there")
    fetch_ahead(array[500:], [1000, 7, 20], [1010, 7, 24])
    until = time.monotonic() + 60
    while not (resident(array, 1500, 1510) and resident(array, 520, 524)):
        assert time.monotonic() < until
        time.sleep(0.01)
    assert not resident(array, 1000, 1010)
    assert np.array_equal(array[1500:1510], rows[1500:1510])


def test_a_system_that_has_no_room_for_it_fetches_nothing_ahead() -> None:
    """Rows are read when they are needed, then."""
    asked: list[tuple[int, ...]] = []

    class Full(mmap.mmap):
        def madvise(self, *advice: int) -> None:
            asked.append(advice)
            raise OSError(errno.ENOMEM, "no memory")

    array = np.ndarray((4, mmap.PAGESIZE), np.uint8, buffer=Full(-1, 4 * mmap.PAGESIZE))
    fetch_ahead(array, [0, 3], [1, 4])
    assert [(start, length) for _, start, length in asked] == [
        (0, mmap.PAGESIZE),
        (3 * mmap.PAGESIZE, mmap.PAGESIZE),
    ]


def test_what_is_in_memory_need_not_be_fetched() -> None:
    """Nor does a range without an end after its start."""
    array = np.arange(10)
    fetch_ahead(array, [3, 8], [5, 2])
    assert array.tolist() == list(range(10))
