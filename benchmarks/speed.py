"""How long a warm answer takes, stage by stage, one question after another."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import numpy as np

from index.retriever import LocalRetriever

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.generation import Generation
    from index.types import Encoder

__all__ = ["CPU", "STAGES", "latency_ms"]

STAGES = ("encode", "search", "rerank", "total")
CPU = "cpu"
_WARM_UPS = 10
_HITS = 3


def latency_ms(
    generation: Generation, encoder: Encoder, questions: Sequence[str]
) -> dict[str, dict[str, float]]:
    """Return `p50`, `p95` and `mean` of each stage, each question asked once.

    `cpu` is the processor time of the whole answer, over all threads: on a busy machine it says
    more than the clock, and with one thread it is what the clock would show on an idle one.
    """
    retriever = LocalRetriever(generation, encoder)
    for question in questions[:_WARM_UPS]:
        retriever.retrieve(question, k=_HITS)
    times: dict[str, list[float]] = {name: [] for name in (*STAGES, CPU)}
    for question in questions:
        started = process_time()
        timings = retriever.retrieve(question, k=_HITS).timings
        times[CPU].append(1000 * (process_time() - started))
        for stage in STAGES:
            times[stage].append(getattr(timings, f"{stage}_ms"))
    return {name: _summary(values) for name, values in times.items()}


def _summary(values: Sequence[float]) -> dict[str, float]:
    p50, p95 = np.percentile(values, (50, 95))
    return {"p50": float(p50), "p95": float(p95), "mean": float(np.mean(values))}
