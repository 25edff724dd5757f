"""Everything the encoder has to say of a corpus: its passages, their sentences, their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.tokens import Projection, TokenStore, quantise

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.types import Embedding, Encoder, Progress, Span, Vectors

__all__ = ["EncodedCorpus", "PassageText", "encode_corpus"]

_BATCH = 128
_SAMPLE_TOKENS = 40_000


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
) -> EncodedCorpus:
    """Encode every passage with its context, and every sentence by itself.

    Without a `projection` made for this encoder, one is taken from a sample of the passages.
    """
    # Texts of like length share a batch, since a batch is padded to its longest.
    order = np.argsort([len(each.context) + len(each.text) for each in texts], kind="stable")
    if projection is None:
        projection = _projection_for(texts, encoder)
    passages = np.empty((len(texts), encoder.dimension), np.float32)
    tokens: list[_PassageTokens | None] = [None] * len(texts)
    for start in range(0, len(texts), _BATCH):
        batch = order[start : start + _BATCH]
        embeddings = encoder.embed_passages(
            [texts[row].context + texts[row].text for row in batch]
        )
        for row, embedding in zip(batch, embeddings, strict=True):
            passages[row] = embedding.vector
            tokens[row] = _passage_tokens(embedding, texts[row], projection)
        if progress is not None:
            progress(min(start + _BATCH, len(texts)), len(texts))
    return EncodedCorpus(
        passages=passages,
        sentences=_encode_sentences(texts, encoder),
        tokens=_token_store([each for each in tokens if each is not None]),
        projection=projection,
    )


class _PassageTokens(NamedTuple):
    codes: NDArray[np.int8]
    scales: NDArray[np.float16]
    segments: NDArray[np.int16]
    pieces: NDArray[np.int32]


def _passage_tokens(
    embedding: Embedding, text: PassageText, projection: Projection
) -> _PassageTokens:
    starts = np.array([span.start for span in text.sentences]) + len(text.context)
    segments = np.searchsorted(starts, embedding.spans[:, 0], side="right") - 1
    codes, scales = quantise(projection.project(embedding.tokens))
    return _PassageTokens(codes, scales, segments.astype(np.int16), embedding.pieces)


def _token_store(passages: Sequence[_PassageTokens]) -> TokenStore:
    distinct = [np.unique(each.pieces) for each in passages]
    return TokenStore(
        start=np.cumsum([0, *(len(each.pieces) for each in passages)]).astype(np.int64),
        codes=np.concatenate([each.codes for each in passages]),
        scales=np.concatenate([each.scales for each in passages]),
        segment=np.concatenate([each.segments for each in passages]),
        frequency=np.bincount(np.concatenate(distinct)).astype(np.int32),
    )


def _encode_sentences(texts: Sequence[PassageText], encoder: Encoder) -> Vectors:
    sentences = [each.text[start:end] for each in texts for start, end in each.sentences]
    order = np.argsort([len(sentence) for sentence in sentences], kind="stable")
    vectors = np.empty((len(sentences), encoder.dimension), np.float32)
    for start in range(0, len(sentences), _BATCH):
        batch = order[start : start + _BATCH]
        vectors[batch] = encoder.encode_passages([sentences[row] for row in batch])
    return vectors


def _projection_for(texts: Sequence[PassageText], encoder: Encoder) -> Projection:
    sample: list[Vectors] = []
    count = 0
    step = max(1, len(texts) // _BATCH)
    for each in texts[::step]:
        (embedding,) = encoder.embed_passages([each.context + each.text])
        sample.append(embedding.tokens)
        count += len(embedding.tokens)
        if count >= _SAMPLE_TOKENS:
            break
    return Projection.from_sample(np.concatenate(sample))
