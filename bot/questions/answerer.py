"""What the bot's faces need of an index, wherever it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.library import Library
    from index.queries import Query
    from index.types import Answer, Vectors

__all__ = ["Answerer"]


class Answerer(Protocol):
    """Answers questions from the documents, and looks things up in them."""

    @property
    def library(self) -> Library:
        """What can be looked up in the documents that are answered from now."""

    @property
    def problem(self) -> str:
        """Why nothing can be answered now; empty when all is well."""

    def warm_up(self) -> None:
        """Get ready, so that the first person to ask doesn't wait for it."""

    def retrieve_many(self, queries: Sequence[Query], *, k: int) -> Iterator[Answer]:
        """Give the answers to some questions one by one, with `k` hits each at most."""

    def vectors(self, questions: Sequence[str]) -> Vectors:
        """Return the vectors of questions, an `(n, d)` array."""
