"""Where a question's candidates come from: a generation in this process, or one that is served."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from index.candidates import find_rows
from index.conversing import Conversing
from index.library import Library
from index.quoting import Quoting
from index.within import passages_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.conversing import Understanding
    from index.generation import Generation
    from index.queries import Query, Scope
    from index.types import Embedding

__all__ = ["Finder", "Found", "LocalFinder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The rows that were found for each text, in a generation that holds them at least.

    It also holds what says the same as them; `within`, `(n,)`-shaped, says which of its passages
    are in scope, None for all of them. `quoting` is over this generation.
    """

    generation: Generation
    rows: tuple[NDArray[np.int64], ...]
    within: NDArray[np.bool_] | None
    quoting: Quoting


class Finder(Protocol):
    """Finds what is worth a closer look, and looks things up, in one generation."""

    @property
    def name(self) -> str:
        """The generation's name."""

    @property
    def library(self) -> Library:
        """What can be looked up in it."""

    def get_ready(self) -> None:
        """Work out what the first question would else have to."""

    def understand(self, query: Query, asked: str) -> Understanding:
        """Return what to search for; `asked` is the query's text as it is searched by itself."""

    def find(
        self, texts: Sequence[str], embeddings: Sequence[Embedding], scope: Scope
    ) -> Found | None:
        """Search for each text within a scope; None where the scope holds no passage."""


class LocalFinder:
    """Finds in a generation of this process; see the `Finder` protocol."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self._quoting = Quoting(generation)
        self._library = Library(generation, self._quoting)
        self._conversing = Conversing(generation, self._library)

    @property
    def name(self) -> str:
        """The generation's name."""
        return self._generation.name

    @property
    def library(self) -> Library:
        """What can be looked up in it."""
        return self._library

    def get_ready(self) -> None:
        """Work out what the first question would else have to."""
        self._generation.get_ready()
        self._library.get_ready()

    def understand(self, query: Query, asked: str) -> Understanding:
        """Return what to search for; `asked` is the query's text as it is searched by itself."""
        return self._conversing.understand(query, asked)

    def find(
        self, texts: Sequence[str], embeddings: Sequence[Embedding], scope: Scope
    ) -> Found | None:
        """Search for each text within a scope; None where the scope holds no passage."""
        within = passages_within(self._generation, scope)
        if within is not None and not within.any():
            return None
        rows = [
            find_rows(self._generation, text, embedding, within=within)
            for text, embedding in zip(texts, embeddings, strict=True)
        ]
        return Found(
            generation=self._generation, rows=tuple(rows), within=within, quoting=self._quoting
        )
