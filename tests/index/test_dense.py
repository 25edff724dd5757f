"""Nearest vectors by inner product: exact, in 16 bits, and in clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.dense import DenseIndex
from index.searches import EXACT_UP_TO, FP16_UP_TO, MIN_RECALL, IndexKind, kind_for

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.types import Vectors

    Rows = NDArray[np.int64]


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


def unit_vectors(count: int, dimension: int, *, seed: int = 11) -> Vectors:
    """Return random unit vectors that lie in forty bundles, as those of texts do."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(0).normal(size=(40, dimension))
    made = centres[random.integers(40, size=count)] + random.normal(size=(count, dimension))
    unit: Vectors = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return unit


def best_of(made: Vectors, asked: Vectors, allowed: Rows, k: int) -> Rows:
    """Return the rows of the `k` best of those allowed, each query's in one row."""
    cosines = asked @ made[allowed].T
    found: Rows = allowed[np.argsort(-cosines, axis=1, kind="stable")[:, :k]]
    return found


@pytest.fixture(scope="module")
def made() -> Vectors:
    """Return vectors enough for clusters, and for more than one block of them."""
    return unit_vectors(70_000, 16)


@pytest.fixture(scope="module")
def clusters(made: Vectors) -> DenseIndex:
    """Return an index of them in clusters, its probes chosen."""
    index = DenseIndex.from_vectors(made, kind=IndexKind.IVF)
    index.tune(made)
    return index


@pytest.mark.parametrize(
    ("count", "kind"),
    [
        (0, "flat"),
        (EXACT_UP_TO, "flat"),
        (EXACT_UP_TO + 1, "fp16"),
        (FP16_UP_TO, "fp16"),
        (FP16_UP_TO + 1, "ivf"),
    ],
)
def test_the_number_decides_how_vectors_are_kept(count: int, kind: str) -> None:
    """Exact as long as that is fast."""
    assert kind_for(count) == kind


def test_an_exact_search_has_nothing_to_measure(index: DenseIndex) -> None:
    """It finds all there is; one of 16 bits is held against it."""
    found = index.tune(vectors((1, 0)))
    assert (found.kind, found.vectors, found.recall, found.probes) == ("flat", 4, 1.0, 0)
    half = DenseIndex.from_vectors(vectors((1, 0), (0, 1)), kind=IndexKind.FP16)
    found = half.tune(vectors((1, 0), (0, 1)))
    assert (found.kind, found.recall) == ("fp16", 1.0)


def test_clusters_are_searched_until_the_recall_will_do(made: Vectors) -> None:
    """Also for what it was not measured with."""
    index = DenseIndex.from_vectors(made, kind=IndexKind.IVF)
    asked = unit_vectors(100, 16, seed=3)
    true = best_of(made, asked, np.arange(len(made)), 10)

    def recall() -> float:
        _, rows = index.search(asked, 10)
        return float(
            np.mean([np.isin(some, all_).mean() for some, all_ in zip(rows, true, strict=True)])
        )

    before = recall()
    measured = index.tune(made)
    assert before < MIN_RECALL <= measured.recall <= 1.0
    assert recall() >= MIN_RECALL - 0.02
    assert measured.kind == "ivf"
    assert measured.vectors == len(made)
    assert measured.probes > 1


def test_scores_of_clusters_are_cosines_to_16_bits(made: Vectors, clusters: DenseIndex) -> None:
    """Best first, and no row twice."""
    scores, rows = clusters.search(made[:20], 10)
    assert rows[:, 0].tolist() == list(range(20))
    cosines = np.einsum("nd,nkd->nk", made[:20], made[rows])
    assert scores == pytest.approx(cosines, abs=2e-3)
    assert (np.diff(scores, axis=1) <= 0).all()
    assert all(len(set(row)) == 10 for row in rows.tolist())


