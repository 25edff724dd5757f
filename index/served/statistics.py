"""What of a whole generation weighs the words of a few passages, as bytes and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.packing import pack, unpack
from index.served.assembling import Statistics
from index.terms import TermStatistics
from index.tokens import PieceStatistics, Projection

if TYPE_CHECKING:
    from collections.abc import Mapping

    from index.arrays import ArrayStore
    from index.generation import Generation

__all__ = ["STATISTICS", "statistics_of", "statistics_pieces"]


def statistics_pieces(generation: Generation) -> dict[str, bytes]:
    """Return what of the whole generation weighs words, by the names of `Statistics`."""
    stores: dict[str, ArrayStore] = {
        "terms": generation.terms.statistics,
        "document_terms": generation.document_terms.statistics,
        "words": generation.tokens.statistics,
        "projection": generation.projection,
    }
    return {
        name: pack([np.atleast_1d(getattr(store, field)) for field in _STORES[name][1]])
        for name, store in stores.items()
    }


def statistics_of(pieces: Mapping[str, bytes]) -> Statistics:
    """Return what `statistics_pieces` gave.

    Raises:
        ValueError: the bytes hold something else.
        KeyError: one is missing.
    """
    return Statistics(**{name: _unpacked(name, pieces[name]) for name in _STORES})


_OF_TERMS = {"texts": (np.int64,), "mean_length": (np.float64,)} | {
    "vocabulary": np.uint32,
    "frequency": np.int32,
}
_STORES: dict[str, tuple[type[ArrayStore], dict[str, Any]]] = {
    "terms": (TermStatistics, _OF_TERMS),
    "document_terms": (TermStatistics, _OF_TERMS),
    "words": (PieceStatistics, {"passages": (np.int64,), "frequency": np.int32}),
    "projection": (
        Projection,
        {
            "matrix": np.float32,
            "direction": np.float32,
            "bias": (np.float32,),
            "idf_slope": (np.float32,),
        },
    ),
}
"""The arrays of each store; the type of a single number is in a tuple."""


def _unpacked(name: str, data: bytes) -> Any:
    kind, dtypes = _STORES[name]
    plain = [each[0] if isinstance(each, tuple) else each for each in dtypes.values()]
    arrays = zip(dtypes.items(), unpack(data, plain), strict=True)
    return kind(
        **{
            field: array.reshape(()) if isinstance(dtype, tuple) else array
            for (field, dtype), array in arrays
        }
    )


STATISTICS = tuple(_STORES)
"""The names of the pieces."""
