"""A few small arrays as bytes and back: their types and shapes are stated, and checked."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import DTypeLike, NDArray

__all__ = ["pack", "unpack"]

_MAX_DIMENSIONS = 2
_SHAPE = struct.Struct("<II")


def pack(arrays: Sequence[NDArray[Any]]) -> bytes:
    """Return the arrays' shapes and bytes, one after another; each has one dimension or two."""
    parts = []
    for array in arrays:
        rows, columns = array.shape if array.ndim == _MAX_DIMENSIONS else (len(array), 0)
        little = array.astype(array.dtype.newbyteorder("<"), copy=False)
        parts += [_SHAPE.pack(rows, columns), little.tobytes()]
    return b"".join(parts)


def unpack(data: bytes, dtypes: Sequence[DTypeLike]) -> list[NDArray[Any]]:
    """Return read-only arrays over what `pack` gave, of these types.

    Raises:
        ValueError: the bytes hold something else.
    """
    arrays = []
    at = 0
    for dtype in dtypes:
        if len(data) < at + _SHAPE.size:
            raise ValueError("too short for another array")
        rows, columns = _SHAPE.unpack_from(data, at)
        at += _SHAPE.size
        count = rows * columns if columns else rows
        array = np.frombuffer(data, np.dtype(dtype).newbyteorder("<"), count, at)
        at += array.nbytes
        arrays.append(array.reshape(rows, columns) if columns else array)
    if at != len(data):
        raise ValueError("longer than its arrays")
    return arrays
