"""How good are the answers? Runs judged by ir-measures, verdicts counted, latencies summed up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import ir_measures
import numpy as np
from ir_measures import RR, R, Success, nDCG

from index.errors import EvaluationError
from index.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from index.types import Answer, Hit, Progress, Retriever

__all__ = ["Evaluation", "Qrels", "Run", "evaluate", "judge", "write_run"]

Qrels: TypeAlias = "Mapping[str, Mapping[str, int]]"
"""Relevance (1 and up) by document id, by query id; a query without any has no answer."""

Run: TypeAlias = "dict[str, dict[str, float]]"
"""Score by document id, by query id; higher is better."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What an evaluation found.

    `metrics` are means over the answerable queries. `verdicts` counts each verdict, for the
    answerable queries and for the others. `latency_ms` are percentiles of `timings.total_ms`.
    """

    queries: int
    documents: int
    metrics: dict[str, float]
    latency_ms: dict[str, float]
    verdicts: dict[str, dict[str, int]]
    run: Run
    answers: dict[str, Answer]


def evaluate(
    retriever: Retriever,
    queries: Mapping[str, str],
    qrels: Qrels,
    *,
    documents: int,
    unit_of: Callable[[Hit], str],
    k: int = 10,
    depth: int = 10,
    progress: Progress | None = None,
) -> Evaluation:
    """Ask every query and judge the rankings.

    Args:
        retriever: what is judged.
        queries: texts by query id.
        qrels: the judged truth.
        documents: how many units there are to find, for the record.
        unit_of: the id of what is judged: the hit's passage, or its document. A unit's score is
            that of its best hit.
        k: the cutoff of the metrics.
        depth: how many passages are asked for.
        progress: called with the queries done so far and their number.
    """
    run: Run = {}
    answers: dict[str, Answer] = {}
    for done, (query_id, text) in enumerate(queries.items(), 1):
        answer = retriever.retrieve(text, k=depth)
        scores: dict[str, float] = {}
        for hit in (each for found in answer.hits for each in (found, *found.also_in)):
            unit = unit_of(hit)
            scores[unit] = max(hit.score, scores.get(unit, hit.score))
        run[query_id] = scores
        answers[query_id] = answer
        if progress is not None:
            progress(done, len(queries))
    verdicts = {
        kind: dict.fromkeys(map(str, Verdict), 0) for kind in ("answerable", "unanswerable")
    }
    for query_id, answer in answers.items():
        verdicts["answerable" if query_id in qrels else "unanswerable"][answer.verdict] += 1
    latencies = [answer.timings.total_ms for answer in answers.values()]
    return Evaluation(
        queries=len(queries),
        documents=documents,
        metrics=judge(run, qrels, k=k),
        latency_ms={f"p{p}": float(np.percentile(latencies, p)) for p in (50, 95, 99)},
        verdicts=verdicts,
        run=run,
        answers=answers,
    )


def judge(run: Run, qrels: Qrels, *, k: int = 10) -> dict[str, float]:
    """Return nDCG, recall and MRR at `k` and success at 1, averaged over the queries with qrels.

    A query with qrels and no ranking counts as zero.
    """
    if not qrels:
        return {}
    measures = {
        f"ndcg@{k}": nDCG @ k,
        f"recall@{k}": R @ k,
        f"mrr@{k}": RR @ k,
        "success@1": Success @ 1,
    }
    judged = {query: dict(relevant) for query, relevant in qrels.items()}
    # The metrics break ties in ways of their own; ranks leave them none.
    ranked = {
        query: {unit: -float(rank) for rank, unit in enumerate(_ranking(run.get(query, {})), 1)}
        for query in qrels
    }
    found = ir_measures.calc_aggregate(list(measures.values()), judged, ranked)
    return {name: float(found[measure]) for name, measure in measures.items()}


def write_run(run: Run, path: Path, *, tag: str = "verbatim") -> None:
    """Write a run in TREC's format: query, Q0, document, rank, score, tag.

    Raises:
        EvaluationError: the file can't be written.
    """
    lines = [
        f"{query} Q0 {document} {rank} {scores[document]:.6f} {tag}\n"
        for query, scores in run.items()
        for rank, document in enumerate(_ranking(scores), 1)
    ]
    try:
        path.write_text("".join(lines), "utf-8")
    except OSError as error:
        raise EvaluationError(f"{path}: can't be written ({error.strerror})") from error


def _ranking(scores: Mapping[str, float]) -> list[str]:
    """Return the ids, best score first, ties by id."""
    return sorted(scores, key=lambda unit: (-scores[unit], unit))
