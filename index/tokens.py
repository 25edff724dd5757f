"""Late interaction: how well does each word of the question find its match in a text?

Every passage keeps one small vector per word piece. A question's pieces are compared with all of
them; each takes its best match (MaxSim), and the matches are averaged by weight. Source: Khattab
and Zaharia, "ColBERT", SIGIR 2020; here over the tokens of a sentence encoder, projected to fewer
dimensions and kept as 8-bit integers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from index.arrays import ArrayStore, fetch_ahead, joined, load_arrays, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.types import Vectors

__all__ = [
    "CONTEXT",
    "PieceStatistics",
    "Projection",
    "SegmentMatches",
    "TokenStore",
    "quantise",
    "word_records",
]

CONTEXT = -1
"""The number of the segment that is a passage's context, its title and heading."""

_DIMENSIONS = 128
_USUAL_IDF = 4.0
_OF_PASSAGES = ("start", "words", "pieces")


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

    @classmethod
    def of_pieces(cls, start: NDArray[np.int64], pieces: NDArray[np.int32]) -> Self:
        """Count the passages of each piece; passage i's are `start[i]` up to `start[i + 1]`."""
        rows = np.repeat(np.arange(len(start) - 1), np.diff(start))
        distinct = np.unique((rows << 32) | pieces) & 0xFFFFFFFF  # once a passage
        return cls(
            passages=np.array(len(start) - 1, np.int64),
            frequency=np.bincount(distinct).astype(np.int32),
        )

    @classmethod
    def total(cls, added: Iterable[PieceStatistics], removed: Iterable[PieceStatistics]) -> Self:
        """Return the statistics of some passages together, without others that are among them."""
        passages, frequency = 0, np.zeros(0, np.int64)
        for sign, group in ((1, added), (-1, removed)):
            for each in group:
                passages += sign * int(each.passages)
                size = max(len(frequency), len(each.frequency))
                frequency = np.pad(frequency, (0, size - len(frequency)))
                frequency[: len(each.frequency)] += sign * each.frequency
        return cls(
            passages=np.array(passages, np.int64),
            frequency=np.trim_zeros(frequency, "b").astype(np.int32),
        )

    def idf(self, pieces: NDArray[np.int32]) -> NDArray[np.float32]:
        """Return the inverse document frequency of word pieces over the passages, `(t,)`."""
        frequency = np.zeros(len(pieces))
        known = pieces < len(self.frequency)
        frequency[known] = self.frequency[pieces[known]]
        return np.log1p((self.passages - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenStore:
    """The projected token vectors of all passages, one after another.

    Passage i has the tokens `start[i]` up to `start[i + 1]`. Each is a record of `words`: `codes`
    times `scale` is its vector, `segment` the number of the sentence that it stands in (`CONTEXT`
    for title and heading), ascending within a passage. So what is known of a passage's words lies
    in one place of a file. `pieces` are the numbers of the word pieces. The `statistics` may be
    those of more passages, or of fewer.
    """

    start: NDArray[np.int64]
    words: NDArray[np.void]
    pieces: NDArray[np.int32]
    statistics: PieceStatistics

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Map what a segment holds, read-only."""
        statistics = PieceStatistics.load(folder, name)
        arrays = load_arrays(folder, name, _OF_PASSAGES, is_scattered=True)
        return cls(**arrays, statistics=statistics)

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self.start) - 1

    @classmethod
    def joined(cls, stores: Sequence[TokenStore], statistics: PieceStatistics) -> Self:
        """Put the passages of several stores one after another."""
        return cls(
            start=joined([each.start for each in stores]),
            words=np.concatenate([_plain(each.words) for each in stores]).view(
                stores[0].words.dtype
            ),
            pieces=np.concatenate([each.pieces for each in stores]),
            statistics=statistics,
        )

    def of_rows(self, rows: NDArray[np.int64]) -> Self:
        """Return what is kept of these passages, in their order, under the same statistics."""
        starts, ends = self.start[rows].tolist(), self.start[rows + 1].tolist()
        for array in (self.words, self.pieces):
            fetch_ahead(array, starts, ends)
        start, places = spread(self.start, rows)
        words = _plain(self.words)[places].view(self.words.dtype)
        return replace(self, start=start, words=words, pieces=self.pieces[places])

    def statistics_of(self, rows: NDArray[np.int64]) -> PieceStatistics:
        """Count the word pieces of these passages alone; of their vectors none is read."""
        start, places = spread(self.start, rows)
        return PieceStatistics.of_pieces(start, self.pieces[places])

    def match(self, question: Vectors, passages: NDArray[np.int64]) -> SegmentMatches:
        """Compare a question's projected tokens, `(t, c)`, with every token of some passages."""
        starts, ends = self.start[passages].tolist(), self.start[passages + 1].tolist()
        fetch_ahead(self.words, starts, ends)
        places = np.repeat(np.arange(len(passages)), np.subtract(ends, starts))
        plain = _plain(self.words)
        some = [plain[start:end] for start, end in zip(starts, ends, strict=True)]
        words = np.concatenate(some).view(self.words.dtype)
        segments = words["segment"]
        codes, scales = (words[name].astype(np.float32) for name in ("codes", "scale"))
        similarity = (question @ codes.T) * scales
        is_new = (np.diff(places) != 0) | (np.diff(segments) != 0)
        firsts = np.flatnonzero(np.r_[len(words) > 0, is_new])
        return SegmentMatches(
            best=np.maximum.reduceat(similarity, firsts, axis=1) if len(words) else similarity,
            passage=places[firsts],
            segment=segments[firsts],
        )


def quantise(vectors: Vectors) -> tuple[NDArray[np.int8], NDArray[np.float16]]:
    """Return 8-bit codes of `(t, c)` vectors and the scale of each row."""
    scales = np.abs(vectors).max(axis=1, keepdims=True) / 127
    codes = np.rint(vectors / np.maximum(scales, 1e-9)).astype(np.int8)
    return codes, scales[:, 0].astype(np.float16)


def word_records(
    codes: NDArray[np.int8], scales: NDArray[np.float16], segments: NDArray[np.int16]
) -> NDArray[np.void]:
    """Return what `TokenStore.words` has of t words, `(t,)`-shaped."""
    size = (codes.shape[1],)
    record = np.dtype([("codes", np.int8, size), ("scale", "<f2"), ("segment", "<i2")])
    words: NDArray[np.void] = np.empty(len(codes), record)
    words["codes"], words["scale"], words["segment"] = codes, scales, segments
    return words


def _plain(words: NDArray[np.void]) -> NDArray[np.void]:
    """Return records without their fields: numpy copies and joins them so far more quickly."""
    return words.view(f"V{words.itemsize}")
