"""Which way to understand a question, by what each way finds.

Words taken over from the conversation speak for every passage that is about the same; which one of
them answers, the question as it was asked knows best. So both have a say in a follow-up's scores.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from index.confidence import confidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.candidates import Candidates
    from index.conversing import Understanding
    from index.generation import Generation
    from index.types import Embedding

__all__ = ["Search", "best_search"]

# Chosen on the tuning half of tests/golden/conversations, where any near them do as well.
_ASKED = 1 / 3  # the say of the question as it was asked
_SURER = 0.1  # by so much a less likely way must be surer than a likelier one
_ANSWERED = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What one text found: `scores`, `(c,)`, by itself; `weighed`, with the conversation."""

    text: str
    embedding: Embedding
    candidates: Candidates
    scores: NDArray[np.float32]
    weighed: NDArray[np.float32]


def best_search(
    searches: Sequence[Search], understood: Understanding, generation: Generation
) -> Search:
    """Return the search, of one for each of the texts, that fits best, weighed.

    A question that may stand alone is left exactly as it is unless it is answered after the
    conversation, and not by itself.
    """
    if not understood.ways:
        return searches[0]
    ways = searches if understood.is_moved else searches[1:]
    sure = [_confidence(each, generation) for each in ways]
    at = max(range(len(ways)), key=lambda way: sure[way] - _SURER * way)
    if understood.is_moved:
        return ways[at]
    if understood.is_open:
        alone = _confidence(searches[0], generation)
        if sure[at] < _ANSWERED or alone >= _ANSWERED:
            return searches[0]
    return _weighed(ways[at], searches[0])


def _confidence(search: Search, generation: Generation) -> float:
    documents = generation.document_rows[search.candidates.rows]
    return confidence(search.candidates, search.scores, documents)


def _weighed(search: Search, asked: Search) -> Search:
    found = dict(zip(asked.candidates.rows.tolist(), asked.scores.tolist(), strict=True))
    least = float(asked.scores.min())  # what was not found is no better than the last
    by_asked = np.array([found.get(row, least) for row in search.candidates.rows.tolist()])
    weighed = (1 - _ASKED) * search.scores + _ASKED * by_asked
    return replace(search, weighed=np.asarray(weighed, np.float32))
