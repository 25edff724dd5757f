"""Questions that are alike, by their vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from index.types import Vectors

__all__ = ["alike"]


def alike(vectors: Vectors, *, threshold: float) -> list[list[int]]:
    """Return the rows of an `(n, d)` array in groups, the largest first, then in their order.

    A row joins the first group whose first row it is alike to, with a cosine of `threshold` or
    more, and else begins one: so a group's example stands at its head.
    """
    groups: list[list[int]] = []
    for row in range(len(vectors)):
        heads = vectors[[group[0] for group in groups]] if groups else vectors[:0]
        near = np.flatnonzero(heads @ vectors[row] >= threshold)
        if len(near):
            groups[int(near[0])].append(row)
        else:
            groups.append([row])
    return sorted(groups, key=len, reverse=True)
