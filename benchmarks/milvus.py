"""Does an engine answer as FAISS does, how fast, and is it up to it?

    .venv/bin/python -m benchmarks.milvus --data ../shared/data [--only rgb_en,xquad_en]
        [--limit N] [--state DIR]
    .venv/bin/python -m benchmarks.milvus --engine 100000

The first puts each collection's index on a Milvus Lite server of its own, asks it every question
and the same index in memory, and prints for both nDCG@10, how many answers are the same (verdict,
passages, order, highlights), and the time beyond encoding. The second is
`benchmarks.milvus_engine`: so many rows, and what the server itself takes for them and survives.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, cast

import numpy as np

from benchmarks.collection import DEFAULT_STATE, index_folder, load_benchmark, open_index
from benchmarks.kept_encoder import KeptEncoder
from benchmarks.milvus_engine import measure_engine
from benchmarks.progress import progress_of
from index.evaluation import evaluate
from index.generations import Generations
from index.questions import checked
from index.retriever import LocalRetriever
from index.served.engine import Engine
from index.served.generations import ServedGenerations
from index.served.retriever import ServedRetriever
from tests.served.serving import Server

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.collection import Benchmark
    from index.evaluation import Evaluation
    from index.types import Embedding, Encoder, EncoderIdentity

_DEPTH = 40  # passages asked for: a document counts by its best
_PATIENT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """Gives what questions were encoded to before: both ways are asked with the same."""

    identity: EncoderIdentity
    embeddings: dict[str, Embedding]

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Return what is known of these texts; of one that warms up, what is of any."""
        some = next(iter(self.embeddings.values()))
        return [some if text == "warm-up" else self.embeddings[text] for text in texts]


def main() -> None:
    """Measure what was asked for and print it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--only", default="rgb_en,xquad_en")
    parser.add_argument("--limit", type=int, help="questions of each collection, drawn at random")
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE)
    parser.add_argument("--engine", type=int, metavar="ROWS")
    options = parser.parse_args()
    if options.engine is not None:
        measure_engine(options.engine)
        return
    if options.data is None:
        parser.error("--data is needed")
    encoder = KeptEncoder.from_state(options.state)
    print(
        f"{'collection':<18}{'passages':>9}{'asked':>7}{'nDCG@10':>9}{'engine':>8}{'same':>7}"
        f"{'p50 ms':>8}{'p99':>7}{'engine':>9}{'p99':>7}{'push s':>8}"
    )
    for name in options.only.split(","):
        benchmark = load_benchmark(options.data / name)
        _compare(benchmark, encoder, options.state, options.limit)


def _compare(benchmark: Benchmark, encoder: Encoder, state: Path, limit: int | None) -> None:
    generation = open_index(benchmark, encoder, state)
    manifest = Generations(index_folder(benchmark, encoder, state)).manifest()
    queries = benchmark.collection.queries
    if limit is not None and limit < len(queries):
        queries = dict(random.Random(0).sample(sorted(queries.items()), limit))
    texts = list(queries.values())
    given = cast(
        "Encoder",
        _Given(
            identity=encoder.identity,
            embeddings=dict(zip(map(checked, texts), encoder.embed_queries(texts), strict=True)),
        ),
    )
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "milvus")
        server.start()
        try:
            with Engine(server.url, timeout_s=_PATIENT_S) as engine:
                served = ServedGenerations(engine)
                began = perf_counter()
                served.push(generation, manifest, progress_of(f"pushing {benchmark.name}"))
                served.make_live(generation.name)
                push_s = perf_counter() - began
                with ServedRetriever(engine, given) as far:
                    there = _asked(far, benchmark, queries, "engine")
        finally:
            server.kill()
    here = _asked(LocalRetriever(generation, given), benchmark, queries, "memory")
    same = np.mean([_shown(here, query) == _shown(there, query) for query in queries])
    print(
        f"{benchmark.name:<18}{len(generation.passages):>9}{len(queries):>7}"
        f"{here.metrics['ndcg@10']:>9.4f}{there.metrics['ndcg@10']:>8.4f}{same:>7.3f}"
        f"{_ms(here, 50):>8.1f}{_ms(here, 99):>7.1f}{_ms(there, 50):>9.1f}{_ms(there, 99):>7.1f}"
        f"{push_s:>8.1f}"
    )


def _asked(
    retriever: LocalRetriever | ServedRetriever,
    benchmark: Benchmark,
    queries: dict[str, str],
    where: str,
) -> Evaluation:
    collection = benchmark.collection
    ids = {parsed.document.id: key for key, parsed in collection.documents.items()}
    return evaluate(
        retriever,
        queries,
        {query: relevant for query, relevant in collection.qrels.items() if query in queries},
        documents=len(ids),
        unit_of=lambda hit: ids[hit.passage.document_id],
        depth=_DEPTH,
        progress=progress_of(f"{benchmark.name}, {where}"),
    )


def _shown(evaluation: Evaluation, query: str) -> list[object]:
    answer = evaluation.answers[query]
    hits = [(hit.passage.id, hit.highlight) for hit in answer.hits[:10]]
    return [answer.verdict, hits]


def _ms(evaluation: Evaluation, percentile: int) -> float:
    timings = [answer.timings for answer in evaluation.answers.values()]
    return float(np.percentile([each.search_ms + each.rerank_ms for each in timings], percentile))


if __name__ == "__main__":
    main()
