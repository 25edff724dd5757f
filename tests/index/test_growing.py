"""Vectors that come batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index import growing
from index.dense import DenseIndex, beside
from index.growing import VectorWriter
from index.searches import IndexKind

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import Vectors


def unit(count: int) -> Vectors:
    """Return random unit vectors."""
    made = np.random.default_rng(1).normal(size=(count, 8)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True))


@pytest.mark.parametrize("kind", list(IndexKind))
def test_the_index_is_that_of_all_vectors_at_once(tmp_path: Path, kind: IndexKind) -> None:
    """The vectors themselves stay beside an index in clusters, and beside no other."""
    made, path = unit(400), tmp_path / "some.faiss"
    writer = VectorWriter(path, 8, kind)
    for start in range(0, 400, 130):
        writer.append(made[start : start + 130])
    measured = writer.close()
    assert (measured.kind, measured.vectors) == (kind, 400)
    assert measured.recall > 0.9
    assert beside(path).exists() == (kind is IndexKind.IVF)
    found = DenseIndex.load(path)
    expected = DenseIndex.from_vectors(made, kind=kind)
    rows = np.arange(400)
    assert found.vectors(rows) == pytest.approx(expected.vectors(rows), abs=1e-3)
    _, best = found.search(made[:3], 1)
    assert best.ravel().tolist() == [0, 1, 2]


def test_what_becomes_too_many_goes_on_in_16_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All rows are there, those from before too, and in one file."""
    monkeypatch.setattr(growing, "FP16_UP_TO", 200)
    made, path = unit(400), tmp_path / "some.faiss"
    writer = VectorWriter(path, 8, None)
    writer.append(made[:150])
    assert {each.name for each in tmp_path.iterdir()} == {beside(path).name}
    writer.append(made[150:300])
    writer.append(made[300:])
    assert writer.close().kind is IndexKind.IVF
    kept = np.load(beside(path))
    assert kept.dtype == np.float16
    assert np.array_equal(kept, made.astype(np.float16))
    assert len(DenseIndex.load(path)) == 400


def test_few_stay_exact(tmp_path: Path) -> None:
    """To the last bit."""
    made, path = unit(50), tmp_path / "some.faiss"
    writer = VectorWriter(path, 8, None)
    writer.append(made)
    assert writer.close().kind is IndexKind.FLAT
    assert np.array_equal(DenseIndex.load(path).vectors(np.arange(50)), made)
