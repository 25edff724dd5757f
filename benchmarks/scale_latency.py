"""How long does an answer take over 2,000 and over 100,000 passages, and where does it go?

    .venv/bin/python -m benchmarks.scale_latency --data ../shared/data [--passages 2000,100000]
        [--only squad_dev,time] [--questions N] [--state DIR]

The passages are those of the English collections, and beyond their number imitations of them
(`benchmarks.imitation`), so that no 100,000 texts have to be encoded. The questions are the
collections' own. Prints p50 and p95 of question to ranked, highlighted answer, and of each stage
with its share of the mean; then what the three searches inside `search` take, over everything and
within scopes of several sizes.
"""

from __future__ import annotations

import argparse
import os
import random
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.collection import DEFAULT_STATE, load_benchmark
from benchmarks.imitation import imitated_state
from benchmarks.kept_encoder import KeptEncoder
from benchmarks.speed import CPU, STAGES, latency_ms
from index.analysis import Analyser
from index.generations import Generations

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.generation import Generation
    from index.types import Encoder

_SOURCES = "squad_dev,scifact,time,clapnq_dev,rgb_en,stackfaq_answers"
_WARM_UPS = 5
_SCOPES = (0.99, 0.5, 0.1, 0.001)


def main() -> None:
    """Make the indexes that are missing, ask the questions, print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", default="2000,100000")
    parser.add_argument("--only", default=_SOURCES, help="collections to take passages from")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE)
    options = parser.parse_args()
    encoder = KeptEncoder.from_state(options.state)
    benchmarks = [load_benchmark(options.data / name) for name in options.only.split(",")]
    asked = [text for each in benchmarks for text in each.collection.queries.values()]
    questions = random.Random(0).sample(asked, options.questions)
    for count in map(int, options.passages.split(",")):
        generation, _ = Generations(
            imitated_state(benchmarks, encoder, options.state, count)
        ).load()
        _print_stages(generation, encoder, questions)
        _print_searches(generation, encoder, questions)
        for share in _SCOPES:
            _print_searches_within(generation, encoder, questions, share)


def _print_stages(generation: Generation, encoder: Encoder, questions: Sequence[str]) -> None:
    times = latency_ms(generation, encoder, questions)
    print(
        f"\n{len(generation.passages):,} passages, {len(generation.sentences.owner):,} sentences; "
        f"{len(questions)} questions; load average "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    )
    print(f"{'stage':<22}{'p50 ms':>9}{'p95 ms':>9}{'share of mean':>15}")
    for stage in (*STAGES, CPU):
        p50, p95 = times[stage]["p50"], times[stage]["p95"]
        share = "" if stage == CPU else f"{times[stage]['mean'] / times['total']['mean']:.0%}"
        print(f"{stage:<22}{p50:>9.2f}{p95:>9.2f}{share:>15}")


def _print_searches(generation: Generation, encoder: Encoder, questions: Sequence[str]) -> None:
    """Time each of the three searches alone, as deep as `find_candidates` goes."""
    analyser = Analyser.for_language("en")
    times: dict[str, list[float]] = {"lexical": [], "passages": [], "sentences": []}
    for question, vector in zip(questions, encoder.encode_queries(questions), strict=True):
        asked = analyser.query_terms(question)
        for name, search in (
            ("lexical", partial(generation.lexical.search, asked, 40)),
            ("passages", partial(generation.vectors.search, vector[None], 40)),
            ("sentences", partial(generation.sentence_vectors.search, vector[None], 160)),
        ):
            times[name].append(_time_ms(search))
    _print_times("", times)


def _print_searches_within(
    generation: Generation, encoder: Encoder, questions: Sequence[str], share: float
) -> None:
    """Time the same within a random share of the documents."""
    analyser = Analyser.for_language("en")
    allowed = np.random.default_rng(0).random(len(generation.documents)) < share
    within = allowed[generation.document_rows]
    sentences = within[generation.sentences.owner]
    times: dict[str, list[float]] = {"lexical": [], "passages": [], "sentences": []}
    for question, vector in zip(questions, encoder.encode_queries(questions), strict=True):
        asked = analyser.query_terms(question)
        vectors, nearest = generation.vectors, generation.sentence_vectors
        for name, search in (
            ("lexical", partial(generation.terms.search, asked, within, 40)),
            ("passages", partial(vectors.search, vector[None], 40, within=within)),
            ("sentences", partial(nearest.search, vector[None], 160, within=sentences)),
        ):
            times[name].append(_time_ms(search))
    _print_times(f" in {share:.1%}", times)


def _print_times(scope: str, times: dict[str, list[float]]) -> None:
    for name, values in times.items():
        p50, p95 = np.percentile(values[_WARM_UPS:], (50, 95))
        print(f"{f'  {name}{scope}':<22}{p50:>9.2f}{p95:>9.2f}")


def _time_ms(work: Callable[[], object]) -> float:
    started = perf_counter()
    work()
    return 1000 * (perf_counter() - started)


if __name__ == "__main__":
    main()
