"""Queries of the collections, asked of the product, with what was right: what is learned from."""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.collection import DEFAULT_STATE, load_benchmark, open_index
from benchmarks.halves import Halves
from benchmarks.kept_encoder import KeptEncoder
from benchmarks.progress import progress_of
from index.candidates import find_candidates

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.collection import Benchmark
    from index.candidates import Candidates
    from index.generation import Generation
    from index.types import Embedding

__all__ = ["Example", "Workshop", "arguments", "write_weights"]

_BATCH = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One answerable query and its candidates.

    `documents` is the row of each candidate's document and `is_right` whether it is relevant,
    both `(c,)`-shaped; `relevant` are the rows of all relevant documents.
    """

    query: str
    question: str
    embedding: Embedding
    candidates: Candidates
    documents: NDArray[np.int64]
    is_right: NDArray[np.bool_]
    relevant: Mapping[int, int]


class Workshop:
    """The collections of a folder, their kept indexes, and one encoder for all."""

    def __init__(self, data: Path, state: Path) -> None:
        self._data = data
        self._state = state
        self.encoder = KeptEncoder.from_state(state)
        self._halves = Halves.from_data(data)

    def open(self, name: str) -> tuple[Benchmark, Generation]:
        """Return a collection and its index."""
        benchmark = load_benchmark(self._data / name)
        return benchmark, open_index(benchmark, self.encoder, self._state)

    def queries(
        self, benchmark: Benchmark, *, trained_half: bool | None = None, limit: int | None = None
    ) -> list[str]:
        """Return answerable queries in a random order, of one half or of all articles."""
        trained = self._halves.trained_queries(benchmark)
        found = [
            query
            for query in sorted(benchmark.collection.qrels)
            if trained_half is None or (query in trained) == trained_half
        ]
        order = np.random.default_rng(0).permutation(len(found))[:limit]
        return [found[at] for at in order]

    def embedded(
        self, benchmark: Benchmark, queries: Sequence[str]
    ) -> Iterator[tuple[str, str, Embedding]]:
        """Give each query's id, its question as the retriever cleans it, and its embedding."""
        progress = progress_of(f"asking {benchmark.name}")
        for start in range(0, len(queries), _BATCH):
            batch = queries[start : start + _BATCH]
            texts = [" ".join(benchmark.collection.queries[query].split()) for query in batch]
            yield from zip(batch, texts, self.encoder.embed_queries(texts), strict=True)
            progress(start + len(batch), len(queries))

    def examples(
        self, name: str, *, trained_half: bool | None = None, limit: int | None = None
    ) -> list[Example]:
        """Ask a collection's answerable queries."""
        benchmark, generation = self.open(name)
        queries = self.queries(benchmark, trained_half=trained_half, limit=limit)
        collection = benchmark.collection
        rows = {document.id: row for row, document in enumerate(generation.documents)}
        found = []
        for query, question, embedding in self.embedded(benchmark, queries):
            candidates = find_candidates(generation, question, embedding)
            documents = generation.document_rows[candidates.rows]
            relevant = {
                rows[collection.documents[key].document.id]: relevance
                for key, relevance in collection.qrels[query].items()
                if key in collection.documents
            }
            found.append(
                Example(
                    query=query,
                    question=question,
                    embedding=embedding,
                    candidates=candidates,
                    documents=documents,
                    is_right=np.isin(documents, list(relevant)),
                    relevant=relevant,
                )
            )
        return found


def arguments(description: str | None) -> argparse.ArgumentParser:
    """Return the arguments that all trainers take."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE)
    parser.add_argument("--out", type=Path, default=DEFAULT_STATE / "trained")
    return parser


def write_weights(path: Path, trained_on: str, weights: Mapping[str, float]) -> None:
    """Write a linear model as `index.trained` reads it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"trained_on": trained_on, "weights": dict(weights)}, indent=2)
    path.write_text(f"{text}\n", "utf-8")
    print(f"{path}: {dict(weights)}")
