"""Which passages of a whole say the same, told from what was known of them before.

Passages that have a band in common are compared, each with the next in the order of their rows.
Those that were found to say the same are a link, which is kept under the band. A link holds for as
long as the same passages have its band: only bands of passages that came or went are looked at
again. So what comes out is what looking at all of them would give.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from index.arrays import ArrayStore
from index.duplicates import is_near
from index.placement import GONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.placement import Placement
    from index.types import Passage

__all__ = ["Links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links(ArrayStore):
    """Pairs of rows, `(e, 2)`-shaped, that say the same, and the band that each is known by."""

    pairs: NDArray[np.int32]
    band: NDArray[np.uint64]

    @classmethod
    def none(cls) -> Self:
        """Return no links."""
        return cls(pairs=np.zeros((0, 2), np.int32), band=np.zeros(0, np.uint64))

    def without(self, bands: NDArray[np.uint64], moved: NDArray[np.int64]) -> Self:
        """Return the links of other bands than these; row i is row `moved[i]` by now."""
        stays = ~np.isin(self.band, bands)
        return type(self)(
            pairs=moved[self.pairs[stays]].astype(np.int32), band=np.asarray(self.band)[stays]
        )

    def joined(self, others: Links) -> Self:
        """Return both."""
        return type(self)(
            pairs=np.concatenate([self.pairs, others.pairs]),
            band=np.concatenate([self.band, others.band]),
        )

    @classmethod
    def found(
        cls,
        bands: Sequence[NDArray[np.uint64]],
        placement: Placement,
        passages: Sequence[Passage],
        changed: NDArray[np.uint64] | None,
    ) -> Self:
        """Compare the passages that have one of the `changed` bands, or any, in common.

        `bands` are those of each segment, `(bands, n)`-shaped; `changed` are ascending.
        """
        pairs = [np.zeros((0, 2), np.int32)]
        known_by = [np.zeros(0, np.uint64)]
        for at in range(len(bands[0])):
            rows, values = _of_band([each[at] for each in bands], placement, changed)
            is_same = values[1:] == values[:-1]
            pairs.append(np.stack([rows[:-1][is_same], rows[1:][is_same]], axis=1))
            known_by.append(values[1:][is_same])
        every, band = np.concatenate(pairs), np.concatenate(known_by)
        distinct, which = np.unique(every, axis=0, return_inverse=True)
        near = [is_near(passages[one].text, passages[other].text) for one, other in distinct]
        is_link = np.array(near, bool)[which.ravel()]
        return cls(pairs=every[is_link], band=band[is_link])

    def first_alike(self, count: int) -> NDArray[np.int32]:
        """Return for each of `count` rows the first row that says the same, or its own."""
        first_of = np.arange(count, dtype=np.int32)

        def first(row: int) -> int:
            while first_of[row] != row:
                row = int(first_of[row])
            return row

        for pair in np.unique(self.pairs, axis=0).tolist():
            one, other = sorted(map(first, pair))
            first_of[other] = one
        for row in np.unique(self.pairs).tolist():
            first_of[row] = first(row)
        return first_of


def _of_band(
    values: Sequence[NDArray[np.uint64]],
    placement: Placement,
    changed: NDArray[np.uint64] | None,
) -> tuple[NDArray[np.int32], NDArray[np.uint64]]:
    """Return the rows that have one of the values, by value and row, and the value of each."""
    found, kept = [], []
    for each, rows in zip(values, placement.rows, strict=True):
        is_asked = rows != GONE
        if changed is not None:
            at = np.minimum(np.searchsorted(changed, each), len(changed) - 1)
            is_asked &= changed[at] == each
        found.append(rows[is_asked])
        kept.append(each[is_asked])
    rows, every = np.concatenate(found), np.concatenate(kept)
    order = np.lexsort((rows, every))
    return rows[order], every[order]
