"""Quality and speed on every collection of a folder, beside four baselines of the same run.

    .venv/bin/python -m benchmarks.retrieval --data ../shared/data [--only squad_dev,time]
        [--limit N] [--out DIR] [--state DIR] [--resume]

Indexes are built once and kept (`benchmarks.collection`). Questions are encoded in batches for
quality; latency is measured by itself, one question after another. Writes report.md, plots and
each collection's figures to --out, and prints the report. --resume takes figures from there that
were made with the same weights.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.baselines import baseline_runs, document_vectors
from benchmarks.collection import DEFAULT_STATE, NAMES, index_folder, load_benchmark, open_index
from benchmarks.figures import OURS, Figures, weights_fingerprint
from benchmarks.halves import Halves
from benchmarks.kept_encoder import KeptEncoder
from benchmarks.outcomes import outcome_of
from benchmarks.progress import progress_of
from benchmarks.report import write_report
from benchmarks.speed import latency_ms
from benchmarks.summary import Asked, figures_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.collection import Benchmark
    from benchmarks.outcomes import Outcome
    from index.generation import Generation
    from index.types import Encoder, Vectors

_BATCH = 256
_TIMED_QUESTIONS = 200


def main() -> None:
    """Measure what was asked for and write the report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", default="", help="names, with commas")
    parser.add_argument("--limit", type=int, help="queries of each collection, drawn at random")
    parser.add_argument("--out", type=Path, default=DEFAULT_STATE / "report")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE)
    parser.add_argument("--resume", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    encoder = KeptEncoder.from_state(options.state)
    halves = Halves.from_data(options.data)
    found = []
    for name in _names(options.data, options.only):
        earlier = _earlier(options.out, name, options.limit) if options.resume else []
        if not earlier:
            benchmark = _sample(load_benchmark(options.data / name), options.limit)
            earlier = list(_measured(benchmark, encoder, options.state, halves))
            earlier = [replace(figures, limit=options.limit) for figures in earlier]
            for figures in earlier:
                figures.save(options.out)
        found += earlier
    print(write_report(found, options.out))


def _names(data: Path, only: str) -> list[str]:
    """Return the collections to measure: the quick ones first, unknown ones last."""
    here = [path.parent.name for path in sorted(data.glob("*/corpus.jsonl"))]
    wanted = only.split(",") if only else [name for name in NAMES if name in here]
    return wanted if only else wanted + [name for name in here if name not in NAMES]


def _earlier(out: Path, name: str, limit: int | None) -> list[Figures]:
    """Return the collection's figures made before with the weights of today."""
    found = [Figures.load(path) for path in sorted(out.glob(f"{name}*.json"))]
    weights = weights_fingerprint()
    wanted = (name, weights, limit)
    same = [each for each in found if (each.name, each.weights, each.limit) == wanted]
    return sorted(same, key=lambda each: each.unseen_half_only)


def _sample(benchmark: Benchmark, limit: int | None) -> Benchmark:
    collection = benchmark.collection
    if limit is None or len(collection.queries) <= limit:
        return benchmark
    drawn = set(random.Random(0).sample(sorted(collection.queries), limit))
    queries = {key: text for key, text in collection.queries.items() if key in drawn}
    qrels = {key: relevant for key, relevant in collection.qrels.items() if key in drawn}
    return replace(benchmark, collection=replace(collection, queries=queries, qrels=qrels))


def _measured(
    benchmark: Benchmark, encoder: Encoder, state: Path, halves: Halves
) -> Iterator[Figures]:
    """Give the figures of a collection, then those of its unseen half where it has one."""
    generation = open_index(benchmark, encoder, state)
    asked = _asked(benchmark, generation, encoder, index_folder(benchmark, encoder, state))
    queries = list(benchmark.collection.queries)
    timed = random.Random(0).sample(queries, min(_TIMED_QUESTIONS, len(queries)))
    whole = figures_of(benchmark, generation, asked, queries)
    questions = [benchmark.collection.queries[query] for query in timed]
    yield replace(whole, latency_ms=latency_ms(generation, encoder, questions))
    trained = halves.trained_queries(benchmark)
    unseen = [query for query in queries if query not in trained]
    if trained and unseen:
        part = figures_of(benchmark, generation, asked, unseen)
        yield replace(part, unseen_half_only=True, trained_on="no")


def _asked(benchmark: Benchmark, generation: Generation, encoder: Encoder, folder: Path) -> Asked:
    """Ask every query, of Verbatim and of the baselines."""
    collection = benchmark.collection
    keys = {parsed.document.id: key for key, parsed in collection.documents.items()}
    ids = [keys[document.id] for document in generation.documents]
    rows = {key: row for row, key in enumerate(ids)}
    queries = {key: " ".join(text.split()) for key, text in collection.queries.items()}
    outcomes: dict[str, Outcome] = {}
    vectors = np.empty((len(queries), encoder.dimension), np.float32)
    progress = progress_of(f"asking {benchmark.name}")
    names = list(queries)
    for start in range(0, len(names), _BATCH):
        batch = names[start : start + _BATCH]
        embeddings = encoder.embed_queries([queries[name] for name in batch])
        for at, (name, embedding) in enumerate(zip(batch, embeddings, strict=True), start):
            vectors[at] = embedding.vector
            gold = [rows[key] for key in collection.qrels.get(name, {}) if key in rows]
            outcomes[name] = outcome_of(
                generation,
                queries[name],
                embedding,
                gold=gold,
                answers=benchmark.answers.get(name, ()),
            )
        progress(start + len(batch), len(names))
    languages, counts = np.unique(generation.languages, return_counts=True)
    runs = baseline_runs(
        {key: collection.documents[key] for key in ids},
        _kept_document_vectors(generation, encoder, folder),
        queries,
        vectors,
        language=str(languages[np.argmax(counts)]),
    )
    runs[OURS] = {
        name: {ids[row]: score for row, score in outcome.scores.items()}
        for name, outcome in outcomes.items()
    }
    return Asked(outcomes=outcomes, runs=runs)


def _kept_document_vectors(generation: Generation, encoder: Encoder, folder: Path) -> Vectors:
    path = folder / "dense-baseline.npy"
    if not path.exists():
        np.save(path, document_vectors(generation, encoder))
    vectors: Vectors = np.load(path)
    return vectors


if __name__ == "__main__":
    main()
