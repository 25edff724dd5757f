"""What does one changed document cost in an index of 10,000, 100,000 or a million passages?

    .venv/bin/python -m benchmarks.changes --data ../shared/data [--passages 10000,100000]
        [--changes 5] [--state DIR]

The index and the documents' files are those of `benchmarks.imitation`, some twenty passages each,
in a folder of links to them, which takes no room. A paragraph of one document after another is
changed, and the product's own build brings the index up to date, in this process, with the model
loaded before: so that the seconds are those of `verbatim watch`. Of the changed document every
passage is encoded, since the imitation's cache is empty. Prints what each build took, and how much
of that was the encoder's, by the clock and as processor time; the memory of its own that it took
at most; and what searches take over as many segments as there are then, beside those over one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.collection import DEFAULT_STATE, load_benchmark
from benchmarks.given_encoder import give
from benchmarks.imitation import SEEDS, imitated_state
from benchmarks.kept_encoder import KeptEncoder
from benchmarks.memory import memory, own_peak
from benchmarks.scale import SOURCES, opened
from benchmarks.wrapped_encoder import TimedEncoder
from index.build import build
from index.generations import Generations
from index.staleness import staleness

_SETTLED_S = 2.5  # so that the files have settled, as a maintainer's have: `index.stamps`
_MB = 1_000_000


def main() -> None:
    """Change documents and print what each change cost."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", default="10000,100000")
    parser.add_argument("--only", default=SOURCES, help="collections to take passages from")
    parser.add_argument("--changes", type=int, default=5)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--state", type=Path, default=DEFAULT_STATE)
    options = parser.parse_args()
    kept = KeptEncoder.from_state(options.state)
    benchmarks = [load_benchmark(options.data / name) for name in options.only.split(",")]
    asked = [text for each in benchmarks for text in each.collection.queries.values()]
    questions = asked[:: max(1, len(asked) // options.questions)][: options.questions]
    with tempfile.TemporaryDirectory(dir=options.state) as scratch:
        given = Path(scratch) / "questions.npz"
        give(given, questions, kept)
        for count in map(int, options.passages.split(",")):
            imitated = imitated_state(benchmarks, kept, options.state, count)
            state = Path(scratch) / str(count)
            shutil.copytree(imitated, state, copy_function=os.link)
            _change(state, TimedEncoder(kept), options.changes)
            for where in (imitated, state):
                _print_searches(where, given)
            shutil.rmtree(state)


def _change(state: Path, encoder: TimedEncoder, changes: int) -> None:
    seeds = state / SEEDS
    first = _timed_build(seeds, state, encoder)  # which takes every file's checksum
    time.sleep(_SETTLED_S)
    before = memory()["own"]
    started = perf_counter()
    if staleness(seeds, state, encoder.identity).reasons:
        raise SystemExit("the index is stale, though nothing changed")
    look_s = perf_counter() - started
    manifest = Generations(state).manifest()
    print(
        f"\n{manifest.passages:,} passages of {manifest.documents:,} documents; load average "
        f"{os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n"
        f"first build {first['all']:.2f} s; a look that finds nothing to do {look_s:.2f} s"
    )
    names = sorted(path.name for path in seeds.iterdir())
    took = []
    with own_peak() as peak:
        for number in range(changes):
            path = seeds / names[(number * 7919 + 11) % len(names)]
            text = path.read_text("utf-8")
            path.unlink()  # it is a link to the imitation's own
            path.write_text(f"{text}\n\nEdition {number} of this document is a new one.", "utf-8")
            took.append(_timed_build(seeds, state, encoder))
            segments = len(Generations(state).manifest().segments)
            print(f"changed one     {_said(took[-1])}; {segments} segments")
    median = {name: statistics.median(each[name] for each in took) for name in took[0]}
    print(
        f"median          {_said(median)}; memory of its own {before / _MB:.0f} MB before, "
        f"{peak.bytes / _MB:.0f} MB at most"
    )


def _timed_build(seeds: Path, state: Path, encoder: TimedEncoder) -> dict[str, float]:
    encoder.seconds = encoder.cpu = 0.0
    started, cpu = perf_counter(), process_time()
    build(seeds, state, encoder)
    return {
        "all": perf_counter() - started,
        "all, cpu": process_time() - cpu,
        "encoder": encoder.seconds,
        "encoder, cpu": encoder.cpu,
    }


def _said(took: dict[str, float]) -> str:
    return (
        f"{took['all']:.2f} s ({took['all, cpu']:.2f} of a processor), of them the encoder's "
        f"{took['encoder']:.2f} ({took['encoder, cpu']:.2f})"
    )


def _print_searches(state: Path, given: Path) -> None:
    Generations(state).load()  # to have a link made changes a file's stamp: its checksum is taken
    found = opened(state, given, "--again")
    segments = len(Generations(state).manifest().segments)
    own = found["own_bytes"]["after"]["own"] / _MB
    times = ", ".join(
        f"{name} {p50:.1f}; {p99:.1f} ms" for name, (p50, p99) in found["ms"].items()
    )
    print(
        f"{segments} segments: first answer after {found['answered_s']:.2f} s, memory {own:.0f} "
        f"MB; p50; p99: {times}"
    )


if __name__ == "__main__":
    main()
