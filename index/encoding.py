"""Everything the encoder has to say of a corpus: its passages, their sentences, their words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.cache import cache_key
from index.packing import pack, unpack
from index.sample import SAMPLE, SAMPLE_VERSION
from index.tokens import PieceStatistics, Projection, TokenStore, quantise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.cache import BuildCache
    from index.types import Embedding, Encoder, Progress, Span, Vectors

__all__ = ["EncodedCorpus", "PassageText", "encode_corpus"]

_BATCH = 128
_VECTOR = np.dtype(np.float32)
_PASSAGE = (np.float32, np.int8, np.float16, np.int32, np.int32)
"""The types of `_EncodedPassage`, in its order."""


class PassageText(NamedTuple):
    """What the encoder is given of a passage: where it stands, its text, its sentences' spans."""

    context: str
    """Title and heading, with what parts them from the text; often empty."""
    text: str
    sentences: Sequence[Span]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedCorpus:
    """The vectors of n passages with m sentences, all rows in the passages' order.

    `passages` is `(n, d)`-shaped, `sentences` `(m, d)`.
    """

    passages: Vectors
    sentences: Vectors
    tokens: TokenStore
    projection: Projection


def encode_corpus(
    texts: Sequence[PassageText],
    encoder: Encoder,
    projection: Projection | None,
    progress: Progress | None = None,
    cache: BuildCache | None = None,
) -> EncodedCorpus:
    """Encode every passage with its context, and every sentence by itself.

    What the `cache` holds is not encoded again, and what is encoded goes there batch by batch.
    Without a `projection` made for this encoder, one is taken from a few texts of our own; so
    that it, and with it all that is cached, follows from the encoder alone.
    """
    # What is cached is known by where the projection comes from, since the last bits of one that
    # is worked out again may differ.
    made_by = f"{encoder.identity!r} {_digest(projection) if projection else SAMPLE_VERSION}"
    if projection is None:
        projection = _projection_for(encoder)
    passages = _encode_passages(
        texts, encoder, projection, made_by=made_by, progress=progress, cache=cache
    )
    return EncodedCorpus(
        passages=np.array([each.vector for each in passages], np.float32).reshape(
            len(texts), encoder.dimension
        ),
        sentences=_encode_sentences(texts, encoder, cache),
        tokens=_token_store(texts, passages),
        projection=projection,
    )


class _EncodedPassage(NamedTuple):
    """A passage's vector, and for each of its tokens: codes, scale, word piece, first character.

    The character counts from the beginning of the context.
    """

    vector: Vectors
    codes: NDArray[np.int8]
    scales: NDArray[np.float16]
    pieces: NDArray[np.int32]
    starts: NDArray[np.int32]


def _encode_passages(
    texts: Sequence[PassageText],
    encoder: Encoder,
    projection: Projection,
    *,
    made_by: str,
    progress: Progress | None,
    cache: BuildCache | None,
) -> list[_EncodedPassage]:
    full = [text.context + text.text for text in texts]
    keys = [cache_key("passage", made_by, text) for text in full]
    passages = {
        key: _EncodedPassage(*arrays)
        for key, arrays in _known(cache, keys, _PASSAGE)
        if arrays[0].shape == (encoder.dimension,)
    }
    missing = {key: text for key, text in zip(keys, full, strict=True) if key not in passages}
    for batch in _batches(missing):
        embeddings = encoder.embed_passages([missing[key] for key in batch])
        fresh = {
            key: _encoded(embedding, projection)
            for key, embedding in zip(batch, embeddings, strict=True)
        }
        passages |= fresh
        if cache is not None:
            cache.put({key: pack(passage) for key, passage in fresh.items()})
        if progress is not None:
            progress(len(passages), len(passages.keys() | missing.keys()))
    return [passages[key] for key in keys]


def _encode_sentences(
    texts: Sequence[PassageText], encoder: Encoder, cache: BuildCache | None
) -> Vectors:
    made_by = repr(encoder.identity)
    sentences = [each.text[start:end] for each in texts for start, end in each.sentences]
    keys = [cache_key("sentence", made_by, sentence) for sentence in sentences]
    vectors = {
        key: vector
        for key, (vector,) in _known(cache, keys, [_VECTOR])
        if vector.shape == (encoder.dimension,)
    }
    missing = {key: text for key, text in zip(keys, sentences, strict=True) if key not in vectors}
    for batch in _batches(missing):
        fresh = dict(
            zip(batch, encoder.encode_passages([missing[key] for key in batch]), strict=True)
        )
        vectors |= fresh
        if cache is not None:
            cache.put({key: pack([vector]) for key, vector in fresh.items()})
    return np.array([vectors[key] for key in keys], np.float32).reshape(
        len(keys), encoder.dimension
    )


def _known(
    cache: BuildCache | None, keys: Sequence[bytes], dtypes: Sequence[Any]
) -> Iterator[tuple[bytes, list[NDArray[Any]]]]:
    """Give what the cache holds of these keys, as far as it is made of such arrays."""
    for key, stored in (cache.get(keys) if cache is not None else {}).items():
        try:
            yield key, unpack(stored, dtypes)
        except ValueError:
            continue


def _batches(missing: dict[bytes, str]) -> Iterator[list[bytes]]:
    """Part keys by the length of their texts, since a batch is padded to its longest."""
    order = sorted(missing, key=lambda key: len(missing[key]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _encoded(embedding: Embedding, projection: Projection) -> _EncodedPassage:
    codes, scales = quantise(projection.project(embedding.tokens))
    return _EncodedPassage(
        vector=embedding.vector,
        codes=codes,
        scales=scales,
        pieces=embedding.pieces,
        starts=embedding.spans[:, 0].astype(np.int32),
    )


def _token_store(texts: Sequence[PassageText], passages: Sequence[_EncodedPassage]) -> TokenStore:
    counts = [len(each.pieces) for each in passages]
    rows = np.repeat(np.arange(len(passages)), counts)
    pieces = np.concatenate([each.pieces for each in passages])
    distinct = np.unique((rows << 32) | pieces) & 0xFFFFFFFF  # once a passage
    segments = [_segments(text, each.starts) for text, each in zip(texts, passages, strict=True)]
    return TokenStore(
        start=np.cumsum([0, *counts]).astype(np.int64),
        codes=np.concatenate([each.codes for each in passages]),
        scales=np.concatenate([each.scales for each in passages]),
        segment=np.concatenate(segments),
        statistics=PieceStatistics(
            passages=np.array(len(passages), np.int64),
            frequency=np.bincount(distinct).astype(np.int32),
        ),
    )


def _segments(text: PassageText, starts: NDArray[np.int32]) -> NDArray[np.int16]:
    """Return the number of the sentence that each token stands in."""
    sentences = np.array([span.start for span in text.sentences]) + len(text.context)
    return (np.searchsorted(sentences, starts, side="right") - 1).astype(np.int16)


def _digest(projection: Projection) -> str:
    return hashlib.sha256(np.ascontiguousarray(projection.matrix).tobytes()).hexdigest()


def _projection_for(encoder: Encoder) -> Projection:
    tokens = [embedding.tokens for embedding in encoder.embed_passages(SAMPLE)]
    return Projection.from_sample(np.concatenate(tokens))
