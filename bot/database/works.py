"""What is to be written, and how whoever asked for it learns what came of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy.exc import DBAPIError

from bot.database.errors import WriteFaultError
from bot.database.kinds import reason_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection

    _Answer: TypeAlias = tuple[asyncio.Future[Any], Any]

__all__ = ["Failed", "Write", "answer", "discreet"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """A work, and the future that waits in its loop for what comes of it, None if nobody does."""

    work: Callable[[Connection], Any]
    done: asyncio.Future[Any] | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """In place of a work's result."""

    error: Exception


def answer(batch: Sequence[Write], outcomes: Sequence[Any]) -> None:
    """Tell each what came of its work, those of one loop at once."""
    told: dict[asyncio.AbstractEventLoop, list[_Answer]] = {}
    for each, outcome in zip(batch, outcomes, strict=True):
        if each.done is not None:
            told.setdefault(each.done.get_loop(), []).append((each.done, outcome))
    for loop, answers in told.items():
        with suppress(RuntimeError):  # a closed loop: nobody waits any more
            loop.call_soon_threadsafe(_tell, answers)


def discreet(error: Exception) -> Exception:
    """Return an error that may be logged: PostgreSQL's show whole rows in their further lines."""
    if not isinstance(error, DBAPIError):
        return error
    told = WriteFaultError(reason_of(error)).with_traceback(error.__traceback__)
    told.__suppress_context__ = True
    return told


def _tell(answers: Sequence[_Answer]) -> None:
    for done, outcome in answers:
        if done.done():
            continue
        if isinstance(outcome, Failed):
            done.set_exception(outcome.error)
        else:
            done.set_result(outcome)
