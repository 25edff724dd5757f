"""Which kind of vector index is right for how many vectors, and how well one was found to do.

Which is right depends on their number (Douze et al., "The Faiss library", 2024; measured:
docs/performance.md):

flat  every vector in 32 bits, all of them compared: exact, and fast enough up to 50,000
fp16  the same in 16 bits: half the memory, less than half the time, and it finds the same
ivf   clusters, of which only those nearest to the question are searched, in 4 bits for two numbers
      (IVF,PQ192x4fs of 384); what they give is ranked by the vectors themselves, which are kept
      beside it in 16 bits and mapped, so that they need no memory of their own
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["EXACT_UP_TO", "FP16_UP_TO", "MIN_RECALL", "IndexKind", "Measured", "kind_for"]

EXACT_UP_TO = 50_000
FP16_UP_TO = 250_000
MIN_RECALL = 0.997
"""The recall@10 against an exact search that an approximate one must have when it is built.

Real questions find less than those that a build imitates: .974 where these find .996.
"""


class IndexKind(StrEnum):
    """How vectors are kept and searched."""

    FLAT = "flat"
    FP16 = "fp16"
    IVF = "ivf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What an index is, and the share of the true 10 nearest that it finds."""

    kind: IndexKind
    vectors: int
    recall: float
    probes: int
    """How many clusters are searched; 0 where there are none."""


def kind_for(count: int) -> IndexKind:
    """Return the kind of index that suits so many vectors."""
    if count <= EXACT_UP_TO:
        return IndexKind.FLAT
    return IndexKind.FP16 if count <= FP16_UP_TO else IndexKind.IVF
