"""Third stage, if a cross-encoder is set: the best few are read again beside the question."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.encoder import CrossEncoderReranker

__all__ = ["RERANKED", "rerank"]

RERANKED = 20  # a cross-encoder takes some 20 ms a passage on one core


def rerank(
    reranker: CrossEncoderReranker,
    question: str,
    texts: Sequence[str],
    scores: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return new scores, `(c,)`: the best few by the cross-encoder, the rest below in order."""
    best = np.argsort(-scores, kind="stable")[:RERANKED]
    logits = reranker.logits(question, [texts[at] for at in best])
    reranked = np.asarray(scores - scores.max() + logits.min() - 1, np.float32)
    reranked[best] = logits
    return reranked
