"""Nearest vectors by inner product: the one module that imports faiss.

`index.searches` says which kinds of index there are, and when each is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import faiss
import numpy as np

from index.arrays import load_array, read_through
from index.searches import MIN_RECALL, IndexKind, Measured, kind_for

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.types import Vectors

__all__ = ["DenseIndex", "beside"]

_MEASURED_AT = 10
_MEASURED_ON = 200  # queries
_AS_FAR = 1.6  # the norm of what is added to a unit vector: the cosine with it is .53 then
_TRAINED_ON = 64  # vectors for each cluster
_ROUNDS = 10  # of k-means
_WIDENING = 3  # so many more are fetched than asked for, and ranked again exactly
_LEAST_FETCHED = 480
_CODE_BITS = 4
_SHORT = 64  # numbers: of vectors up to there each takes a code, of longer ones every two
_FEW = 8192  # vectors: to compare with all of them takes no longer than to search clusters
_BLOCK = 1 << 16  # rows at a time


class DenseIndex:
    """A FAISS index over unit vectors; a score is a cosine in [-1, 1], higher is better."""

    def __init__(self, engine: faiss.Index, kept: NDArray[np.float16] | None = None) -> None:
        """Wrap an engine; an approximate one comes with the vectors themselves."""
        self._engine = engine
        self._kept = kept
        self._clusters: Any = faiss.downcast_index(engine)  # whoever reads one finds its own class

    @classmethod
    def from_vectors(cls, vectors: Vectors, *, kind: IndexKind | None = None) -> Self:
        """Index an `(n, d)` array; row i is found again as i.

        Without a `kind`, the number of vectors decides. The same vectors always give the same
        index.
        """
        kind, dimension = kind or kind_for(len(vectors)), vectors.shape[1]
        if kind is IndexKind.IVF:
            return cls(_clustered(vectors), np.asarray(vectors, np.float16))
        engine: faiss.Index
        if kind is IndexKind.FLAT:
            engine = faiss.IndexFlatIP(dimension)
        else:
            engine = faiss.IndexScalarQuantizer(
                dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
            )
            engine.train(np.ascontiguousarray(vectors[:1], dtype=np.float32))
        _add(engine, vectors)
        return cls(engine)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Restore an index from `save`, mapped as far as FAISS can. Check the file first.

        Raises:
            ValueError: FAISS can't read it.
        """
        kept_at = beside(path)
        try:
            if kept_at.exists():  # clusters are taken into memory, by FAISS page by page
                read_through(path)
            engine = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        except (OSError, RuntimeError) as error:
            raise ValueError(f"{path} is not a FAISS index") from error
        kept = load_array(kept_at, is_scattered=True) if kept_at.exists() else None
        shape = (engine.ntotal, engine.d) if isinstance(engine, faiss.IndexIVFPQFastScan) else None
        if shape != getattr(kept, "shape", None):
            raise ValueError(f"{path.name} and {kept_at.name} don't fit together")
        return cls(engine, kept)

    def save(self, path: Path, *, is_kept: bool = False) -> None:
        """Write it in FAISS's own format, and kept vectors `beside` it unless they are there."""
        if self._kept is not None and not is_kept:
            np.save(beside(path), self._kept, allow_pickle=False)
        try:
            faiss.write_index(self._engine, str(path))
        except RuntimeError as error:  # so FAISS says that a disk is full
            raise OSError(f"{path.name} can't be written") from error

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._engine.d)

    def __len__(self) -> int:
        """How many vectors it holds."""
        return int(self._engine.ntotal)

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of these rows, `(len(rows), d)`-shaped."""
        if self._kept is not None:
            return self._kept[rows].astype(np.float32)
        return np.asarray(self._engine.reconstruct_batch(np.ascontiguousarray(rows, np.int64)))

    def search(
        self, queries: Vectors, k: int, *, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the scores and rows of the `k` best vectors for each query, best first.

        `within`, `(len(self),)`-shaped, says which rows may be found. Both results are
        `(n, min(k, m))`-shaped, where m is their number.
        """
        asked = np.ascontiguousarray(queries, dtype=np.float32)
        if self._kept is not None:
            return self._search_clusters(asked, self._kept, k, within)
        if within is None:
            scores, rows = self._engine.search(asked, min(k, len(self)))
            return scores, rows
        count = min(k, int(np.count_nonzero(within)))
        allowed = faiss.SearchParameters(sel=_selector(within))  # type: ignore[call-arg]
        scores, rows = self._engine.search(asked, max(count, 1), params=allowed)
        return scores[:, :count], rows[:, :count]

    def tune(self, vectors: Vectors) -> Measured:
        """Measure the recall@10, and search more clusters until it is `MIN_RECALL`.

        `vectors` are those that it was made from: an exact search is over them, and what is asked
        for is some of them, moved farther away than a question is from what answers it.
        """
        if isinstance(self._engine, faiss.IndexFlat):
            return Measured(kind=IndexKind.FLAT, vectors=len(self), recall=1.0, probes=0)
        asked = _like_questions(vectors)
        _, true = _nearest(asked, vectors, np.arange(len(self)), min(_MEASURED_AT, len(self)))
        recall = _overlap(self.search(asked, true.shape[1])[1], true)
        if self._kept is None:
            return Measured(kind=IndexKind.FP16, vectors=len(self), recall=recall, probes=0)
        while recall < MIN_RECALL and self._clusters.nprobe < self._clusters.nlist:
            self._clusters.nprobe = min(2 * self._clusters.nprobe, self._clusters.nlist)
            recall = _overlap(self.search(asked, true.shape[1])[1], true)
        probes = int(self._clusters.nprobe)
        return Measured(kind=IndexKind.IVF, vectors=len(self), recall=recall, probes=probes)

    def _search_clusters(
        self,
        asked: Vectors,
        kept: NDArray[np.float16],
        k: int,
        within: NDArray[np.bool_] | None,
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        probes, named = int(self._clusters.nprobe), {}
        count = len(self) if within is None else int(np.count_nonzero(within))
        if within is not None:
            if count <= _FEW:
                return _nearest(asked, kept, np.flatnonzero(within), k)
            probes = min(probes * len(self) // count, int(self._clusters.nlist))
            named = {"sel": _selector(within)}
        wanted = min(k, count)
        while True:
            parameters = faiss.SearchParametersIVF(nprobe=probes, **named)  # type: ignore[call-arg]
            fetched = min(max(_WIDENING * wanted, _LEAST_FETCHED), count)
            _, found = self._engine.search(asked, fetched, params=parameters)
            if (found[:, wanted - 1] >= 0).all() or probes >= self._clusters.nlist:
                break
            probes = min(4 * probes, int(self._clusters.nlist))  # too few were in those clusters
        scores = np.einsum("nd,nkd->nk", asked, self.vectors(found))
        scores[found < 0] = -np.inf
        order = np.argsort(-scores, axis=1, kind="stable")[:, :wanted]
        return np.take_along_axis(scores, order, 1), np.take_along_axis(found, order, 1)


def _nearest(
    asked: Vectors, vectors: NDArray[np.floating], rows: NDArray[np.int64], k: int
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Compare with every vector of these rows, and return the best as `search` does."""
    best = np.empty((len(asked), 0), np.float32)
    places = np.empty((len(asked), 0), np.int64)
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        some = np.ascontiguousarray(vectors[block], np.float32)
        scores, at = faiss.knn(asked, some, min(k, len(block)), metric=faiss.METRIC_INNER_PRODUCT)
        best = np.hstack([best, scores])
        places = np.hstack([places, block[at]])
        order = np.argsort(-best, axis=1, kind="stable")[:, :k]
        best = np.take_along_axis(best, order, 1)
        places = np.take_along_axis(places, order, 1)
    return best, places


def _clustered(vectors: Vectors) -> faiss.Index:
    """Return an inverted file over k-means clusters, some twice √n, of product-quantised vectors.

    Two numbers take 4 bits, looked up in the processor's registers. That only has to find what is
    then ranked by the vectors themselves. Source: André et al., "Quicker ADC", IEEE TPAMI 2021.
    """
    count, dimension = vectors.shape
    codes = dimension if dimension <= _SHORT or dimension % 2 else dimension // 2
    clusters = max(1, min(2 ** round(np.log2(2 * max(count, 1) ** 0.5)), count, 1 << 16))
    engine = faiss.IndexIVFPQFastScan(
        faiss.IndexFlatIP(dimension),
        dimension,
        clusters,
        codes,
        _CODE_BITS,
        faiss.METRIC_INNER_PRODUCT,
    )
    engine.cp.niter = _ROUNDS
    engine.cp.max_points_per_centroid = _TRAINED_ON
    engine.cp.min_points_per_centroid = 1  # it warns of fewer, where few is all there is
    sample = np.random.default_rng(0).permutation(count)[: _TRAINED_ON * clusters]
    sample = np.resize(np.sort(sample), max(len(sample), 2**_CODE_BITS))  # codes need that many
    engine.train(np.ascontiguousarray(vectors[sample], np.float32))
    _add(engine, vectors)
    engine.nprobe = max(1, clusters // 32)
    return engine


def _add(engine: faiss.Index, vectors: Vectors) -> None:
    for start in range(0, len(vectors), _BLOCK):
        engine.add(np.ascontiguousarray(vectors[start : start + _BLOCK], np.float32))


def _like_questions(vectors: Vectors) -> Vectors:
    count, dimension = vectors.shape
    every = np.linspace(0, count - 1, min(_MEASURED_ON, count)).astype(np.int64)
    noise = np.random.default_rng(0).standard_normal((len(every), dimension), np.float32)
    asked = vectors[every] + noise * (_AS_FAR / dimension**0.5)
    return np.asarray(asked / np.linalg.norm(asked, axis=1, keepdims=True), np.float32)


def _overlap(found: NDArray[np.int64], true: NDArray[np.int64]) -> float:
    """Return the mean share of each row's true values that were found."""
    pairs = zip(found.tolist(), true.tolist(), strict=True)
    return float(np.mean([len(set(some) & set(all_)) / len(all_) for some, all_ in pairs]))


def _selector(within: NDArray[np.bool_]) -> faiss.IDSelectorBitmap:
    # The stubs know the C++ constructors only.
    return faiss.IDSelectorBitmap(np.packbits(within, bitorder="little"))  # type: ignore[call-arg, arg-type]


def beside(path: Path) -> Path:
    """Return where an index in a file keeps the vectors themselves, if it does."""
    return path.with_suffix(".vectors.npy")
