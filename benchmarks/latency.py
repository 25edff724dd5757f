"""How long does a warm answer take? Stage by stage, over the golden questions.

    .venv/bin/python -m benchmarks.latency [--state DIR] [--golden FILE] [--runs N]

Prints the median and the 95th percentile of each stage, and beside the whole answer what the
encoder alone takes for the same question in the same run: that is the floor.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from time import perf_counter

import numpy as np

from index.encoders import choose_encoder
from index.golden import load_golden
from index.models import DEFAULT_ENCODER
from index.retriever import LocalRetriever


def main() -> None:
    """Ask every golden question several times and print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--state", type=Path, default=Path(".verbatim"))
    parser.add_argument("--golden", type=Path, default=Path("tests/golden/seeds.jsonl"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("-k", type=int, default=3)
    options = parser.parse_args()
    encoder = choose_encoder(DEFAULT_ENCODER, options.state).encoder
    retriever = LocalRetriever.from_state(options.state, encoder)
    retriever.warm_up()
    stages: dict[str, list[float]] = {
        name: [] for name in ("encoder alone", "encode", "search", "rerank", "total")
    }
    questions = [golden.question for golden in load_golden(options.golden)]
    for question in questions * options.runs:
        started = perf_counter()
        encoder.encode_queries([question])
        stages["encoder alone"].append(1000 * (perf_counter() - started))
        timings = retriever.retrieve(question, k=options.k).timings
        stages["encode"].append(timings.encode_ms)
        stages["search"].append(timings.search_ms)
        stages["rerank"].append(timings.rerank_ms)
        stages["total"].append(timings.total_ms)
    floor = float(np.median(stages["encoder alone"]))
    count = len(retriever.passages)
    print(f"{len(questions)} questions, {options.runs} times each, over {count} passages")
    print(f"{'stage':<14}{'p50 ms':>9}{'p95 ms':>9}{'p50 / encoder alone':>21}")
    for name, times in stages.items():
        p50, p95 = np.percentile(times, [50, 95])
        print(f"{name:<14}{p50:>9.2f}{p95:>9.2f}{p50 / floor:>21.2f}")


if __name__ == "__main__":
    main()
