"""Which passages of a generation a scope lets in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.queries import days_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.generation import Generation
    from index.queries import Scope

__all__ = ["passages_within"]


def passages_within(generation: Generation, scope: Scope) -> NDArray[np.bool_] | None:
    """Return which passages are in the scope, `(n,)`-shaped; None where all of them are."""
    if scope.is_everything:
        return None
    allowed = np.ones(len(generation.documents), bool)
    if scope.documents is not None:
        rows = map(generation.document_row_of, scope.documents)
        allowed[:] = False
        allowed[[row for row in rows if row is not None]] = True
    first, last = generation.published.T
    if scope.after is not None:
        allowed &= first >= days_of(scope.after)[0]
    if scope.before is not None:
        allowed &= last < days_of(scope.before)[0]
    return None if allowed.all() else allowed[generation.document_rows]
