"""Second stage: all the evidence for a candidate, weighed into one score.

The weights are linear and few (`index/trained/fusion.json`). Some evidence counts twice: by
itself, and times the share of the question's words that the best candidate covers, since words
speak for a passage only where the documents use them; so the weights adapt to each question.
What the encoder says counts as far as it can read the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.trained import linear_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.candidates import Candidates

__all__ = ["ADAPTIVE", "EVIDENCE", "fused_scores", "fusion_features"]

EVIDENCE = (
    "bm25",
    "bm25_document",
    "dense",
    "dense_document",
    "sentence",
    "match",
    "match_sentence",
)
ADAPTIVE = ("bm25", "dense", "sentence", "match")
_LEXICAL = frozenset({"bm25", "bm25_document"})
_LEAST_READABLE = 0.02  # an unreadable question still breaks ties by its names and numbers


def fused_scores(candidates: Candidates) -> NDArray[np.float32]:
    """Return each candidate's score, `(c,)`-shaped, higher is better."""
    weights = linear_weights("fusion")
    features = fusion_features(candidates)
    return np.asarray(sum(weights[name] * column for name, column in features.items()), np.float32)


def fusion_features(candidates: Candidates) -> dict[str, NDArray[np.float32]]:
    """Return the evidence by name, gated, then the adaptive ones as `<name> x coverage`."""
    trust = max(candidates.readable, _LEAST_READABLE)
    gated = {
        name: candidates.evidence[name] * (1.0 if name in _LEXICAL else trust) for name in EVIDENCE
    }
    covered = candidates.evidence["coverage"].max()
    return gated | {f"{name} x coverage": gated[name] * covered for name in ADAPTIVE}
