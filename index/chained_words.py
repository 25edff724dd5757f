"""Stores of words over several segments; see `index.chained`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from index.placement import GONE
from index.terms import TermStore
from index.tokens import TokenStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.lexical import LexicalIndex
    from index.placement import Placement
    from index.terms import TermStatistics
    from index.titles import TitleStore
    from index.tokens import PieceStatistics, SegmentMatches
    from index.types import Vectors

__all__ = ["ChainedLexical", "ChainedTerms", "ChainedTitles", "ChainedTokens"]

_Store = TypeVar("_Store", TermStore, TokenStore)


class ChainedTokens:
    """The tokens of passages."""

    def __init__(
        self, stores: Sequence[TokenStore], placement: Placement, statistics: PieceStatistics
    ) -> None:
        self._stores = [replace(each, statistics=statistics) for each in stores]
        self._placement = placement
        self.statistics = statistics

    def __len__(self) -> int:
        """How many passages there are."""
        return len(self._placement)

    def of_rows(self, rows: NDArray[np.int64]) -> TokenStore:
        """Return what is kept of these passages, in their order."""
        store, local = _one_with(self._stores, self._placement, rows)
        return store.of_rows(local)

    def match(self, question: Vectors, passages: NDArray[np.int64]) -> SegmentMatches:
        """Compare a question's projected tokens, `(t, c)`, with every token of some passages."""
        store, local = _one_with(self._stores, self._placement, passages)
        return store.match(question, local)


class ChainedTerms:
    """The terms of texts."""

    def __init__(
        self, stores: Sequence[TermStore], placement: Placement, statistics: TermStatistics
    ) -> None:
        self._stores = [replace(each, statistics=statistics) for each in stores]
        self._placement = placement
        self.statistics = statistics

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._placement)

    def of_rows(self, rows: NDArray[np.int64]) -> TermStore:
        """Return what is kept of these texts, in their order."""
        store, local = _one_with(self._stores, self._placement, rows)
        return store.of_rows(local)

    def occurrences(self, terms: Sequence[str], texts: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how often each term occurs in each text, `(len(texts), len(terms))`-shaped."""
        store, local = _one_with(self._stores, self._placement, texts)
        return store.occurrences(terms, local)

    def bm25(
        self, occurrences: NDArray[np.float32], idf: NDArray[np.float32], texts: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return BM25 as a share of the most that these terms could reach: `(n,)`, in [0, 1]."""
        store, local = _one_with(self._stores, self._placement, texts)
        return store.bm25(occurrences, idf, local)

    def search(self, terms: Sequence[str], within: NDArray[np.bool_], k: int) -> list[int]:
        """Return the rows of the `k` texts with the best BM25 for these terms, best first."""
        found, scores = [np.zeros(0, np.int64)], [np.zeros(0)]
        for store, rows in zip(self._stores, self._placement.rows, strict=True):
            local, some = store.scored(terms, (rows != GONE) & within[rows])
            found.append(rows[local].astype(np.int64))
            scores.append(some)
        every = np.concatenate(found)
        return [int(row) for row in every[np.lexsort((every, -np.concatenate(scores)))[:k]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedLexical:
    """Full-text indexes, whose own weights of words are put right by those of the whole."""

    indexes: Sequence[LexicalIndex]
    own: Sequence[TermStatistics]
    terms: ChainedTerms
    placement: Placement

    def search(self, terms: Sequence[str], k: int) -> list[int]:
        """Return the rows of the `k` texts with the best BM25 for these terms, best first."""
        if not terms or k < 1:
            return []
        idf = self.terms.statistics.idf(terms)
        found: list[int] = []
        for number, own in enumerate(self.own):
            weights = dict(zip(terms, (idf / own.idf(terms)).tolist(), strict=True))
            found += self._alive(number, weights, k)
        rows = np.array(sorted(found), np.int64)
        if not len(rows):
            return []
        scores = self.terms.bm25(self.terms.occurrences(terms, rows), idf, rows)
        return [int(row) for row in rows[np.argsort(-scores, kind="stable")[:k]]]

    def _alive(self, number: int, weights: dict[str, float], k: int) -> list[int]:
        index, rows = self.indexes[number], self.placement.rows[number]
        asked = k
        while True:
            local = index.weighed(weights, asked)
            found = rows[local]
            there = found[found != GONE]
            if len(local) < asked or len(there) >= k:
                return [int(row) for row in there[:k]]
            asked *= 2


class ChainedTitles:
    """The titles of documents."""

    def __init__(self, stores: Sequence[TitleStore], placement: Placement) -> None:
        self._stores = stores
        self._placement = placement

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self._placement)

    def holding(self, text: str) -> NDArray[np.int64]:
        """Return the rows of the documents that have all words of `text` in one of their names."""
        found, lengths = [np.zeros(0, np.int64)], [np.zeros(0, np.int32)]
        for store, rows in zip(self._stores, self._placement.rows, strict=True):
            local = store.holding(text)
            local = local[rows[local] != GONE]
            found.append(rows[local].astype(np.int64))
            lengths.append(store.lengths[local])
        every = np.concatenate(found)
        return every[np.lexsort((every, np.concatenate(lengths)))]


def _one_with(
    stores: Sequence[_Store], placement: Placement, rows: NDArray[np.int64]
) -> tuple[_Store, NDArray[np.int64]]:
    """Return a store that has all of these rows, at least one, and which they are there.

    That is a segment's own where all are in it, which they mostly are.
    """
    parts = list(placement.parts(rows))
    if len(parts) == 1:
        ((number, _, local),) = parts
        return stores[number], local
    some = [stores[number].of_rows(local) for number, _, local in parts]
    joined = stores[0].joined(some, stores[0].statistics)
    return joined, np.argsort(np.concatenate([mine for _, mine, _ in parts]))
