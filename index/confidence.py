"""How likely is it that the first hit answers? From the evidence to a probability and a verdict.

A logistic model (`index/trained/confidence_*.json`) over how far the first hit meets the question
and how far it leads the others. Each feature compares what was found for one question, or is
bounded by itself, so that none depends on the size or the kind of the collection.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.trained import linear_weights
from index.types import Verdict

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.candidates import Candidates

__all__ = ["Thresholds", "confidence", "confidence_features", "probability"]

_NEXT = 5
_MAX_LOGIT = 30.0
_READABLE = 0.5  # below, what the encoder says is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The least confidence, in [0, 1], for `answered` and for `unsure`.

    By default an answer is given when it is more likely right than wrong. Below 0.12 lie nearly
    nine in ten questions about something else and one in fifty that the documents do answer
    (`benchmarks.off_topic`: CLAPnq's questions and XQuAD's own, asked of XQuAD's paragraphs).
    """

    answered: float = 0.5
    unsure: float = 0.12

    def verdict(self, confidence: float) -> Verdict:
        """Return what a confidence amounts to."""
        if confidence >= self.answered:
            return Verdict.ANSWERED
        return Verdict.UNSURE if confidence >= self.unsure else Verdict.NO_ANSWER


def confidence(
    candidates: Candidates,
    scores: NDArray[np.float32],
    documents: NDArray[np.int64],
    *,
    first: int | None = None,
) -> float:
    """Return the estimated probability, in [0, 1], that candidate `first`, or the best, answers.

    `scores` and `documents`, the row of each candidate's document, are `(c,)`-shaped.
    """
    is_readable = candidates.readable >= _READABLE and len(candidates.shares) > 0
    kind = "readable" if is_readable else "lexical"
    if not is_readable and not candidates.evidence["coverage"].any():
        return 0.0  # nothing can be read of the question, and none of its words is found
    weights = linear_weights(f"confidence_{kind}")
    features = confidence_features(candidates, scores, documents, first=first)
    logit = weights["bias"] + sum(weights[name] * value for name, value in features.items())
    return probability(logit)


def probability(logit: float) -> float:
    """Return the probability, in [0, 1], of these log-odds."""
    return 1.0 / (1.0 + math.exp(-min(max(logit, -_MAX_LOGIT), _MAX_LOGIT)))


def confidence_features(
    candidates: Candidates,
    scores: NDArray[np.float32],
    documents: NDArray[np.int64],
    *,
    first: int | None = None,
) -> dict[str, float]:
    """Return the features of candidate `first`, or the best, by name."""
    top = int(np.argmax(scores)) if first is None else first
    others = _others(documents, top)
    evidence = candidates.evidence

    def over_others(name: str) -> float:
        return float(evidence[name][top] - evidence[name][others].mean())

    def over_next(name: str, first: float) -> float:
        return first - float(np.sort(evidence[name][others])[::-1][:_NEXT].mean())

    best = {name: float(values[top]) for name, values in evidence.items()}
    rest = np.sort(scores[others])[::-1]
    met = candidates.token_matches[:, top]
    # The best that all other documents together have to offer to each word of the question.
    gain = met - candidates.token_matches[:, others].max(axis=1)
    return {
        "dense": best["dense"],
        "dense over others": over_others("dense"),
        "coverage": best["coverage"],
        "coverage over next": over_next("coverage", best["coverage"]),
        "match": best["match"],
        "match over next": over_next("match_sentence", best["match_sentence"]),
        "match over others": over_others("match"),
        "lead": float(scores[top] - rest[0]),
        "lead over next": float(scores[top] - rest[:_NEXT].mean()),
        "lead over others": float(scores[top] - rest.mean()),
        "gain": float(candidates.shares @ gain),
        "loss": float(candidates.shares @ np.minimum(gain, 0)),
        "unmet": float(candidates.shares @ (1 - met) ** 2),
        "least met": float(met.min(initial=1.0)),
        "bm25": best["bm25"],
        "bm25 over next": over_next("bm25", best["bm25"]),
    }


def _others(documents: NDArray[np.int64], top: int) -> NDArray[np.bool_]:
    """Return which candidates to compare with: other documents', else any others, else itself."""
    others = documents != documents[top]
    if not others.any():
        others = np.arange(len(documents)) != top
    return others if others.any() else np.ones(len(documents), bool)
