"""Records on disk, read when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from index.errors import GenerationDamagedError
from index.records import Records, RecordWriter, order_of, row_by_id
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ADAPTER = TypeAdapter(Passage)


def passage(id_: str, text: str) -> Passage:
    """Return a passage that is all of its document."""
    return Passage(id=id_, document_id="d", number=1, of=1, start=0, end=len(text), text=text)


MADE = [passage("c", "Häuser 🙂."), passage("a", "Two\nlines\u2028and more."), passage("b", "x")]


def save(folder: Path, made: Sequence[Passage] = MADE) -> None:
    """Write records, two at first."""
    writer = RecordWriter(folder, "some", _ADAPTER)
    writer.append(made[:2])
    writer.append(made[2:])
    writer.close()


def saved(folder: Path, made: Sequence[Passage] = MADE) -> Records[Passage]:
    """Return records that were written and read again."""
    save(folder, made)
    return Records.load(folder, "some", _ADAPTER)


def test_records_come_back_in_their_order(tmp_path: Path) -> None:
    """One by one, from the end, as slices, and all of them; whatever line ends are in a text."""
    records = saved(tmp_path)
    assert len(records) == 3
    assert list(records) == MADE
    assert [records[0], records[-1]] == [MADE[0], MADE[2]]
    assert records[1:] == MADE[1:]
    assert records[::-2] == MADE[::-2]
    assert records[5:] == []


@pytest.mark.parametrize("at", [3, -4])
def test_there_is_nothing_beyond_the_end(tmp_path: Path, at: int) -> None:
    """As with any sequence."""
    with pytest.raises(IndexError):
        saved(tmp_path)[at]


def test_there_may_be_none(tmp_path: Path) -> None:
    """An empty file can't be mapped."""
    records = saved(tmp_path, [])
    assert (len(records), list(records)) == (0, [])
    assert row_by_id("a", records, order_of([])) is None


def test_a_line_is_looked_at_when_it_is_asked_for(tmp_path: Path) -> None:
    """What is no record is named then, and the others are read all the same."""
    save(tmp_path)
    path = tmp_path / "some.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"?" * (len(lines[1]) - 1) + b"\n" + lines[2])
    records = Records.load(tmp_path, "some", _ADAPTER)
    assert [records[0], records[2]] == [MADE[0], MADE[2]]
    with pytest.raises(GenerationDamagedError, match="line 2 is no record"):
        records[1]


@pytest.mark.parametrize("change", ["shorter", "longer", "empty", "no starts"])
def test_files_that_dont_fit_together_are_said_at_once(tmp_path: Path, change: str) -> None:
    """A line that is missing in part is never read."""
    save(tmp_path)
    path = tmp_path / "some.jsonl"
    data = path.read_bytes()
    if change == "no starts":
        np.save(tmp_path / "some.start.npy", np.zeros(0, np.int64))
    else:
        path.write_bytes({"shorter": data[:-1], "longer": data + b"\n", "empty": b""}[change])
    with pytest.raises(ValueError, match=r"some\.jsonl and some\.start\.npy don't fit together"):
        Records.load(tmp_path, "some", _ADAPTER)


def test_a_file_that_is_missing_is_an_error_of_the_system(tmp_path: Path) -> None:
    """Whoever loads a generation makes a typed error of it."""
    save(tmp_path)
    (tmp_path / "some.jsonl").unlink()
    with pytest.raises(FileNotFoundError):
        Records.load(tmp_path, "some", _ADAPTER)


def test_what_is_read_stays_readable_when_the_file_is_gone(tmp_path: Path) -> None:
    """A generation may be dropped while a question is answered from it."""
    records = saved(tmp_path)
    (tmp_path / "some.jsonl").unlink()
    assert list(records) == MADE


@given(st.lists(st.text(min_size=1), unique=True), st.text())
def test_a_row_is_found_by_its_id(ids: list[str], other: str) -> None:
    """And none for an id that isn't there."""
    records = [passage(id_, "x") for id_ in ids]
    order = order_of([record.id for record in records])
    for id_ in (*ids, other):
        found = row_by_id(id_, records, order)
        assert found == (ids.index(id_) if id_ in ids else None)
