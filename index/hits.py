"""From scored candidates to hits: in order, near-duplicates together, each proved verbatim."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

from index.highlight import highlight

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from index.finding import Found
    from index.generation import Generation
    from index.types import Hit
    from index.weighing import Search

__all__ = ["hits_of"]


def hits_of(
    found: Found, search: Search, scores: NDArray[np.float32]
) -> Iterator[tuple[int, Hit]]:
    """Give each hit with its place among the candidates, best first, ties by passage id.

    `scores` are the candidates', `(c,)`-shaped. Near-duplicates are one hit; those out of scope
    are not named.
    """
    generation, candidates, quoting = found.generation, search.candidates, found.quoting
    rows: list[int] = candidates.rows.tolist()
    score_of = dict(zip(rows, scores.tolist(), strict=True))
    least = float(scores.min())
    seen: set[int] = set()
    for at in _best_first(generation, candidates.rows, scores):
        row = rows[at]
        group = int(generation.first_alike[row])
        if group in seen or not quoting.is_verbatim(row):
            continue
        seen.add(group)
        rank = len(seen)
        span = highlight(generation, search.text, search.embedding, candidates, at)
        others = [
            quoting.hit(other, rank=rank, score=score_of.get(other, least), span=its)
            for other, its in quoting.alike(row, span)
            if found.within is None or found.within[other]
        ]
        others.sort(key=lambda hit: (-hit.score, hit.passage.id))
        hit = quoting.hit(row, rank=rank, score=score_of[row], span=span, also_in=tuple(others))
        yield at, hit


def _best_first(
    generation: Generation, rows: NDArray[np.int64], scores: NDArray[np.float32]
) -> Iterator[int]:
    """Give the candidates' places, best first; ids are read only where scores tie."""
    order = np.argsort(-scores, kind="stable").tolist()
    for _, tied in groupby(order, key=lambda at: scores[at]):
        first, *others = tied
        if others:
            yield from sorted(
                (first, *others), key=lambda at: generation.passages[int(rows[at])].id
            )
        else:
            yield first