@pytest.mark.parametrize("share", [1.0, 0.9, 0.5, 0.2, 0.1, 0.01, 0.0001, 0.0])
def test_clusters_are_searched_within_scopes_of_any_size(
    made: Vectors, clusters: DenseIndex, share: float
) -> None:
    """As many as there are, only of those let in, and nearly all of the best."""
    within = np.random.default_rng(1).random(len(made)) < share
    asked = unit_vectors(50, 16, seed=4)
    scores, rows = clusters.search(asked, 10, within=within)
    allowed = np.flatnonzero(within)
    true = best_of(made, asked, allowed, 10)
    assert scores.shape == rows.shape == true.shape
    assert within[rows].all()
    found = [
        np.isin(some, all_).mean() for some, all_ in zip(rows, true, strict=True) if len(all_)
    ]
    assert not found or np.mean(found) >= MIN_RECALL - 0.02


def test_a_scope_that_is_one_far_corner_is_searched_to_its_end(
    made: Vectors, clusters: DenseIndex
) -> None:
    """Where the clusters nearest to the question hold none of it, more are searched."""
    asked = made[:1]
    within = np.zeros(len(made), bool)
    within[np.argsort(made @ asked[0])[:10_000]] = True
    _, rows = clusters.search(asked, 40, within=within)
    assert rows.shape == (1, 40)
    assert within[rows].all()
    assert len(set(rows[0].tolist())) == 40


def test_of_a_few_vectors_in_clusters_all_are_found() -> None:
    """Fewer than the clusters would have wanted, and fewer than asked for."""
    few = unit_vectors(5, 8)
    index = DenseIndex.from_vectors(few, kind=IndexKind.IVF)
    assert index.tune(few).recall == 1.0
    _, rows = index.search(few, 10)
    assert sorted(rows[0].tolist()) == list(range(5))


@pytest.mark.parametrize("kind", list(IndexKind))
def test_each_kind_finds_the_same_after_it_was_saved(tmp_path: Path, kind: IndexKind) -> None:
    """Its probes are kept with it; vectors come back too, to 16 bits at least."""
    made = unit_vectors(3000, 16)
    index = DenseIndex.from_vectors(made, kind=kind)
    measured = index.tune(made)
    index.save(tmp_path / "vectors.faiss")
    loaded = DenseIndex.load(tmp_path / "vectors.faiss")
    assert (len(loaded), loaded.dimension) == (3000, 16)
    assert loaded.tune(made) == measured
    within = np.arange(3000) % 3 > 0
    for scope in (None, within):
        before = index.search(made[:7], 12, within=scope)
        after = loaded.search(made[:7], 12, within=scope)
        assert [each.tolist() for each in before] == [each.tolist() for each in after]
    rows = np.array([5, 2999, 5], np.int64)
    assert loaded.vectors(rows) == pytest.approx(made[rows], abs=1e-3)


def test_the_same_vectors_give_the_same_clusters(tmp_path: Path) -> None:
    """To the byte, so that a build can be repeated."""
    made = unit_vectors(3000, 16)
    for name in ("one", "two"):
        index = DenseIndex.from_vectors(made, kind=IndexKind.IVF)
        index.tune(made)
        index.save(tmp_path / f"{name}.faiss")
    assert (tmp_path / "one.faiss").read_bytes() == (tmp_path / "two.faiss").read_bytes()


def test_clusters_without_their_vectors_or_with_others_are_damage(tmp_path: Path) -> None:
    """A file beside it that does not fit is said at once."""
    made = unit_vectors(300, 16)
    path = tmp_path / "vectors.faiss"
    DenseIndex.from_vectors(made, kind=IndexKind.IVF).save(path)
    np.save(tmp_path / "vectors.vectors.npy", made[:299].astype(np.float16))
    with pytest.raises(ValueError, match="don't fit together"):
        DenseIndex.load(path)
    (tmp_path / "vectors.vectors.npy").unlink()
    with pytest.raises(ValueError, match="don't fit together"):
        DenseIndex.load(path)


def test_letting_everything_in_changes_nothing(index: DenseIndex) -> None:
    """The same scores and rows as without."""
    asked = vectors((1, 0), (0, 1))
    everything = np.ones(len(index), bool)
    plain, bounded = index.search(asked, 3), index.search(asked, 3, within=everything)
    assert [each.tolist() for each in plain] == [each.tolist() for each in bounded]
