"""Everything the encoder has to say of a corpus: its passages, their sentences, their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from index.encoded import EncodedPassage
from index.tokens import PieceStatistics, TokenStore, word_records

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from index.cache import BuildCache
    from index.encoded import Recipe, Recipes
    from index.types import Progress, Span, Vectors

__all__ = ["EncodedCorpus", "PassageText", "encode_corpus"]

_BATCH = 128


class PassageText(NamedTuple):
    """What the encoder is given of a passage: where it stands, its text, its sentences' spans."""

    context: str
    """Title and heading, with what parts them from the text; often empty."""
    text: str
    sentences: Sequence[Span]

    @property
    def whole(self) -> str:
        """What is encoded as the passage."""
        return self.context + self.text

    def parts(self) -> list[str]:
        """Return its sentences, which are encoded each by itself."""
        return [self.text[start:end] for start, end in self.sentences]


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedCorpus:
    """The vectors of n passages with m sentences, all rows in the passages' order.

    `passages` is `(n, d)`-shaped, `sentences` `(m, d)`.
    """

    passages: Vectors
    sentences: Vectors
    tokens: TokenStore


def encode_corpus(
    texts: Sequence[PassageText],
    recipes: Recipes,
    progress: Progress | None = None,
    cache: BuildCache | None = None,
) -> EncodedCorpus:
    """Encode every passage with its context, and every sentence by itself.

    What the `cache` holds is not encoded again, and what is encoded goes there batch by batch.
    A corpus may be given in parts, one call each.
    """
    dimension = recipes.passages.dimension
    whole = [each.whole for each in texts]
    parts = [part for each in texts for part in each.parts()]
    passages = [
        EncodedPassage(*each) for each in _encode(whole, recipes.passages, progress, cache)
    ]
    sentences = [vector for (vector,) in _encode(parts, recipes.sentences, None, cache)]
    return EncodedCorpus(
        passages=_rows([each.vector for each in passages], dimension),
        sentences=_rows(sentences, dimension),
        tokens=_token_store(texts, passages),
    )


def _rows(vectors: Sequence[Vectors], dimension: int) -> Vectors:
    return np.array(vectors, np.float32).reshape(len(vectors), dimension)


def _encode(
    texts: Sequence[str], recipe: Recipe, progress: Progress | None, cache: BuildCache | None
) -> list[list[NDArray[Any]]]:
    keys = [recipe.key(text) for text in texts]
    found = recipe.known(cache.get(keys)) if cache is not None else {}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
    total = len(found) + len(missing)
    for batch in _batches(missing):
        values = recipe.values([missing[key] for key in batch])
        fresh = dict(zip(batch, values, strict=True))
        found |= recipe.known(fresh)
        if cache is not None:
            cache.put(fresh)
        if progress is not None:
            progress(len(found), total)
    return [found[key] for key in keys]


def _batches(missing: dict[bytes, str]) -> Iterator[list[bytes]]:
    """Part keys by the length of their texts, since a batch is padded to its longest."""
    order = sorted(missing, key=lambda key: len(missing[key]))
    for start in range(0, len(order), _BATCH):
        yield order[start : start + _BATCH]


def _token_store(texts: Sequence[PassageText], passages: Sequence[EncodedPassage]) -> TokenStore:
    start = np.cumsum([0, *(len(each.pieces) for each in passages)]).astype(np.int64)
    pieces = np.concatenate([each.pieces for each in passages]).astype(np.int32)
    segments = [_segments(text, each.starts) for text, each in zip(texts, passages, strict=True)]
    return TokenStore(
        start=start,
        words=word_records(
            np.concatenate([each.codes for each in passages]),
            np.concatenate([each.scales for each in passages]),
            np.concatenate(segments),
        ),
        pieces=pieces,
        statistics=PieceStatistics.of_pieces(start, pieces),
    )


def _segments(text: PassageText, starts: NDArray[np.int32]) -> NDArray[np.int16]:
    """Return the number of the sentence that each token stands in."""
    sentences = np.array([span.start for span in text.sentences]) + len(text.context)
    return (np.searchsorted(sentences, starts, side="right") - 1).astype(np.int16)
