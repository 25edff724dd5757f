"""What a change costs: one document of many changed, or none, against building everything.

    python -m benchmarks.incremental [--documents 10000] [--runs 5] [--fake]

The documents are made up: a title and two sentences each, no two alike. Everything runs
in one process, as `verbatim watch` does, with the model loaded before the clock starts.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import random
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from index.build import build, stale_reasons
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from index.types import Encoder

_WORDS = """
    harbour mill bridge valley station market school island tower garden guard farmer teacher
    doctor painter sailor mayor baker judge miner closed opened sold painted searched crossed
    repaired lost described visited winter spring summer autumn midnight river letter engine
    orchard treaty virus planet granite violin recipe refund ticket budget election hospital
    museum copper whale novel telescope password terrace laboratory minister meadow blanket
    border window fever court strike vaccine goal championship rainfall harvest mortgage pension
    theatre orchestra bicycle tunnel airport glacier volcano parliament contract inspector
""".split()


def main() -> None:
    """Build, change, build again, and print the medians and their ratios."""
    options = _options()
    encoder: Encoder = FakeEncoder() if options.fake else _model()
    with tempfile.TemporaryDirectory(prefix="verbatim-") as name:
        seeds, state = Path(name) / "seeds", Path(name) / "state"
        seeds.mkdir()
        for number in range(options.documents):
            _write(seeds, number, edition=0)
        time.sleep(2.5)  # so that the files have settled, as a maintainer's have: `index.stamps`
        full = _timed_build(seeds, state, encoder)
        print(f"encoder            {encoder.name}")
        print(f"documents          {options.documents}")
        print(f"full build         {full:.2f} s", flush=True)
        changed = []
        for run in range(options.runs):
            _write(seeds, 37 * run % options.documents, edition=run + 1)
            if options.profile and run == options.runs - 1:
                with cProfile.Profile() as profile:
                    _timed_build(seeds, state, encoder)
                pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
            else:
                changed.append(_timed_build(seeds, state, encoder))
        time.sleep(2.5)
        unchanged = [_timed_look(seeds, state, encoder) for _ in range(options.runs)]
    for what, times, goal in (("one changed", changed, 2), ("nothing changed", unchanged, 0.5)):
        median = statistics.median(times)
        print(
            f"{what:<18} {median:.3f} s, {100 * median / full:.2f} % of a full build "
            f"(goal: under {goal} %), {len(times)} runs {min(times):.3f} to {max(times):.3f} s"
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fake", action="store_true", help="an encoder that costs nothing")
    parser.add_argument("--profile", action="store_true", help="profile the last changed build")
    return parser.parse_args()


def _model() -> SentenceTransformerEncoder:
    encoder = SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)
    encoder.embed_queries(["warm-up"])
    return encoder


def _write(seeds: Path, number: int, *, edition: int) -> None:
    chance = random.Random(f"{number} {edition}")
    sentences = [
        f"The {' '.join(chance.choices(_WORDS, k=5))} of {chance.randrange(10**6)} was near the "
        f"{' '.join(chance.choices(_WORDS, k=4))}."
        for _ in range(2)
    ]
    text = f"Notice {number}\n\n{' '.join(sentences)}\n"
    (seeds / f"{number:06}.txt").write_text(text, "utf-8")


def _timed_build(seeds: Path, state: Path, encoder: Encoder) -> float:
    started = time.perf_counter()
    build(seeds, state, encoder)
    return time.perf_counter() - started


def _timed_look(seeds: Path, state: Path, encoder: Encoder) -> float:
    """Time what a build does that finds nothing to do."""
    started = time.perf_counter()
    if stale_reasons(seeds, state, encoder.identity):
        raise SystemExit("the index is stale, though nothing changed")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
