"""The encoder on ONNX Runtime beside sentence-transformers: texts a second, one question, start.

    .venv/bin/python -m benchmarks.encoders [--state DIR] [--runs N] [--texts N]

Each backend runs in a process of its own, in turn, `--runs` times. The figures are medians, each
with its ratio to sentence-transformers of the same run. Texts are passages of about 100 tokens,
with their words' vectors, as a build asks for them. Processor time says more than the clock where
others are at work. The export is made before and is not timed.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
from pathlib import Path
from time import perf_counter, process_time

from index.encoders import choose_encoder
from index.models import DEFAULT_ENCODER
from index.sample import SAMPLE

BACKENDS = ("sentence-transformers", "onnx-fp32", "onnx-int8")
FIGURES = {
    "passages / s": "passages",
    "passages / cpu s": "passages_cpu",
    "question ms": "question",
    "question cpu ms": "question_cpu",
    "start s": "start",
    "start cpu s": "start_cpu",
    "memory MB": "memory",
}
_QUESTIONS = 30
_WORDS = 75  # about 100 tokens


def main() -> None:
    """Run every backend several times, or one of them once."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--state", type=Path, default=Path(".verbatim"))
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--texts", type=int, default=96)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(_measured(options.one, options.state, options.texts)))
        return
    for backend in BACKENDS:
        choice = choose_encoder(DEFAULT_ENCODER, options.state, backend, say=print)
        if choice.encoder.identity.backend != backend:
            sys.exit(f"{backend}: {choice.reason}")
    found: dict[str, list[dict[str, float]]] = {backend: [] for backend in BACKENDS}
    command = [sys.executable, "-m", "benchmarks.encoders", "--state", str(options.state)]
    for _ in range(options.runs):
        for backend in BACKENDS:
            arguments = [*command, "--texts", str(options.texts), "--one", backend]
            run = subprocess.run(arguments, capture_output=True, text=True, check=True)  # noqa: S603 - our own command
            found[backend].append(json.loads(run.stdout))
    print(f"{'':<18}" + "".join(f"{backend:>24}" for backend in BACKENDS))
    for title, name in FIGURES.items():
        row = ""
        for backend in BACKENDS:
            figure = statistics.median(run[name] for run in found[backend])
            pairs = zip(found[backend], found[BACKENDS[0]], strict=True)
            ratio = statistics.median(one[name] / other[name] for one, other in pairs)
            row += f"{figure:>14.2f} ({ratio:>6.3f}x)"
        print(f"{title:<18}{row}")


def _measured(backend: str, state: Path, count: int) -> dict[str, float]:
    started, cpu = perf_counter(), process_time()
    encoder = choose_encoder(DEFAULT_ENCODER, state, backend).encoder
    encoder.embed_queries(["warm-up"])
    figures = {"start": perf_counter() - started, "start_cpu": process_time() - cpu}
    words = " ".join(SAMPLE[:30]).split()
    texts = [" ".join((words[at:] + words)[:_WORDS]) for at in range(count)]
    encoder.embed_passages(texts[:8])
    started, cpu = perf_counter(), process_time()
    encoder.embed_passages(texts)
    figures["passages"] = count / (perf_counter() - started)
    figures["passages_cpu"] = count / (process_time() - cpu)
    times = []
    cpu = process_time()
    for text in SAMPLE[:_QUESTIONS]:
        started = perf_counter()
        encoder.embed_queries([text])
        times.append(1000 * (perf_counter() - started))
    figures["question"] = statistics.median(times)
    figures["question_cpu"] = 1000 * (process_time() - cpu) / _QUESTIONS
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return figures


if __name__ == "__main__":
    main()
