"""Finds what is worth a closer look on the engine: three searches there, and one fetch."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from index.candidates import PER_SEARCH, SENTENCES_PER_PASSAGE, asked_terms
from index.conversing import Conversing, Understanding
from index.finding import Found
from index.library import Library
from index.queries import days_of
from index.quoting import Quoting
from index.served.layout import as_words
from index.served.library import ServedLibrary
from index.terms import hashes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.queries import Query, Scope
    from index.served.engine import Engine
    from index.served.shelf import Shelf
    from index.types import Embedding

__all__ = ["ServedFinder"]

_MOST_TURNS = 4
_AT_ONCE = 3  # searches, those of one question
_MOST_COPIES = 256  # passages that say the same, of all candidates together
_FIRST_S = 120.0  # the first search after a start may read the index from disk


class ServedFinder:
    """Finds in a generation on an engine; see the `Finder` protocol."""

    def __init__(self, engine: Engine, shelf: Shelf) -> None:
        self._engine = engine
        self._shelf = shelf
        self._library = ServedLibrary(engine, shelf)
        self._pool = ThreadPoolExecutor(max_workers=_AT_ONCE, thread_name_prefix="engine")

    @property
    def name(self) -> str:
        """The generation's name."""
        return self._shelf.facts.generation

    @property
    def library(self) -> ServedLibrary:
        """What can be looked up in it."""
        return self._library

    def get_ready(self, timeout_s: float | None = _FIRST_S) -> None:
        """Have the engine search once, so that nobody waits for what it loads then.

        Without a time limit of its own each search has the usual one.
        """
        dimension = self._shelf.statistics.projection.matrix.shape[0]
        vectors = np.full((1, dimension), dimension**-0.5, np.float32)
        for collection in ("passages", "sentences"):
            self._engine.nearest(
                self._shelf.name_of(collection), "vector", vectors, 1, timeout_s=timeout_s
            )
        passages = self._shelf.name_of("passages")
        self._engine.nearest(passages, "terms", [as_words([0])], 1, timeout_s=timeout_s)

    def understand(self, query: Query, asked: str) -> Understanding:
        """Return what to search for; `asked` is the query's text as it is searched by itself."""
        if not query.history:
            return Understanding(asked=asked)
        turns = query.history[-_MOST_TURNS:]
        ids = [each for turn in turns for each in turn.passages]
        rows = self._shelf.rows_of("passages", ids)
        generation, _ = self._shelf.generation(rows.values())
        return Conversing(generation, Library(generation), self).understand(query, asked)

    def passages_with(self, words: str, count: int) -> Sequence[tuple[str, str]]:
        """Return the titles and texts of the best few passages with these words."""
        rows = self._with_terms([sorted(self._terms(words))], "", count)[0]
        passages = self._shelf.passages(rows)
        documents = self._shelf.documents({each.document for each in passages.values()})
        found = [passages[row] for row in rows]
        return [
            (documents[each.document].document.source.title, each.passage.text) for each in found
        ]

    def find(
        self, texts: Sequence[str], embeddings: Sequence[Embedding], scope: Scope
    ) -> Found | None:
        """Search for each text within a scope; None where the scope holds no passage."""
        where = self._where(scope)
        vectors = np.stack([each.vector for each in embeddings])
        searches = (
            partial(self._with_terms, [self._terms(text) for text in texts], where, PER_SEARCH),
            partial(self._near, "passages", "row", vectors, where, PER_SEARCH),
            partial(
                self._near,
                "sentences",
                "passage",
                vectors,
                where,
                PER_SEARCH * SENTENCES_PER_PASSAGE,
            ),
        )
        found = [each.result() for each in [self._pool.submit(search) for search in searches]]
        rows = [
            sorted({row for search in found for row in search[at]}) for at in range(len(texts))
        ]
        if not all(rows):
            return None
        every = {row for each in rows for row in each}
        generation, places = self._shelf.generation(every | self._alike(every, where))
        return Found(
            generation=generation,
            rows=tuple(np.array([places[row] for row in each], np.int64) for each in rows),
            within=None,  # nothing else was fetched
            quoting=Quoting(generation),
        )

    def _terms(self, text: str) -> list[str]:
        return asked_terms(text, self._shelf.facts.languages)

    def _with_terms(
        self, asked: Sequence[Sequence[str]], where: str, count: int
    ) -> list[list[int]]:
        """Return the rows of the passages with the best BM25 for each text's terms."""
        searched = [at for at, terms in enumerate(asked) if terms]
        found: list[list[int]] = [[] for _ in asked]
        if searched:
            words = [as_words(hashes_of(asked[at]).tolist()) for at in searched]
            name = self._shelf.name_of("passages")
            hits = self._engine.nearest(name, "terms", words, count, where=where, columns=["row"])
            for at, rows in zip(searched, hits, strict=True):
                found[at] = [int(row["row"]) for row in rows]
        return found

    def _near(
        self, collection: str, column: str, vectors: np.ndarray, where: str, count: int
    ) -> list[list[int]]:
        """Return the rows of the passages nearest to each vector, or of the nearest sentences."""
        name = self._shelf.name_of(collection)
        hits = self._engine.nearest(name, "vector", vectors, count, where=where, columns=[column])
        return [
            list(dict.fromkeys(int(row[column]) for row in rows))[:PER_SEARCH] for rows in hits
        ]

    def _alike(self, rows: Iterable[int], where: str) -> set[int]:
        """Return the rows in scope that say the same as some of these."""
        passages = self._shelf.passages(rows).values()
        groups = sorted({each.alike for each in passages if each.copies > 1})
        if not groups:
            return set()
        within = f"alike in {groups}" + (f" and {where}" if where else "")
        name = self._shelf.name_of("passages")
        found = self._engine.rows(name, within, ["row"], most=_MOST_COPIES)
        return {int(row["row"]) for row in found}

    def _where(self, scope: Scope) -> str:
        """Return the expression that lets in what a scope does; empty for everything."""
        parts = []
        if scope.documents is not None:
            rows = self._shelf.rows_of("documents", sorted(scope.documents))
            parts.append(f"document in {sorted(rows.values())}" if rows else "document < 0")
        if scope.after is not None:
            parts.append(f"first_day >= {days_of(scope.after)[0]}")
        if scope.before is not None:
            parts.append(f"last_day < {days_of(scope.before)[0]}")
        return " and ".join(parts)
