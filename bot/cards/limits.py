"""Where a question was looked for, in one line; and what is said of limits that make no sense."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.cards.windows import clipped
from index.scoping import Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts import Texts
    from index.queries import Scope
    from index.scoping import ScopeProblem

__all__ = ["limits_line", "problem_line"]

_MAX_TITLES = 3
_MAX_TITLE_UNITS = 80
_MAX_VALUE_UNITS = 60


def limits_line(scope: Scope, named: Sequence[str], texts: Texts) -> str:
    """Return what a question was limited to; empty where it was not."""
    titles = [clipped(title, _MAX_TITLE_UNITS) for title in named[:_MAX_TITLES]]
    if len(named) > _MAX_TITLES:
        titles.append("…")
    parts = [
        texts("limit-in", titles=", ".join(titles)) if titles else "",
        texts("limit-after", date=scope.after) if scope.after else "",
        texts("limit-before", date=scope.before) if scope.before else "",
    ]
    return " · ".join(part for part in parts if part)


def problem_line(problem: ScopeProblem, texts: Texts) -> str:
    """Return what is said of a limit that can't be followed, on one line."""
    value = clipped(problem.value, _MAX_VALUE_UNITS)
    match problem.reason:
        case Reason.NO_SUCH_DOCUMENT:
            return texts("title-unknown", words=value)
        case Reason.NO_DATE:
            return texts("date-unknown", value=value)
        case Reason.NOTHING_BETWEEN:
            return texts("dates-crossed", value=value)
