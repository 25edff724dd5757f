"""Exact nearest vectors by inner product."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.dense import EXACT_UP_TO, DenseIndex

if TYPE_CHECKING:
    from pathlib import Path

    from index.types import Vectors


def vectors(*rows: tuple[float, ...]) -> Vectors:
    """Return rows as float32."""
    return np.array(rows, np.float32)


@pytest.fixture
def index() -> DenseIndex:
    """Return an index of four unit vectors in the plane."""
    return DenseIndex.from_vectors(vectors((1, 0), (0, 1), (-1, 0), (0.6, 0.8)))


def test_the_best_come_first_with_their_cosines(index: DenseIndex) -> None:
    """Higher is better, and every query has a row of its own."""
    scores, rows = index.search(vectors((1, 0), (0, 1)), 3)
    assert rows.tolist() == [[0, 3, 1], [1, 3, rows[1, 2]]]
    assert rows[1, 2] in {0, 2}
    assert scores.tolist() == [
        pytest.approx([1.0, 0.6, 0.0]),
        pytest.approx([1.0, 0.8, 0.0]),
    ]


def test_no_more_is_found_than_there_is(index: DenseIndex) -> None:
    """Asking for ten of four gives four."""
    scores, rows = index.search(vectors((1, 0)), 10)
    assert (scores.shape, rows.shape) == ((1, 4), (1, 4))
    assert rows.tolist() == [[0, 3, 1, 2]]
    assert scores.tolist() == [pytest.approx([1.0, 0.6, 0.0, -1.0])]


def test_the_index_knows_its_size(index: DenseIndex) -> None:
    """So many vectors, so long."""
    assert (len(index), index.dimension) == (4, 2)


def test_vectors_come_back_as_they_went_in(index: DenseIndex) -> None:
    """By row, in the order that was asked for, twice if asked for twice."""
    found = index.vectors(np.array([3, 0, 3], np.int64))
    assert found.dtype == np.float32
    assert found.tolist() == vectors((0.6, 0.8), (1, 0), (0.6, 0.8)).tolist()


def test_what_was_saved_finds_the_same(index: DenseIndex, tmp_path: Path) -> None:
    """Scores and rows are equal to the last bit."""
    path = tmp_path / "vectors.faiss"
    index.save(path)
    loaded = DenseIndex.load(path)
    query = vectors((0.8, 0.6), (-0.6, 0.8))
    scores, rows = index.search(query, 4)
    scores_again, rows_again = loaded.search(query, 4)
    assert scores_again.tolist() == scores.tolist()
    assert rows_again.tolist() == rows.tolist()
    assert (len(loaded), loaded.dimension) == (4, 2)


def test_another_file_is_no_index(tmp_path: Path) -> None:
    """The message names the file."""
    path = tmp_path / "vectors.faiss"
    path.write_bytes(b"not an index")
    with pytest.raises(ValueError, match=r"vectors\.faiss is not a FAISS index$"):
        DenseIndex.load(path)


def test_any_layout_of_the_vectors_will_do() -> None:
    """A transposed double-precision array is indexed by its rows."""
    transposed = np.array([[1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]).T.astype(np.float64).T
    index = DenseIndex.from_vectors(np.asfortranarray(transposed).astype(np.float32, order="K"))
    _, rows = index.search(vectors((0.6, 0.8)), 1)
    assert rows.tolist() == [[2]]


def test_random_vectors_are_ranked_exactly() -> None:
    """The ranking is that of the inner products, computed here in full."""
    rng = np.random.default_rng(7)
    made = rng.normal(size=(200, 16)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    scores, rows = DenseIndex.from_vectors(made).search(made[:5], 20)
    products = made[:5] @ made.T
    for query in range(5):
        assert rows[query, 0] == query
        assert rows[query].tolist() == np.argsort(-products[query], kind="stable")[:20].tolist()
    assert scores == pytest.approx(np.take_along_axis(products, rows, axis=1), abs=1e-6)


@pytest.mark.parametrize("count", [300, EXACT_UP_TO + 1])
def test_only_what_is_let_in_is_found(count: int) -> None:
    """However few, and whichever way the vectors are kept; the best of them, best first."""
    random = np.random.default_rng(5)
    made = random.normal(size=(count, 8)).astype(np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    index = DenseIndex.from_vectors(made)
    for share in (0.5, 0.01, 0.0):
        within = random.random(count) < share
        within[7] |= share > 0
        scores, rows = index.search(made[:2], 12, within=within)
        allowed = np.flatnonzero(within)
        cosines = made[:2] @ index.vectors(allowed).T
        best = np.argsort(-cosines, axis=1)[:, :12]
        assert rows.tolist() == allowed[best].tolist()
        assert scores == pytest.approx(np.take_along_axis(cosines, best, axis=1), abs=1e-5)


def test_letting_everything_in_changes_nothing(index: DenseIndex) -> None:
    """The same scores and rows as without."""
    asked = vectors((1, 0), (0, 1))
    everything = np.ones(len(index), bool)
    plain, bounded = index.search(asked, 3), index.search(asked, 3, within=everything)
    assert [each.tolist() for each in plain] == [each.tolist() for each in bounded]
