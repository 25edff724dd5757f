"""Which terms a text holds and how often: what BM25 and coverage of a few candidates need.

The search engine finds candidates; their exact scores are computed here, so that candidates that
were found by their vectors have them too, and so that they are comparable between questions.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np

from index.arrays import ArrayStore, joined, load_arrays, spread

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["TermStatistics", "TermStore", "coverage"]

_K1 = 1.2
_B = 0.75
_OF_TEXTS = ("start", "hashes", "counts", "lengths")


@dataclass(frozen=True, slots=True, kw_only=True)
class TermStatistics(ArrayStore):
    """What of many texts weighs the terms of one.

    There are `texts` of them, of `mean_length` terms; `vocabulary` holds every term's hash in
    ascending order, and `frequency` in how many texts it occurs.
    """

    texts: NDArray[np.int64]
    mean_length: NDArray[np.float64]
    vocabulary: NDArray[np.uint32]
    frequency: NDArray[np.int32]

    @classmethod
    def of_texts(cls, lengths: NDArray[np.integer], hashes: NDArray[np.uint32]) -> Self:
        """Count texts of these lengths; `hashes` are the distinct terms of each, all together."""
        vocabulary, frequency = np.unique(hashes, return_counts=True)
        return cls(
            texts=np.array(len(lengths), np.int64),
            mean_length=_mean(lengths),
            vocabulary=vocabulary,
            frequency=frequency.astype(np.int32),
        )

    @classmethod
    def total(
        cls,
        added: Iterable[TermStatistics],
        removed: Iterable[TermStatistics],
        lengths: NDArray[np.integer],
    ) -> Self:
        """Return the statistics of some texts together, without others that are among them.

        `lengths` are those of the texts that remain.
        """
        signed = [*((1, each) for each in added), *((-1, each) for each in removed)]
        vocabulary, places = np.unique(
            np.concatenate([each.vocabulary for _, each in signed]), return_inverse=True
        )
        weights = np.concatenate([sign * each.frequency for sign, each in signed])
        frequency = np.bincount(places, weights, minlength=len(vocabulary)).astype(np.int32)
        occurs = frequency > 0
        return cls(
            texts=np.array(len(lengths), np.int64),
            mean_length=_mean(lengths),
            vocabulary=vocabulary[occurs],
            frequency=frequency[occurs],
        )

    def idf(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Return each term's inverse document frequency, BM25's, `(q,)`-shaped."""
        hashed = _hashes(terms)
        frequency = np.zeros(len(terms))
        if len(self.vocabulary):
            places = np.searchsorted(self.vocabulary, hashed).clip(max=len(self.vocabulary) - 1)
            is_known = self.vocabulary[places] == hashed
            frequency[is_known] = self.frequency[places[is_known]]
        return np.log1p((self.texts - frequency + 0.5) / (frequency + 0.5)).astype(np.float32)

    def relative_lengths(self, lengths: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return what BM25 makes of texts' lengths: 1 for the mean."""
        return np.asarray(1 - _B + _B * lengths / max(float(self.mean_length), 1.0))


@dataclass(frozen=True, slots=True, kw_only=True)
class TermStore:
    """The terms of texts, as 32-bit hashes; equal hashes of unequal terms are rare enough.

    `hashes[start[i]:start[i + 1]]` are the distinct terms of text i in ascending order, and
    `counts` their numbers of occurrences. The `statistics` may be those of more texts.
    """

    start: NDArray[np.int64]
    hashes: NDArray[np.uint32]
    counts: NDArray[np.uint16]
    lengths: NDArray[np.int32]
    statistics: TermStatistics

    @classmethod
    def from_terms(cls, texts: Iterable[Sequence[str]]) -> Self:
        """Count the terms of each text."""
        # All texts at once, each occurrence as its text's row above its term's hash.
        known: dict[str, int] = {}
        sizes: list[int] = []
        every: list[int] = []
        for terms in texts:
            for term in terms:
                if term not in known:
                    known[term] = _hash(term)
            every += [known[term] for term in terms]
            sizes.append(len(terms))
        lengths = np.array(sizes, np.int64)
        rows = np.repeat(np.arange(len(lengths), dtype=np.uint64), lengths)
        pairs, counts = np.unique(
            (rows << np.uint64(32)) | np.array(every, np.uint64), return_counts=True
        )
        hashes = (pairs & np.uint64(0xFFFFFFFF)).astype(np.uint32)
        distinct = np.bincount((pairs >> np.uint64(32)).astype(np.int64), minlength=len(lengths))
        return cls(
            start=np.cumsum([0, *distinct]).astype(np.int64),
            hashes=hashes,
            counts=np.minimum(counts, np.iinfo(np.uint16).max).astype(np.uint16),
            lengths=lengths.astype(np.int32),
            statistics=TermStatistics.of_texts(lengths, hashes),
        )

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """Map what a segment holds, read-only."""
        statistics = TermStatistics.load(folder, name)
        return cls(**load_arrays(folder, name, _OF_TEXTS), statistics=statistics)

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self.lengths)

    @classmethod
    def joined(cls, stores: Sequence[TermStore], statistics: TermStatistics) -> Self:
        """Put the texts of several stores one after another."""
        arrays = {
            name: np.concatenate([getattr(each, name) for each in stores])
            for name in _OF_TEXTS[1:]
        }
        start = joined([each.start for each in stores])
        return cls(start=start, **arrays, statistics=statistics)

    def of_rows(self, rows: NDArray[np.int64]) -> Self:
        """Return what is kept of these texts, in their order, under the same statistics."""
        start, places = spread(self.start, rows)
        return replace(
            self,
            start=start,
            hashes=self.hashes[places],
            counts=self.counts[places],
            lengths=self.lengths[rows],
        )

    def occurrences(self, terms: Sequence[str], texts: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how often each term occurs in each text, `(len(texts), len(terms))`-shaped."""
        found = np.zeros((len(texts), len(terms)), np.float32)
        if not len(self.hashes):
            return found
        hashed = _hashes(terms)
        start, end = self.start[texts][:, None], self.start[texts + 1][:, None]
        # All binary searches at once, in steps that halve: what lies before a place is less.
        place = np.repeat(start, len(terms), axis=1)
        longest = int((end - start).max(initial=0))
        for bit in reversed(range(longest.bit_length())):
            probe = place + (1 << bit)
            is_less = self.hashes[np.minimum(probe, end) - 1] < hashed
            place = np.where((probe <= end) & is_less, probe, place)
        at = np.minimum(place, len(self.hashes) - 1)
        is_found = (place < end) & (self.hashes[at] == hashed)
        found[is_found] = self.counts[at[is_found]]
        return found

    def search(self, terms: Sequence[str], within: NDArray[np.bool_], k: int) -> list[int]:
        """Return the rows of the `k` texts with the best BM25 for these terms, best first.

        Only texts that hold a term and that `within`, `(len(self),)`-shaped, lets in are found;
        ties go by row. It reads all terms of the texts let in.
        """
        rows, scores = self.scored(terms, within)
        return [int(row) for row in rows[np.argsort(-scores, kind="stable")[:k]]]

    def scored(
        self, terms: Sequence[str], within: NDArray[np.bool_]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Return the rows that `search` may find, in their order, and BM25 of each."""
        rows = np.flatnonzero(within)
        if not len(rows) or not terms:
            return rows[:0], np.zeros(0)
        runs = self.start[np.flatnonzero(np.diff(np.r_[False, within, False]))].reshape(-1, 2)
        hashes = np.concatenate([self.hashes[start:end] for start, end in runs.tolist()])
        asked, firsts = np.unique(_hashes(terms), return_index=True)
        places = np.flatnonzero(np.isin(hashes, asked))
        sizes = self.start[rows + 1] - self.start[rows]
        ends = np.cumsum(sizes)
        owners = np.searchsorted(ends, places, side="right")
        texts = rows[owners]
        counts = self.counts[self.start[texts] + places - (ends - sizes)[owners]]
        lengths = self.statistics.relative_lengths(self.lengths[texts])
        saturated = counts / (counts + _K1 * lengths)
        idf = self.statistics.idf(terms)[firsts][np.searchsorted(asked, hashes[places])]
        scores = np.bincount(owners, saturated * idf, minlength=len(rows))
        found = np.flatnonzero(scores)
        return np.asarray(rows[found], np.int64), np.asarray(scores[found], np.float64)

    def bm25(
        self, occurrences: NDArray[np.float32], idf: NDArray[np.float32], texts: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return BM25 as a share of the most that these terms could reach: `(n,)`, in [0, 1]."""
        if not len(idf) or not idf.sum():
            return np.zeros(len(texts), np.float32)
        lengths = self.statistics.relative_lengths(self.lengths[texts])[:, None]
        saturated = occurrences / (occurrences + _K1 * lengths)
        return np.asarray(saturated @ idf / idf.sum(), np.float32)


def coverage(occurrences: NDArray[np.float32], idf: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the share of the terms' weight that occurs in each text: `(n,)`, in [0, 1]."""
    total = float(idf.sum())
    if not total:
        return np.zeros(len(occurrences), np.float32)
    return np.asarray((occurrences > 0) @ idf / total, np.float32)


def _mean(lengths: NDArray[np.integer]) -> NDArray[np.float64]:
    return np.array(lengths.mean() if len(lengths) else 0.0)


def _hashes(terms: Sequence[str]) -> NDArray[np.uint32]:
    return np.fromiter(map(_hash, terms), np.uint32, len(terms))


def _hash(term: str) -> int:
    return zlib.crc32(term.encode())
