"""Exact nearest vectors by inner product: the one module that imports faiss."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import faiss
import numpy as np

if TYPE_CHECKING:
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
    def from_bytes(cls, data: bytes) -> Self:
        """Restore an index from `to_bytes`. Check the bytes first: FAISS trusts them."""
        return cls(faiss.deserialize_index(np.frombuffer(data, dtype=np.uint8)))

    def to_bytes(self) -> bytes:
        """Return the index in FAISS's own format."""
        return bytes(faiss.serialize_index(self._engine).tobytes())

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return int(self._engine.d)

    def __len__(self) -> int:
        """How many vectors it holds."""
        return int(self._engine.ntotal)

    def search(self, queries: Vectors, k: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the scores and rows of the `k` best vectors for each query, best first.

        Both are `(n, min(k, len(self)))`-shaped.
        """
        scores, rows = self._engine.search(
            np.ascontiguousarray(queries, dtype=np.float32), min(k, len(self))
        )
        return scores, rows
