"""Encoding by workers of Ray Data beside one process that encodes alone: texts a second.

    .venv/bin/python -m benchmarks.distributed [--state DIR] [--texts N] [--runs N]

Needs the extra `ray`. Texts are passages of about 100 tokens, no two alike, with their words'
vectors as a build keeps them. Each way is a process of its own, in turn, `--runs` times:

    one thread, two threads    one process alone; a build on this machine uses all cores like this
    one worker, two workers    Ray started here, and so many workers of one core each

"steady" is from when a quarter of the texts is back until the last is; "all" begins before Ray is
started or the encoder loaded. Processor time is that of all processes, Ray's own too. Figures are
medians, each with its ratio to "one thread" of the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from distributed_encoding.ahead import Done, Task
from distributed_encoding.workers import RayWorkers
from index.cache_keys import KEY_BYTES
from index.encoded import Recipes
from index.encoders import choose_encoder, encoder_like
from index.models import DEFAULT_ENCODER
from index.sample import SAMPLE
from index.trained import trained_projection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.types import Encoder

WAYS = {
    "one thread": (1, 0),
    "two threads": (2, 0),
    "one worker": (1, 1),
    "two workers": (1, 2),
}
"""By name, how many threads encode in each process, and how many workers of Ray there are."""

FIGURES = {
    "texts / s, steady": "steady",
    "texts / s, all": "all",
    "cpu ms a text, steady": "steady_cpu",
    "s until the first": "first",
    "cpu s until the first": "first_cpu",
}
_WORDS = 75  # about 100 tokens
_AT_ONCE = 64
_WARM_UP = 0.25  # what comes back first may have waited for Ray to hand it over
_TICKS_S = os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Run every way several times, or one of them once."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--state", type=Path, default=Path(".verbatim"))
    parser.add_argument("--texts", type=int, default=2048)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", choices=WAYS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    state = options.state.resolve()
    if options.one:
        print(json.dumps(_measured(*WAYS[options.one], state, options.texts)))
        return
    encoder = choose_encoder(DEFAULT_ENCODER, state, say=print).encoder
    print(f"{encoder.identity}, {options.texts} texts, {os.cpu_count()} cores")
    found: dict[str, list[dict[str, float]]] = {way: [] for way in WAYS}
    command = [sys.executable, "-m", "benchmarks.distributed", "--state", str(state)]
    for _ in range(options.runs):
        for way in WAYS:
            arguments = [*command, "--texts", str(options.texts), "--one", way]
            run = subprocess.run(arguments, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own command
            found[way].append(json.loads(run.stdout))
    load, *_ = os.getloadavg()
    print(f"{f'load {load:.1f}':<24}" + "".join(f"{way:>19}" for way in WAYS))
    for title, name in FIGURES.items():
        row = ""
        for way in WAYS:
            figure = statistics.median(run[name] for run in found[way])
            pairs = zip(found[way], found["one thread"], strict=True)
            ratio = statistics.median(one[name] / other[name] for one, other in pairs)
            row += f"{figure:>9.2f} ({ratio:>6.2f}x)"
        print(f"{title:<24}{row}")


def _measured(threads: int, workers: int, state: Path, count: int) -> dict[str, float]:
    identity = choose_encoder(DEFAULT_ENCODER, state).encoder.identity
    load = partial(encoder_like, identity, state, threads=threads)
    tasks = _tasks(count)
    cpu, started = _cpu_s(), perf_counter()
    spread = RayWorkers(load=load, identity=identity, count=workers) if workers else _Alone(load)
    came: list[tuple[int, float, float]] = []
    texts = 0
    for done in spread(tasks):
        texts += len(done.values)
        came.append((texts, perf_counter() - started, _cpu_s() - cpu))
        if texts == count:
            break  # without the time that Ray takes to end
    early, early_s, early_cpu = next(each for each in came if each[0] >= count * _WARM_UP)
    (_, first_s, first_cpu), (_, last_s, last_cpu) = came[0], came[-1]
    return {
        "steady": (count - early) / (last_s - early_s),
        "all": count / last_s,
        "steady_cpu": 1000 * (last_cpu - early_cpu) / (count - early),
        "first": first_s,
        "first_cpu": first_cpu,
    }


class _Alone:
    """Does in this process what a worker would."""

    def __init__(self, load: Callable[[], Encoder]) -> None:
        self._load = load

    def __call__(self, tasks: Sequence[Task]) -> Iterator[Done]:
        encoder = self._load()
        recipe = Recipes.from_encoder(encoder, trained_projection(encoder.identity)).passages
        for task in tasks:
            values = recipe.values(list(task.texts.values()))
            yield Done(dict(zip(task.texts, values, strict=True)), "alone")


def _tasks(count: int) -> list[Task]:
    words = " ".join(SAMPLE[:30]).split()
    chance = random.Random(0)
    texts = [" ".join(chance.sample(words, _WORDS)) for _ in range(count)]
    keyed = {number.to_bytes(KEY_BYTES, "big"): text for number, text in enumerate(texts)}
    keys = list(keyed)
    return [
        Task("passage", {key: keyed[key] for key in keys[start : start + _AT_ONCE]})
        for start in range(0, count, _AT_ONCE)
    ]


def _cpu_s() -> float:
    """Return the seconds of processor time of this process and of all that descend from it."""
    children: dict[int, list[int]] = {}
    ticks: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended meanwhile
        children.setdefault(int(fields[1]), []).append(int(folder.name))
        ticks[int(folder.name)] = sum(map(int, fields[11:15]))  # its children's that ended, too
    found, pending = 0, [os.getpid()]
    while pending:
        process = pending.pop()
        found += ticks.get(process, 0)
        pending += children.get(process, [])
    return found / _TICKS_S


if __name__ == "__main__":
    main()
