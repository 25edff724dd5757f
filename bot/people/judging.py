"""Thumbs as judgements: what people agree on, and what they don't."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.memory.votes import Quoted, Vote

__all__ = ["Judgement", "judged", "question_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What answers a question, by all who voted; without quotes, nothing in the documents does."""

    question: str
    quotes: tuple[Quoted, ...]


@dataclass(slots=True)
class _Tally:
    question: str
    right: dict[str, Quoted] = field(default_factory=dict)
    wrong: set[str] = field(default_factory=set)
    is_unanswerable: bool = False

    def count(self, vote: Vote) -> None:
        if vote.judged is not None and not vote.is_up:
            self.wrong.add(vote.judged.passage_id)
        if vote.is_up and vote.is_first and vote.verdict == Verdict.ANSWERED:
            self._is_right(vote.judged)
        self._is_right(vote.right)
        self.is_unanswerable |= vote.is_none_right

    def _is_right(self, quoted: Quoted | None) -> None:
        if quoted is not None:
            self.right.setdefault(quoted.passage_id, quoted)

    @property
    def is_confirmed(self) -> bool:
        return bool(self.right) or self.is_unanswerable

    @property
    def is_agreed(self) -> bool:
        """Whether nobody contradicts anybody: about a passage, or about there being one."""
        return self.wrong.isdisjoint(self.right) and not (self.right and self.is_unanswerable)


def judged(votes: Iterable[Vote]) -> tuple[list[Judgement], list[str]]:
    """Return what is confirmed, and the questions on which votes conflict, as first asked.

    Confirmed is a thumb up for the first hit of an answered question, a passage chosen as the
    right one, and that none is. A thumb down alone confirms nothing, and contradicts a thumb up.
    What was asked of some documents alone says nothing of all, and is passed over.
    """
    tallies: dict[str, _Tally] = {}
    for vote in votes:
        if vote.is_limited:
            continue
        tallies.setdefault(question_key(vote.question), _Tally(vote.question)).count(vote)
    confirmed = [tally for tally in tallies.values() if tally.is_confirmed]
    return (
        [
            Judgement(question=tally.question, quotes=tuple(tally.right.values()))
            for tally in confirmed
            if tally.is_agreed
        ],
        [tally.question for tally in confirmed if not tally.is_agreed],
    )


def question_key(question: str) -> str:
    """Return what is the same for questions that differ in case and white space alone."""
    return " ".join(question.casefold().split())
