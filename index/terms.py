"""Which terms a text holds and how often: what BM25 and coverage of a few candidates need.

The search engine finds candidates; their exact scores are computed here, so that candidates that
were found by their vectors have them too, and so that they are comparable between questions.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from index.arrays import ArrayStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

__all__ = ["TermStore", "coverage"]

_K1 = 1.2
_B = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class TermStore(ArrayStore):
    """The terms of texts, as 32-bit hashes; equal hashes of unequal terms are rare enough.

    `hashes[start[i]:start[i + 1]]` are the distinct terms of text i in ascending order, and
    `counts` their numbers of occurrences. `vocabulary` holds every hash in ascending order, and
    `frequency` in how many texts it occurs.
    """

    start: NDArray[np.int64]
    hashes: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]
    vocabulary: NDArray[np.uint32]
    frequency: NDArray[np.int32]

    @classmethod
    def from_terms(cls, texts: Iterable[Sequence[str]]) -> Self:
        """Count the terms of each text."""
        parts, lengths = [], []
        for terms in texts:
            hashed = np.fromiter(map(_hash, terms), np.uint32, len(terms))
            parts.append(np.unique(hashed, return_counts=True))
            lengths.append(len(terms))
        hashes = np.concatenate([found for found, _ in parts] or [np.zeros(0, np.uint32)])
        counts = np.concatenate([number for _, number in parts] or [np.zeros(0, np.int64)])
        vocabulary, frequency = np.unique(hashes, return_counts=True)
        return cls(
            start=np.cumsum([0, *(len(found) for found, _ in parts)]).astype(np.int64),
            hashes=hashes.astype(np.uint32),
            counts=np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16),
            lengths=np.array(lengths, np.int32),
            vocabulary=vocabulary.astype(np.uint32),
            frequency=frequency.astype(np.int32),
        )

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.lengths)

    def idf(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return each term's inverse document frequency, BM25's, `(q,)`-shaped."""
        hashed = np.fromiter(map(_hash, terms), np.uint32, len(terms))
        places = np.searchsorted(self.vocabulary, hashed)
        frequency = np.zeros(len(terms))
        for at, place in enumerate(places):
            if place < len(self.vocabulary) and self.vocabulary[place] == hashed[at]:
                frequency[at] = self.frequency[place]
        return np.log1p((len(self) - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)

    def occurrences(self, terms: Sequence[str], texts: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how often each term occurs in each text, `(len(texts), len(terms))`-shaped."""
        hashed = np.fromiter(map(_hash, terms), np.uint32, len(terms))
        found = np.zeros((len(texts), len(terms)), np.float32)
        for at, text in enumerate(texts):
            start, end = self.start[text], self.start[text + 1]
            mine = self.hashes[start:end]
            if len(mine):
                places = np.minimum(np.searchsorted(mine, hashed), len(mine) - 1)
                found[at] = np.where(mine[places] == hashed, self.counts[start:end][places], 0)
        return found

    def bm25(
        self, occurrences: NDArray[np.float32], idf: NDArray[np.float32], texts: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return BM25 as a share of the most that these terms could reach: `(n,)`, in [0, 1]."""
        if not len(idf) or not idf.sum():
            return np.zeros(len(texts), np.float32)
        average = max(float(self.lengths.mean()), 1.0)
        length = 1 - _B + _B * self.lengths[texts][:, None] / average
        saturated = occurrences / (occurrences + _K1 * length)
        return np.asarray(saturated @ idf / idf.sum(), np.float32)


def coverage(occurrences: NDArray[np.float32], idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share of the terms' weight that occurs in each text: `(n,)`, in [0, 1]."""
    total = float(idf.sum())
    if not total:
        return np.zeros(len(occurrences), np.float32)
    return np.asarray((occurrences > 0) @ idf / total, np.float32)


def _hash(term: str) -> int:
    return zlib.crc32(term.encode())
