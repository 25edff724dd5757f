"""What does an index of 10,000, 100,000 or a million passages cost, and how fast is it?

    .venv/bin/python -m benchmarks.scale --data ../shared/data [--passages 10000,100000]
        [--kind auto|flat|fp16|ivf] [--questions N] [--state DIR]

Passages are real ones and imitations of them (`benchmarks.imitation`); the questions are the
collections' own. For each number of passages a process of its own, without the encoder, opens the
index as the bot does, checksums and all, and answers the questions, whose embeddings it is given.
The system is told to forget the files first; then the same questions are asked again, and once
more by another process. Prints the seconds to write the stores (without reading, encoding and
analysing documents), the size on disk, start-up, memory, p50 and p99 of each stage and of the
three searches inside it, and the recall@10 of both stores of vectors: as it was measured when
they were built, and for these questions against all vectors that are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from benchmarks.collection import DEFAULT_STATE, load_benchmark
from benchmarks.given_encoder import GivenEncoder, give
from benchmarks.imitation import WRITING, imitated_state
from benchmarks.kept_encoder import KeptEncoder
from benchmarks.memory import memory
from index.analysis import Analyser
from index.generations import Generations
from index.retriever import LocalRetriever
from index.searches import IndexKind
from index.warming import warming

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.generation import Generation
    from index.stores import VectorIndex
    from index.types import Encoder, Vectors

__all__ = ["SOURCES", "opened"]

SOURCES = "squad_dev,scifact,time,clapnq_dev,rgb_en,stackfaq_answers"
"""The collections that passages are taken from."""
_WARM_UPS = 10
_NEAREST = 10
_BLOCK = 1 << 15
_MB = 1_000_000


def main() -> None:
    """Make the indexes that are missing, and print what each costs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path)
    parser.add_argument("--passages", default="10000,100000")
    parser.add_argument("--kind", choices=["auto", *IndexKind], default="auto")
    parser.add_argument("--only", default=SOURCES, help="collections to take passages from")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE)
    parser.add_argument("--opened", nargs=2, type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--again", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.opened:
        json.dump(_measured(*options.opened, is_first=not options.again), sys.stdout)
        return
    encoder = KeptEncoder.from_state(options.state)
    benchmarks = [load_benchmark(options.data / name) for name in options.only.split(",")]
    asked = [text for each in benchmarks for text in each.collection.queries.values()]
    questions = random.Random(0).sample(asked, options.questions)
    kind = None if options.kind == "auto" else IndexKind(options.kind)
    with tempfile.TemporaryDirectory() as scratch:
        given = Path(scratch) / "questions.npz"
        give(given, questions, encoder)
        for count in map(int, options.passages.split(",")):
            state = imitated_state(benchmarks, encoder, options.state, count, kind)
            first, again = (opened(state, given, *flags) for flags in ((), ("--again",)))
            _print(count, state, first, again)


def opened(state: Path, given: Path, *flags: str) -> dict[str, Any]:
    """Return what a process of its own took to open an index and to answer given questions."""
    itself = [sys.executable, "-m", "benchmarks.scale", "--opened", str(state), str(given), *flags]
    done = subprocess.run(itself, check=True, stdout=subprocess.PIPE)  # noqa: S603 -- our own
    return cast("dict[str, Any]", json.loads(done.stdout))


def _measured(state: Path, given: Path, *, is_first: bool) -> dict[str, Any]:
    """Open an index and answer questions; return what it took. Memory is this process's."""
    encoder = GivenEncoder(given)
    if is_first:
        _forget(state)
    before = memory()
    started = perf_counter()
    generations = Generations(state)
    generation, manifest = generations.load()
    loaded_s = perf_counter() - started
    retriever = LocalRetriever(generation, cast("Encoder", encoder))
    retriever.get_ready()
    reading = warming(map(generations.segments.folder_of, manifest.segments))  # as the bot does
    retriever.retrieve(encoder.questions[0], k=3)
    answered_s = perf_counter() - started
    ready = memory()
    reading.join()
    warm_s = perf_counter() - started
    times = _asked(retriever, encoder)
    found: dict[str, Any] = {
        "loaded_s": loaded_s,
        "answered_s": answered_s,
        "warm_s": warm_s,
        "ms": _summaries(times),
        "own_bytes": {"before": before, "opened": ready, "after": memory()},
    }
    if not is_first:
        return found
    found["ms_again"] = _summaries(_asked(retriever, encoder) | _searches(generation, encoder))
    found["own_bytes"]["after"] = memory()
    vectors = np.stack([each.vector for each in encoder.embed_queries(encoder.questions)])
    stores = {"passages": generation.vectors, "sentences": generation.sentence_vectors}
    return found | {
        "bytes": sum(path.stat().st_size for path in state.rglob("*") if path.is_file()),
        "documents": manifest.documents,
        "stores": {
            name: manifest.model_dump(mode="json")["searches"][name]
            | {"recall_of_questions": _recall(store, vectors)}
            for name, store in stores.items()
        },
    }


def _forget(state: Path) -> None:
    """Have the system forget the files of an index, as if the machine had just been started."""
    for path in state.rglob("*"):
        if path.is_file():
            with path.open("rb") as file:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _asked(retriever: LocalRetriever, encoder: GivenEncoder) -> dict[str, list[float]]:
    """Ask every question once; return how long each stage took."""
    every = [retriever.retrieve(question, k=3).timings for question in encoder.questions]
    return {
        "search": [timings.search_ms for timings in every],
        "highlight": [timings.rerank_ms for timings in every],
        "both": [timings.total_ms for timings in every],
    }


def _searches(generation: Generation, encoder: GivenEncoder) -> dict[str, list[float]]:
    """Time each of the three searches alone, as deep as `find_candidates` goes."""
    analyser = Analyser.for_language("en")
    times: dict[str, list[float]] = {"  words": [], "  passages": [], "  sentences": []}
    for question in encoder.questions:
        (embedding,) = encoder.embed_queries([question])
        asked, vector = analyser.query_terms(question), embedding.vector[None]
        for name, search in (
            ("  words", partial(generation.lexical.search, asked, 40)),
            ("  passages", partial(generation.vectors.search, vector, 40)),
            ("  sentences", partial(generation.sentence_vectors.search, vector, 160)),
        ):
            times[name].append(_time_ms(search))
    return times


def _recall(store: VectorIndex, asked: Vectors) -> float:
    """Return the share of the true 10 nearest that are found, against all vectors as kept."""
    scores = np.empty((len(asked), 0), np.float32)
    places = np.empty((len(asked), 0), np.int64)
    for start in range(0, len(store), _BLOCK):
        rows = np.arange(start, min(start + _BLOCK, len(store)))
        scores = np.hstack([scores, asked @ store.vectors(rows).T])
        places = np.hstack([places, np.broadcast_to(rows, (len(asked), len(rows)))])
        best = np.argpartition(-scores, min(_NEAREST, scores.shape[1] - 1), axis=1)[:, :_NEAREST]
        scores = np.take_along_axis(scores, best, 1)
        places = np.take_along_axis(places, best, 1)
    _, found = store.search(asked, _NEAREST)
    pairs = zip(found, places, strict=True)
    return float(np.mean([np.isin(true, some).mean() for some, true in pairs]))


def _time_ms(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return 1000 * (perf_counter() - started)


def _summaries(times: dict[str, list[float]]) -> dict[str, list[float]]:
    """Return the p50 and the p99 of each."""
    return {
        name: np.percentile(values[_WARM_UPS:], (50, 99)).tolist()
        for name, values in times.items()
    }


def _print(count: int, state: Path, found: dict[str, Any], again: dict[str, Any]) -> None:
    writing = json.loads((state / WRITING).read_text("utf-8"))
    memory = found["own_bytes"]
    print(
        f"\n{count:,} passages of {found['documents']:,} documents; load average "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    print(f"written in            {writing['seconds']:>9.1f} s")
    print(
        f"memory of the writer  {writing['own_bytes'] / _MB:>9.0f} MB at most, "
        f"{writing['own_bytes_before'] / _MB:.0f} MB before"
    )
    print(f"on disk               {found['bytes'] / _MB:>9.0f} MB")
    print(f"{'':<22}{'from disk':>11}{'once more':>11}")
    for name, label in (
        ("loaded_s", "checked and opened"),
        ("answered_s", "first answer after"),
        ("warm_s", "files read after"),
    ):
        print(f"{label:<22}{found[name]:>9.2f} s{again[name]:>9.2f} s")
    for name in ("before", "opened", "after"):
        own, mapped, peak = (memory[name][each] / _MB for each in ("own", "mapped", "peak"))
        print(
            f"memory {name:<15}{own:>9.0f} MB, and {mapped:.0f} MB of mapped files; "
            f"peak of both {peak:.0f} MB"
        )
    print(f"{'stage: p50; p99 ms':<22}{'from disk':>18}{'asked again':>18}{'once more':>18}")
    for name in found["ms_again"]:
        runs = (found["ms"], found["ms_again"], again["ms"])
        values = (f"{run[name][0]:.2f}; {run[name][1]:.2f}" if name in run else "" for run in runs)
        print(f"{name:<22}{''.join(f'{each:>18}' for each in values)}")
    for name, store in found["stores"].items():
        print(
            f"{name}: {store['vectors']:,} vectors, {store['kind']}, {store['probes']} probes; "
            f"recall@10 {store['recall']:.4f} when built, {store['recall_of_questions']:.4f} "
            "of the questions"
        )


if __name__ == "__main__":
    main()
