"""Exact nearest vectors by inner product: the one module that imports faiss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import faiss
import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.types import Vectors

__all__ = ["DenseIndex"]


class DenseIndex:
    """A FAISS flat index over unit vectors; a score is a cosine in [-1, 1], higher is better."""

    def __init__(self, engine: faiss.Index) -> None:
        self._engine = engine

    @classmethod
    def from_vectors(cls, vectors: Vectors) -> Self:
        """Index an `(n, d)` array; row i is found again as i."""
        engine = faiss.IndexFlatIP(vectors.shape[1])
        engine.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(engine)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Restore an index from `save`. Check the file first: FAISS trusts it.

        Raises:
            ValueError: FAISS can't read it.
        """
        try:
            return cls(faiss.read_index(str(path)))
        except RuntimeError as error:
            raise ValueError(f"{path} is not a FAISS index") from error

    def save(self, path: Path) -> None:
        """Write the index in FAISS's own format."""
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
        found: Vectors = self._engine.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        return found

    def search(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the scores and rows of the `k` best vectors for each query, best first.

        Both are `(n, min(k, len(self)))`-shaped.
        """
        scores, rows = self._engine.search(
            np.ascontiguousarray(queries, dtype=np.float32), min(k, len(self))
        )
        return scores, rows
