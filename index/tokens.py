"""Late interaction: how well does each word of the question find its match in a text?

Every passage keeps one small vector per word piece. A question's pieces are compared with all of
them; each takes its best match (MaxSim), and the matches are averaged by weight. Source: Khattab
and Zaharia, "ColBERT", SIGIR 2020; here over the tokens of a sentence encoder, projected to fewer
dimensions and kept as 8-bit integers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from index.arrays import ArrayStore, load_arrays, save_arrays

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from index.types import Vectors

__all__ = ["CONTEXT", "PieceStatistics", "Projection", "SegmentMatches", "TokenStore", "quantise"]

CONTEXT = -1
"""The number of the segment that is a passage's context, its title and heading."""

_DIMENSIONS = 128
_USUAL_IDF = 4.0
_OF_PASSAGES = ("start", "codes", "scales", "segment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection(ArrayStore):
    """From an encoder's token vectors to smaller ones, and to the weight of a question's token.

    `matrix` is `(d, c)`-shaped, `direction` `(d,)`. A question's token x of inverse document
    frequency f weighs softplus(bias + idf_slope (f - 4) / 2 + x . direction).
    """

    matrix: NDArray[np.float32]
    direction: NDArray[np.float32]
    bias: NDArray[np.float32]
    idf_slope: NDArray[np.float32]

    @classmethod
    def from_sample(cls, tokens: Vectors) -> Self:
        """Take the principal directions of `(n, d)` token vectors, for encoders not trained on."""
        _, vectors = np.linalg.eigh(tokens.T @ tokens)  # in ascending order of their shares
        return cls(
            matrix=np.ascontiguousarray(vectors[:, ::-1][:, :_DIMENSIONS], np.float32),
            direction=np.zeros(tokens.shape[1], np.float32),
            bias=np.array(1.0, np.float32),
            idf_slope=np.array(0.5, np.float32),
        )

    def project(self, tokens: Vectors) -> Vectors:
        """Return `(t, c)`-shaped unit vectors for `(t, d)`-shaped ones."""
        projected = tokens @ self.matrix
        norms = np.linalg.norm(projected, axis=1, keepdims=True)
        return np.asarray(projected / np.maximum(norms, 1e-9), np.float32)

    def weights(self, tokens: Vectors, idf: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the share of each of a question's tokens, `(t,)`-shaped, with sum 1."""
        raw = self.bias + self.idf_slope * (idf - _USUAL_IDF) / 2 + tokens @ self.direction
        weights = np.logaddexp(0, raw)
        return np.asarray(weights / max(float(weights.sum()), 1e-9), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentMatches:
    """The best match of each of a question's tokens in each segment of some passages.

    `best` is `(t, s)`-shaped, cosines in [-1, 1]; `passage[j]` is the place of segment j's passage
    among those asked for, `segment[j]` the number of its sentence there, or `CONTEXT`.
    """

    best: NDArray[np.float32]
    passage: NDArray[np.int64]
    segment: NDArray[np.int16]


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceStatistics(ArrayStore):
    """In how many of some `passages` each word piece occurs: `frequency`, by its number."""

    passages: NDArray[np.int64]
    frequency: NDArray[np.int32]

    def idf(self, pieces: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the inverse document frequency of word pieces over the passages, `(t,)`."""
        frequency = np.zeros(len(pieces))
        known = pieces < len(self.frequency)
        frequency[known] = self.frequency[pieces[known]]
        return np.log1p((self.passages - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStore:
    """The projected token vectors of all passages, one after another.

    Passage i has the tokens `start[i]` up to `start[i + 1]`; `segment` numbers the sentence that
    each token stands in (`CONTEXT` for title and heading), ascending within a passage.
    `codes * scales[:, None]` are the vectors. The `statistics` may be those of more passages.
    """

    start: NDArray[np.int64]
    codes: NDArray[np.int8]
    scales: NDArray[np.float16]
    segment: NDArray[np.int16]
    statistics: PieceStatistics

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Map what `save` wrote, read-only."""
        statistics = PieceStatistics.load(folder, name)
        return cls(**load_arrays(folder, name, _OF_PASSAGES), statistics=statistics)

    def save(self, folder: Path, name: str) -> None:
        """Write each array to `<name>.<key>.npy`."""
        save_arrays(folder, name, {key: getattr(self, key) for key in _OF_PASSAGES})
        self.statistics.save(folder, name)

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.start) - 1

    def match(self, question: Vectors, passages: NDArray[np.int64]) -> SegmentMatches:
        """Compare a question's projected tokens, `(t, c)`, with every token of some passages."""
        starts, ends = self.start[passages].tolist(), self.start[passages + 1].tolist()
        slices = [slice(*each) for each in zip(starts, ends, strict=True)]
        places = np.repeat(np.arange(len(passages)), np.subtract(ends, starts))
        codes = np.concatenate([self.codes[each] for each in slices], dtype=np.float32)
        scales = np.concatenate([self.scales[each] for each in slices], dtype=np.float32)
        segments = np.concatenate([self.segment[each] for each in slices])
        similarity = (question @ codes.T) * scales
        is_new = (np.diff(places) != 0) | (np.diff(segments) != 0)
        firsts = np.flatnonzero(np.r_[len(codes) > 0, is_new])
        return SegmentMatches(
            best=np.maximum.reduceat(similarity, firsts, axis=1) if len(codes) else similarity,
            passage=places[firsts],
            segment=segments[firsts],
        )


def quantise(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Return 8-bit codes of `(t, c)` vectors and the scale of each row."""
    scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
    codes = np.rint(vectors / np.maximum(scales, 1e-9)).astype(np.int8)
    return codes, scales[:, 0].astype(np.float16)
