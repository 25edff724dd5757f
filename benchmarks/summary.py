"""From the outcomes of a collection's queries to its figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import OURS, Figures, weights_fingerprint
from benchmarks.halves import TRAINED_ON
from benchmarks.measures import auroc, calibration_error, reliability
from index.evaluation import judge

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from benchmarks.collection import Benchmark
    from benchmarks.outcomes import Outcome
    from index.evaluation import Run
    from index.generation import Generation

__all__ = ["Asked", "figures_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A collection's queries, asked: outcomes and runs by query id."""

    outcomes: dict[str, Outcome]
    runs: dict[str, Run]


def figures_of(
    benchmark: Benchmark, generation: Generation, asked: Asked, queries: Collection[str]
) -> Figures:
    """Sum up what was found for some of the queries."""
    collection = benchmark.collection
    qrels = {query: collection.qrels[query] for query in queries if query in collection.qrels}
    outcomes = {query: asked.outcomes[query] for query in queries}
    marked = [each.highlight for each in outcomes.values() if each.highlight is not None]
    right = {query: _is_right(asked.runs[OURS][query], qrels.get(query, {})) for query in queries}
    unanswerable = [query for query in queries if query in benchmark.unanswerable]
    said = [(outcomes[query].confidence, right[query]) for query in (*qrels, *unanswerable)]
    if not unanswerable:
        said += [
            (outcome.without_gold, False)
            for outcome in outcomes.values()
            if outcome.without_gold is not None
        ]
    bins = reliability(
        np.array([confidence for confidence, _ in said]), np.array([true for _, true in said])
    )
    return Figures(
        name=benchmark.name,
        unseen_half_only=False,
        trained_on=TRAINED_ON.get(benchmark.name, "no"),
        weights=weights_fingerprint(),
        queries=len(queries),
        documents=len(generation.documents),
        passages=len(generation.passages),
        systems={name: judge(run, qrels) for name, run in asked.runs.items()},
        highlight=float(np.mean([each.holds for each in marked])) if marked else None,
        highlight_most=float(np.mean([each.could_hold for each in marked])) if marked else None,
        auroc=_auroc(
            [outcomes[query] for query in qrels], [outcomes[query] for query in unanswerable]
        ),
        calibration_error=calibration_error(bins),
        bins=bins,
    )


def _is_right(scores: Mapping[str, float], relevant: Mapping[str, int]) -> bool:
    return bool(scores) and max(scores, key=lambda key: scores[key]) in relevant


def _auroc(answerable: Sequence[Outcome], others: Sequence[Outcome]) -> dict[str, float]:
    found: dict[str, float] = {}
    if others:
        found["own"] = auroc([o.confidence for o in answerable], [o.confidence for o in others])
        found["own by dense"] = auroc([o.dense for o in answerable], [o.dense for o in others])
    pairs = [o for o in answerable if o.without_gold is not None]
    if pairs:
        found["gold_removed"] = auroc(
            [o.confidence for o in pairs], [o.without_gold or 0.0 for o in pairs]
        )
        found["gold_removed by dense"] = auroc(
            [o.dense for o in pairs], [o.dense_without_gold or 0.0 for o in pairs]
        )
    return found
