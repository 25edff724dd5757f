"""Vectors that come batch by batch, and the index made of them at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.arrays import GrowingArray
from index.dense import DenseIndex, beside
from index.searches import FP16_UP_TO, IndexKind, kind_for

if TYPE_CHECKING:
    from pathlib import Path

    from index.searches import Measured
    from index.types import Vectors

__all__ = ["VectorWriter"]

_BLOCK = 1 << 16  # rows at a time


class VectorWriter:
    """Writes vectors to a file, in 16 bits as soon as they are too many to be kept in 32.

    So that file is the one beside an index in clusters, and there is never a second copy.
    """

    def __init__(self, path: Path, dimension: int, kind: IndexKind | None) -> None:
        """Begin an index that will be at `path`; without a `kind`, their number decides."""
        self._path = path
        self._kind = kind
        self._dimension = dimension
        self._vectors = self._file(np.float16 if kind is IndexKind.IVF else np.float32)

    def append(self, vectors: Vectors) -> None:
        """Add rows at the end."""
        self._vectors.append(vectors)
        if self._kind is None and len(self._vectors) > FP16_UP_TO:
            self._kind = IndexKind.IVF
            whole = self._vectors.close()
            beside(self._path).unlink()  # it stays readable for as long as it is mapped
            self._vectors = self._file(np.float16)
            for start in range(0, len(whole), _BLOCK):
                self._vectors.append(whole[start : start + _BLOCK])

    def close(self) -> Measured:
        """Make the index, and say how it is searched."""
        vectors = self._vectors.close()
        kind = self._kind or kind_for(len(vectors))
        index = DenseIndex.from_vectors(vectors, kind=kind)
        measured = index.tune(vectors)
        index.save(self._path, is_kept=True)
        if kind is not IndexKind.IVF:
            beside(self._path).unlink()
        return measured

    def abandon(self) -> None:
        """Let go of the file, whether it was ended or not."""
        self._vectors.abandon()

    def _file(self, dtype: type[np.floating]) -> GrowingArray:
        return GrowingArray(beside(self._path), dtype, (self._dimension,))
