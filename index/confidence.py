"""From the first hit's score to the probability that it answers, and to a verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass

from index.types import Verdict

__all__ = ["Thresholds", "confidence"]

# A logistic curve over the cosine of the default encoder, fitted by benchmarks/confidence.py.
_SLOPE = 12.0
_EVEN_SCORE = 0.45


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """The least confidence, in [0, 1], for `answered` and for `unsure`."""

    answered: float = 0.5
    unsure: float = 0.25

    def verdict(self, confidence: float) -> Verdict:
        """Return what a confidence amounts to."""
        if confidence >= self.answered:
            return Verdict.ANSWERED
        return Verdict.UNSURE if confidence >= self.unsure else Verdict.NO_ANSWER


def confidence(score: float) -> float:
    """Return the estimated probability, in [0, 1], that a passage of this score answers."""
    return 1.0 / (1.0 + math.exp(-_SLOPE * (score - _EVEN_SCORE)))
