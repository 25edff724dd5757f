"""Near-duplicates told from what was known before are those that looking at all of them gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.duplicates import bands_of
from index.placement import Placement
from index.resemblance import Links
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WIRE = (
    "A ferry with 214 passengers ran aground off the northern cape on Monday night after its "
    "captain had fallen asleep, the coast guard said. Nobody was hurt, and tugs pulled the ship "
    "free at dawn."
)
TEXTS = [
    WIRE,
    WIRE.replace("ran aground", "was stranded").replace("the coast guard said", "officials say"),
    WIRE.replace(", and tugs pulled the ship free at dawn", ""),
    WIRE.replace("214", "98"),
    "Open on Monday.",
    "Open on Monday!",
    "The harvest of wheat in the southern plains was the poorest for thirty years.",
]
BANDS = bands_of(TEXTS)


def passages(chosen: Sequence[int]) -> list[Passage]:
    """Return passages of these texts."""
    return [
        Passage(
            id=str(at),
            document_id="d",
            number=1,
            of=1,
            start=0,
            end=len(TEXTS[at]),
            text=TEXTS[at],
        )
        for at in chosen
    ]


def found(chosen: Sequence[int], changed: NDArray[np.uint64] | None = None) -> Links:
    """Look at passages of these texts, in one segment."""
    rows = np.arange(len(chosen))
    placement = Placement.of(np.zeros(len(chosen), np.int32), rows, [len(chosen)])
    return Links.found([BANDS[list(chosen)].T], placement, passages(chosen), changed)


@given(
    before=st.lists(st.integers(0, len(TEXTS) - 1), min_size=1, max_size=8),
    gone=st.sets(st.integers(0, 7)),
    new=st.lists(st.tuples(st.integers(0, 8), st.integers(0, len(TEXTS) - 1)), max_size=4),
)
def test_only_what_changed_is_looked_at_again(
    before: list[int], gone: set[int], new: list[tuple[int, int]]
) -> None:
    """Whatever came and went, and wherever it stands among the others."""
    stays = [row for row in range(len(before)) if row not in gone]
    now: list[tuple[int | None, int]] = [(row, before[row]) for row in stays]
    for at, text in new:
        now.insert(min(at, len(now)), (None, text))
    if not now:
        return
    moved = np.full(len(before), -1, np.int64)
    for row, (was, _) in enumerate(now):
        if was is not None:
            moved[was] = row
    changed = np.unique(
        BANDS[[*(text for _, text in new), *(before[row] for row in gone if row < len(before))]]
    )
    kept = found(before).without(changed, moved)
    texts = [text for _, text in now]
    links = kept.joined(found(texts, changed)) if len(changed) else kept
    expected = found(texts)
    assert links.first_alike(len(now)).tolist() == expected.first_alike(len(now)).tolist()
    assert {(*pair, band) for pair, band in _known(links)} == {
        (*pair, band) for pair, band in _known(expected)
    }


def _known(links: Links) -> list[tuple[tuple[int, ...], int]]:
    return [
        (tuple(pair), band)
        for pair, band in zip(links.pairs.tolist(), links.band.tolist(), strict=True)
    ]


def test_bands_of_one_place_are_never_those_of_another() -> None:
    """Each says which band it is: 21 of every text, none twice."""
    assert BANDS.shape == (len(TEXTS), 21)
    assert all(len(set(row)) == 21 for row in BANDS.tolist())
    assert BANDS[4].tolist() == BANDS[5].tolist()
