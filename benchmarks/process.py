"""Whole processes: one question from start to answer, the running bot, what a build adds.

    .venv/bin/python -m benchmarks.process [--data DIR] [--collection NAME] [--documents N]
        [--seeds DIR] [--runs N] [--backends NAMES]

For sentence-transformers and ONNX Runtime in the same run, each over an index of its own in a
folder that is deleted afterwards: `verbatim ask` as a process; `verbatim run` as a bot, against
the tests' Bot API server in another process, which has built its index and has answered; and of a
build from nothing, the share that is not encoding: of the seeds, and with `--data` of so many
documents of a collection, each a file. Counting the tokens of texts, to part those that are too
long, is not encoding. Medians; processor time beside the clock, and the share of both.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from time import perf_counter, process_time

from benchmarks.wrapped_encoder import TimedEncoder
from bot.__main__ import ENVIRONMENT
from bot.composing import encoder_of
from bot.settings import Settings
from index.beir import load_collection
from index.build import build
from tests.botapi import RemoteBotApi
from tests.e2e.conftest import ROOT, environment

BACKENDS = ("sentence-transformers", "onnx-fp32")
_QUESTION = "who is harmoush"
_ASKED = 32
_START_S = 600
_MB = 1024  # kilobytes


def main() -> None:
    """Build for each backend, and measure; a line is printed as soon as it is known."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="where the collection is")
    parser.add_argument("--collection", default="scifact")
    parser.add_argument("--documents", type=int, default=1000)
    parser.add_argument("--seeds", type=Path, default=Path("seeds"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--backends", default=",".join(BACKENDS))
    parser.add_argument("--state", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.state:
        settings = Settings.from_flags(seeds=options.seeds, state=options.state)
        print(json.dumps(_build(settings)))
        return
    with tempfile.TemporaryDirectory() as folder:
        seeds = options.seeds.resolve()
        files = Path(folder) / "documents"
        if options.data:
            _write_files(options.data / options.collection, options.documents, files)
        for backend in options.backends.split(","):
            os.environ["ENCODER_BACKEND"] = backend
            state = Path(folder) / backend
            where = ["--seeds", str(seeds), "--state", str(state)]
            _run(["-m", "bot", "build", *where])
            asks = [_timed(["-m", "bot", "ask", _QUESTION, *where]) for _ in range(options.runs)]
            wall, cpu = (statistics.median(each) for each in zip(*asks, strict=True))
            _say(backend, f"ask: {wall:.2f} s, {cpu:.2f} s of the processor")
            (state / "index" / "CURRENT").unlink()
            bot, watcher = asyncio.run(_memory(seeds, state, backend))
            _say(backend, f"run: {bot:.0f} MB, and {watcher:.0f} MB of the process that watches")
            for name, documents in (("seeds", seeds), (options.collection, files)):
                if documents.is_dir():
                    runs = options.runs if name == "seeds" else 1
                    here = ["-m", "benchmarks.process", "--seeds", str(documents)]
                    found = [json.loads(_run([*here, "--state", str(state)])) for _ in range(runs)]
                    _say(backend, f"build of {name}: {_shares(found)}")


def _say(backend: str, line: str) -> None:
    print(f"{backend:<24}{line}", flush=True)


def _shares(found: list[dict[str, float]]) -> str:
    wall, cpu, cpu_s = (
        statistics.median(run[key] for run in found) for key in ("wall", "cpu", "cpu_s")
    )
    return (
        f"{found[0]['passages']:.0f} passages, beyond encoding {wall:.1%} of the clock's time, "
        f"{cpu:.1%} of the processor's ({cpu_s:.2f} s)"
    )


def _write_files(collection: Path, count: int, folder: Path) -> None:
    folder.mkdir()
    for key, parsed in islice(load_collection(collection).documents.items(), count):
        document = parsed.document
        (folder / f"{key}.txt").write_text(f"{document.source.title}\n\n{document.text}", "utf-8")


async def _memory(seeds: Path, state: Path, backend: str) -> tuple[float, float]:
    """Return the megabytes of a bot that has answered, and of the process that watches for it."""
    async with RemoteBotApi() as api:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--seeds", str(seeds), "--state", str(state)),
            cwd=state,
            env=environment(
                TELEGRAM_BOT_TOKEN=api.token,
                TELEGRAM_API_BASE_URL=api.base_url,
                ENCODER_BACKEND=backend,
                PYTHONPATH=str(ROOT),
                LOG_LEVEL="WARNING",
            ),
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await api.do("wait_for_poller", timeout_s=_START_S)
            await api.do("load", users=4, questions=_ASKED, texts=[_QUESTION])
            return _resident(process.pid), sum(map(_resident, _children(process.pid)))
        finally:
            process.terminate()
            await process.wait()


def _children(pid: int) -> list[int]:
    return list(map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()))


def _resident(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) / _MB for line in lines if line.startswith("VmRSS"))


def _run(arguments: list[str]) -> str:
    """Run Python as `verbatim` runs, and return what it prints."""
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *arguments],
        env=ENVIRONMENT | os.environ,
        stdout=subprocess.PIPE,
        check=True,
    )
    return run.stdout.decode()


def _timed(arguments: list[str]) -> tuple[float, float]:
    """Return the seconds of the clock and of the processor that a process takes."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), perf_counter()
    _run(arguments)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return perf_counter() - started, cpu


def _build(settings: Settings) -> dict[str, float]:
    encoder = TimedEncoder(encoder_of(settings))
    encoder.embed_queries(["warm-up"])
    encoder.count_tokens(["warm-up"])
    started, cpu = perf_counter(), _processor_s()
    report = build(settings.seeds_dir, settings.state_dir, encoder, is_from_scratch=True)
    wall, processor = perf_counter() - started, _processor_s() - cpu
    return {
        "passages": report.passages,
        "wall": 1 - encoder.seconds / wall,
        "cpu": 1 - encoder.cpu / processor,
        "cpu_s": processor - encoder.cpu,
    }


def _processor_s() -> float:
    """Return the processor time of this process and of the readers that have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return process_time() + children.ru_utime + children.ru_stime


if __name__ == "__main__":
    main()
