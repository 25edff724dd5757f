"""Measures of confidence: can it tell right from wrong, and does it mean what it says?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["auroc", "calibration_error", "reliability"]

_BINS = 10


def auroc(of_true: Sequence[float], of_false: Sequence[float]) -> float:
    """Return the chance, in [0, 1], that a true case scores over a false one; a tie counts half.

    It is the area under the receiver operating characteristic: Fawcett, 2006.
    """
    _, places, counts = np.unique(
        np.concatenate([of_true, of_false]), return_inverse=True, return_counts=True
    )
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    most = len(of_true) * len(of_false)
    least_sum = len(of_true) * (len(of_true) + 1) / 2
    return float((ranks[: len(of_true)].sum() - least_sum) / most)


def reliability(
    confidences: NDArray[np.float64], right: NDArray[np.bool_]
) -> list[tuple[float, float, int]]:
    """Return of each of ten equal bins of [0, 1]: mean confidence, share right, how many.

    Empty bins are left out.
    """
    bins = np.minimum((confidences * _BINS).astype(int), _BINS - 1)
    return [
        (float(confidences[mine].mean()), float(right[mine].mean()), int(mine.sum()))
        for mine in (bins == number for number in range(_BINS))
        if mine.any()
    ]


def calibration_error(bins: Sequence[tuple[float, float, int]]) -> float:
    """Return the expected calibration error, in [0, 1], lower is better: Guo et al., 2017."""
    total = sum(count for _, _, count in bins)
    return sum(abs(said - was) * count for said, was, count in bins) / max(total, 1)
