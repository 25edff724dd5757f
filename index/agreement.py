"""Whether two encoders of one model say the same: of questions, passages, words and lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.sample import SAMPLE

if TYPE_CHECKING:
    from index.types import Embedding, Encoder

__all__ = ["TEXTS", "disagreement"]

TEXTS = (
    *SAMPLE,
    "Where does the ferry go?",
    "gate",
    "2011",
    " A line that starts and ends with white space. ",
    " ".join(SAMPLE[:8]),
    " ".join(SAMPLE[8:30]),
    " ".join(SAMPLE * 2),  # longer than most encoders read
)
"""What they are compared on, in no order of length."""

_EXACT = 0.9999
_ROUNDED = 0.97
_ROUNDED_MEAN = 0.99


def disagreement(encoder: Encoder, reference: Encoder, *, is_exact: bool) -> str | None:
    """Return in what an encoder differs from a reference, or None.

    Word pieces and where they stand must be the same. The cosine of each vector with the
    reference's must be 0.9999; where it is not `is_exact`, 0.97, and 0.99 in the mean over
    whole texts.
    """
    if (encoder.dimension, encoder.max_tokens) != (reference.dimension, reference.max_tokens):
        return "its dimension or limit is another than the original's"
    if encoder.count_tokens(TEXTS) != reference.count_tokens(TEXTS):
        return "it counts other tokens than the original"
    least, mean = (_EXACT, _EXACT) if is_exact else (_ROUNDED, _ROUNDED_MEAN)
    for what, found, wanted in (
        ("questions", encoder.embed_queries(TEXTS), reference.embed_queries(TEXTS)),
        ("passages", encoder.embed_passages(TEXTS), reference.embed_passages(TEXTS)),
    ):
        pairs = list(zip(found, wanted, strict=True))
        if not all(_is_placed_alike(one, other) for one, other in pairs):
            return f"it reads other word pieces in {what} than the original"
        cosines = np.array([one.vector @ other.vector for one, other in pairs])
        words = np.array(
            [np.sum(one.tokens * other.tokens, axis=1).mean() for one, other in pairs]
        )
        if not (cosines.min() >= least and cosines.mean() >= mean and words.min() >= least):
            return (
                f"its vectors of {what} have a cosine of {cosines.min():.4f} with the original's "
                f"at least, {cosines.mean():.4f} in the mean, their words {words.min():.4f}"
            )
    return None


def _is_placed_alike(one: Embedding, other: Embedding) -> bool:
    return np.array_equal(one.pieces, other.pieces) and np.array_equal(one.spans, other.spans)
