"""What a change costs: one document of many changed, or none, against building everything.

    python -m benchmarks.incremental [--documents 10000] [--paragraphs 1] [--runs 5] [--fake]

The documents are made up: a title and some paragraphs of two sentences each, no two alike.
Everything runs in one process, as `verbatim watch` does, with the model loaded before the clock
starts. Memory is this process's own, without the pages of mapped files: before, and at most.
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

from benchmarks.memory import memory, own_peak
from index.build import build
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.generations import Generations
from index.staleness import staleness
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from benchmarks.memory import Peak
    from index.types import Encoder

_MB = 1_000_000
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
            _write(seeds, number, edition=0, paragraphs=options.paragraphs)
        time.sleep(2.5)  # so that the files have settled, as a maintainer's have: `index.stamps`
        before = memory()["own"]
        with own_peak() as peak_full:
            full = _timed_build(seeds, state, encoder)
        print(f"encoder            {encoder.name}")
        print(f"documents          {options.documents}")
        print(f"passages           {Generations(state).manifest().passages}")
        print(f"full build         {full:.2f} s; {_said(before, peak_full)}", flush=True)
        changed = []
        before = memory()["own"]
        with own_peak() as peak_changed:
            for run in range(options.runs):
                number = 37 * run % options.documents
                _write(seeds, number, edition=run + 1, paragraphs=options.paragraphs)
                if options.profile and run == options.runs - 1:
                    with cProfile.Profile() as profile:
                        _timed_build(seeds, state, encoder)
                    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
                else:
                    changed.append(_timed_build(seeds, state, encoder))
        print(f"one changed        {_said(before, peak_changed)}")
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
    parser.add_argument("--paragraphs", type=int, default=1, help="of each document")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--fake", action="store_true", help="an encoder that costs nothing")
    parser.add_argument("--profile", action="store_true", help="profile the last changed build")
    return parser.parse_args()


def _model() -> SentenceTransformerEncoder:
    encoder = SentenceTransformerEncoder.from_name(DEFAULT_ENCODER)
    encoder.embed_queries(["warm-up"])
    return encoder


def _write(seeds: Path, number: int, *, edition: int, paragraphs: int) -> None:
    """Write a document; another edition has another first paragraph."""
    texts = [f"Notice {number}"]
    for at in range(paragraphs):
        chance = random.Random(f"{number} {edition} {at}" if not at else f"{number} {at}")
        sentences = [
            f"The {' '.join(chance.choices(_WORDS, k=5))} of {chance.randrange(10**6)} was near "
            f"the {' '.join(chance.choices(_WORDS, k=4))}."
            for _ in range(2)
        ]
        texts.append(" ".join(sentences))
    (seeds / f"{number:06}.txt").write_text("\n\n".join(texts) + "\n", "utf-8")


def _said(before: int, peak: Peak) -> str:
    return f"memory of its own {before / _MB:.0f} MB before, {peak.bytes / _MB:.0f} MB at most"


def _timed_build(seeds: Path, state: Path, encoder: Encoder) -> float:
    started = time.perf_counter()
    build(seeds, state, encoder)
    return time.perf_counter() - started


def _timed_look(seeds: Path, state: Path, encoder: Encoder) -> float:
    """Time what a build does that finds nothing to do."""
    started = time.perf_counter()
    if staleness(seeds, state, encoder.identity).reasons:
        raise SystemExit("the index is stale, though nothing changed")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
