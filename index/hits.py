"""From scored candidates to hits: in order, near-duplicates together, each proved verbatim."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.highlight import highlight

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from index.finding import Found
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
    rows = [int(row) for row in candidates.rows]
    places = {row: at for at, row in enumerate(rows)}
    order = sorted(rows, key=lambda row: (-scores[places[row]], generation.passages[row].id))
    first_alike = generation.first_alike
    seen: set[int] = set()
    rank = 0
    for row in order:
        group = int(first_alike[row])
        if group in seen or not quoting.is_verbatim(row):
            continue
        seen.add(group)
        rank += 1
        span = highlight(generation, search.text, search.embedding, candidates, places[row])
        others = [
            quoting.hit(
                other,
                rank=rank,
                score=float(scores[places[other]] if other in places else scores.min()),
                span=its_span,
            )
            for other, its_span in quoting.alike(row, span)
            if found.within is None or found.within[other]
        ]
        others.sort(key=lambda hit: (-hit.score, hit.passage.id))
        yield (
            places[row],
            quoting.hit(
                row,
                rank=rank,
                score=float(scores[places[row]]),
                span=span,
                also_in=tuple(others),
            ),
        )
