"""What the retriever is given: the words of a question, what was said before, where to look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from index.types import Verdict

if TYPE_CHECKING:
    from index.types import Answer

__all__ = ["Query", "Scope", "Turn", "days_of"]

_EVER = (0, 9999_99_99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which documents may answer; what is None sets no bound.

    `documents` are ids. `after` and `before` are ISO 8601 dates, years or months (`2011`,
    `2011-06`, `2011-06-12`), as search engines read them: `after` means from its first day on,
    `before` until the day before its first. A document counts if all of the time that its own
    date names lies between; one without a date never does.
    """

    documents: frozenset[str] | None = None
    after: str | None = None
    before: str | None = None

    @property
    def is_everything(self) -> bool:
        """Whether no document is left out."""
        return self.documents is None and self.after is None and self.before is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A question that was answered, as little of it as a later one may need.

    `query` is how it was understood, `Answer.query`. `passages` are the ids of what was shown, the
    answer first; they may be gone since.
    """

    query: str
    passages: tuple[str, ...] = ()

    @classmethod
    def from_answer(cls, answer: Answer) -> Self:
        """Keep of an answer what the next question may need; of a refusal, the question alone."""
        shown = answer.hits[:1] if answer.verdict is not Verdict.NO_ANSWER else ()
        return cls(query=answer.query, passages=tuple(hit.passage.id for hit in shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """One question, as it is given to the retriever.

    `history` is what was said before it, oldest first; only the last few turns count.
    `is_reply` says that it was sent as a reply to the last of them.
    """

    text: str
    scope: Scope = Scope()
    history: tuple[Turn, ...] = ()
    is_reply: bool = False


def days_of(date: str | None) -> tuple[int, int]:
    """Return the first and last day that an ISO 8601 date may stand for, as yyyymmdd.

    They are there to be compared: the last of June is 31. An unknown date may be any.
    """
    if date is None:
        return _EVER
    digits = date[:10].replace("-", "")
    return int(digits + "0101"[len(digits) - 4 :]), int(digits + "1231"[len(digits) - 4 :])
