"""Whole processes: one question from start to answer, what answering holds, what a build adds.

    .venv/bin/python -m benchmarks.process [--seeds DIR] [--runs N]

For sentence-transformers and ONNX Runtime in the same run, each over an index of its own in a
folder that is deleted afterwards: `verbatim ask` as a process; the memory of a process that has
Telegram's library and the live retriever, and has answered; and of a build from nothing, the share
of time that is not the encoder's. Medians; processor time beside the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from bot.composing import encoder_of
from bot.settings import Settings
from index.build import build

if TYPE_CHECKING:
    from collections.abc import Callable

BACKENDS = ("sentence-transformers", "onnx-fp32")
_QUESTION = "who is harmoush"

# What `verbatim bot` imports and loads, and no more: this module needs what builds.
_ANSWERING = """
import sys
from pathlib import Path
import bot.app
from bot.composing import encoder_of, live_retriever
from bot.settings import Settings
settings = Settings.from_flags(seeds=Path(sys.argv[1]), state=Path(sys.argv[2]))
with live_retriever(settings, encoder_of(settings)) as retriever:
    retriever.retrieve("who is harmoush", k=3)
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
print(*(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")))
"""


def main() -> None:
    """Build for each backend, and measure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--state", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        settings = Settings.from_flags(seeds=options.seeds, state=options.state)
        print(json.dumps(_build(settings)))
        return
    print(f"{'':<24}{'ask s':>9}{'ask cpu s':>11}{'bot MB':>9}{'build beyond encoding':>24}")
    with tempfile.TemporaryDirectory() as folder:
        for backend in BACKENDS:
            state = Path(folder) / backend
            where = ["--seeds", str(options.seeds), "--state", str(state)]
            os.environ["ENCODER_BACKEND"] = backend
            _run(["-m", "bot", "build", *where])
            asks = [_timed(["-m", "bot", "ask", _QUESTION, *where]) for _ in range(options.runs)]
            here = ["-m", "benchmarks.process", *where, "--one"]
            memory = float(_run(["-c", _ANSWERING, str(options.seeds), str(state)]))
            shares = [json.loads(_run(here))["share"] for _ in range(options.runs)]
            wall, cpu = (statistics.median(each) for each in zip(*asks, strict=True))
            print(
                f"{backend:<24}{wall:>9.2f}{cpu:>11.2f}{memory:>9.0f}"
                f"{statistics.median(shares):>24.1%}"
            )


def _run(arguments: list[str]) -> str:
    run = subprocess.run([sys.executable, *arguments], stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own command
    return run.stdout.decode()


def _timed(arguments: list[str]) -> tuple[float, float]:
    """Return the seconds of the clock and of the processor that a process takes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    _run(arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return perf_counter() - started, cpu


class _Timed:
    """An encoder that adds up the time it takes."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder
        self.taken_s = 0.0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._encoder, name)
        return self._counted(found) if callable(found) else found

    def _counted(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any) -> Any:
            started = perf_counter()
            try:
                return call(*arguments)
            finally:
                self.taken_s += perf_counter() - started

        return counted


def _build(settings: Settings) -> dict[str, float]:
    encoder: Any = _Timed(encoder_of(settings))
    encoder.embed_queries(["warm-up"])
    encoder.taken_s = 0.0
    started = perf_counter()
    build(settings.seeds_dir, settings.state_dir, encoder, is_from_scratch=True)
    total = perf_counter() - started
    return {"share": 1 - encoder.taken_s / total}


if __name__ == "__main__":
    main()
