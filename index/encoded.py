"""What is kept of a text that was encoded, and under which key: the same whoever encodes it.

So that a text may be encoded in another process, or on another machine, than the build's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from index.cache import cache_key
from index.packing import pack, unpack
from index.sample import SAMPLE, SAMPLE_VERSION
from index.tokens import Projection, quantise

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from index.cache import BuildCache
    from index.types import Embedding, Encoder, Vectors

__all__ = ["EncodedPassage", "Recipe", "Recipes"]

_AT_ONCE = 500


class EncodedPassage(NamedTuple):
    """A passage's vector, and for each of its tokens: codes, scale, word piece, first character.

    The character counts from the beginning of the context.
    """

    vector: Vectors
    codes: NDArray[np.int8]
    scales: NDArray[np.float16]
    pieces: NDArray[np.int32]
    starts: NDArray[np.int32]


_PASSAGE = (np.float32, np.int8, np.float16, np.int32, np.int32)
"""The types of `EncodedPassage`, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one kind of text becomes arrays, the first of them its vector, and how they are kept.

    `made_by` says all that the arrays follow from, the text aside.
    """

    kind: str
    made_by: str
    dimension: int
    dtypes: tuple[type[np.generic], ...]
    arrays_of: Callable[[Sequence[str]], Sequence[Sequence[NDArray[Any]]]]

    def key(self, text: str) -> bytes:
        """Return the key that the cache keeps it under."""
        return cache_key(self.kind, self.made_by, text)

    def known(self, stored: Mapping[bytes, bytes]) -> dict[bytes, list[NDArray[Any]]]:
        """Read what the cache gave, as far as it is made of such arrays."""
        found = {}
        for key, value in stored.items():
            try:
                arrays = unpack(value, self.dtypes)
            except ValueError:
                continue
            if arrays[0].shape == (self.dimension,):
                found[key] = arrays
        return found

    def missing(self, texts: Iterable[str], cache: BuildCache) -> dict[bytes, str]:
        """Return by their keys those texts that the cache holds nothing of, each once."""
        missing = {self.key(text): text for text in texts}
        keys = list(missing)
        for start in range(0, len(keys), _AT_ONCE):  # values are much larger than texts
            for key in self.known(cache.get(keys[start : start + _AT_ONCE])):
                del missing[key]
        return missing

    def values(self, texts: Sequence[str]) -> list[bytes]:
        """Encode texts into what the cache keeps of each."""
        return [pack(arrays) for arrays in self.arrays_of(texts)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipes:
    """How an encoder's passages and sentences are kept; `projection` makes words' vectors small.

    Of a passage `EncodedPassage` is kept, of a sentence its vector.
    """

    passages: Recipe
    sentences: Recipe
    projection: Projection

    @classmethod
    def from_encoder(cls, encoder: Encoder, projection: Projection | None) -> Self:
        """Take the projection that was made for this encoder, or else one from a few texts.

        Those are texts of our own, so that all that is kept follows from the encoder alone.
        """
        identity = repr(encoder.identity)
        # Known by where the projection comes from, since the last bits of one that is worked out
        # again may differ.
        made_by = f"{identity} {_digest(projection) if projection else SAMPLE_VERSION}"
        if projection is None:
            projection = _projection_for(encoder)
        return cls(
            passages=Recipe(
                kind="passage",
                made_by=made_by,
                dimension=encoder.dimension,
                dtypes=_PASSAGE,
                arrays_of=partial(_passages, encoder, projection),
            ),
            sentences=Recipe(
                kind="sentence",
                made_by=identity,
                dimension=encoder.dimension,
                dtypes=(np.float32,),
                arrays_of=partial(_sentences, encoder),
            ),
            projection=projection,
        )


def _passages(
    encoder: Encoder, projection: Projection, texts: Sequence[str]
) -> list[EncodedPassage]:
    return [_encoded(embedding, projection) for embedding in encoder.embed_passages(texts)]


def _sentences(encoder: Encoder, texts: Sequence[str]) -> list[tuple[Vectors]]:
    return [(vector,) for vector in encoder.encode_passages(texts)]


def _encoded(embedding: Embedding, projection: Projection) -> EncodedPassage:
    codes, scales = quantise(projection.project(embedding.tokens))
    return EncodedPassage(
        vector=embedding.vector,
        codes=codes,
        scales=scales,
        pieces=embedding.pieces,
        starts=embedding.spans[:, 0].astype(np.int32),
    )


def _digest(projection: Projection) -> str:
    return hashlib.sha256(np.ascontiguousarray(projection.matrix).tobytes()).hexdigest()


def _projection_for(encoder: Encoder) -> Projection:
    tokens = [embedding.tokens for embedding in encoder.embed_passages(SAMPLE)]
    return Projection.from_sample(np.concatenate(tokens))
