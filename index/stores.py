"""What a generation's stores can be asked, whether over one segment or over several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.terms import TermStatistics, TermStore
    from index.tokens import PieceStatistics, SegmentMatches, TokenStore
    from index.types import Vectors

__all__ = ["Lexical", "Rows", "Terms", "Titles", "Tokens", "VectorIndex"]


class Rows(Protocol):
    """Rows of an array."""

    def __len__(self) -> int:
        """How many rows there are."""

    def __getitem__(self, rows: NDArray[np.int64], /) -> NDArray[np.float32]:
        """Return these rows."""


class VectorIndex(Protocol):
    """Unit vectors, and a search for the nearest; see `index.dense.DenseIndex`."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    def __len__(self) -> int:
        """How many vectors there are."""

    def vectors(self, rows: NDArray[np.int64]) -> Vectors:
        """Return the vectors of these rows, `(len(rows), d)`-shaped."""

    def search(
        self, queries: Vectors, k: int, *, within: NDArray[np.bool_] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return the scores and rows of the `k` best vectors for each query, best first."""


class Tokens(Protocol):
    """The tokens of passages; see `index.tokens.TokenStore`."""

    @property
    def statistics(self) -> PieceStatistics:
        """In how many of the passages each word piece occurs."""

    def __len__(self) -> int:
        """How many passages there are."""

    def of_rows(self, rows: NDArray[np.int64]) -> TokenStore:
        """Return what is kept of these passages, in their order."""

    def match(self, question: Vectors, passages: NDArray[np.int64]) -> SegmentMatches:
        """Compare a question's projected tokens, `(t, c)`, with every token of some passages."""


class Terms(Protocol):
    """The terms of texts; see `index.terms.TermStore`."""

    @property
    def statistics(self) -> TermStatistics:
        """What of all the texts weighs the terms of one."""

    def __len__(self) -> int:
        """How many texts there are."""

    def of_rows(self, rows: NDArray[np.int64]) -> TermStore:
        """Return what is kept of these texts, in their order."""

    def occurrences(self, terms: Sequence[str], texts: NDArray[np.int64]) -> NDArray[np.float32]:
        """Return how often each term occurs in each text, `(len(texts), len(terms))`-shaped."""

    def bm25(
        self, occurrences: NDArray[np.float32], idf: NDArray[np.float32], texts: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        """Return BM25 as a share of the most that these terms could reach: `(n,)`, in [0, 1]."""

    def search(self, terms: Sequence[str], within: NDArray[np.bool_], k: int) -> list[int]:
        """Return the rows of the `k` texts with the best BM25 for these terms, best first."""


class Titles(Protocol):
    """The titles of documents; see `index.titles.TitleStore`."""

    def __len__(self) -> int:
        """How many documents there are."""

    def holding(self, text: str) -> NDArray[np.int64]:
        """Return the rows of the documents that have all words of `text` in one of their names."""


class Lexical(Protocol):
    """Full-text search; see `index.lexical.LexicalIndex`."""

    def search(self, terms: Sequence[str], k: int) -> list[int]:
        """Return the rows of the `k` texts with the best BM25 for these terms, best first."""
