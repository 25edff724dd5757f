"""Which of an answer's hits a person is shown: not all that were retrieved are worth reading."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.types import Verdict

if TYPE_CHECKING:
    from index.types import Answer, Hit

__all__ = ["closest_titles", "hits_to_show", "within_reach"]

# Scores are log-likelihoods up to a constant, as the fusion is fitted by softmax: a hit this far
# behind the first is a tenth as likely to be what was asked for.
_MAX_SCORES_BEHIND = 2.3
_MAX_TITLES = 3


def hits_to_show(answer: Answer) -> tuple[Hit, ...]:
    """Return the hits to quote, best first: one when unsure, none when there is no answer."""
    if answer.verdict == Verdict.NO_ANSWER:
        return ()
    if answer.verdict == Verdict.UNSURE:
        return answer.hits[:1]
    return within_reach(answer)


def within_reach(answer: Answer) -> tuple[Hit, ...]:
    """Return the hits that are not much less likely than the first to be what was asked for."""
    least = answer.hits[0].score - _MAX_SCORES_BEHIND if answer.hits else 0.0
    return tuple(hit for hit in answer.hits if hit.score >= least)


def closest_titles(answer: Answer) -> list[str]:
    """Return the titles of the documents that came closest, best first, each once."""
    return list(dict.fromkeys(hit.source.title for hit in answer.hits))[:_MAX_TITLES]
