"""What a build in another process says of itself, a line of JSON each time."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

__all__ = ["WAITING", "BuildEnd", "BuildEvent", "Progress"]

WAITING = "waiting"
"""Another build is at work, and has to end first."""


class BuildEnd(StrEnum):
    """What came of a build."""

    PROMOTED = "promoted"
    WITHHELD = "withheld"
    """Built, and kept aside since fewer golden questions are answered."""
    CURRENT = "current"
    """There was nothing to do."""
    FAILED = "failed"


class Progress(BaseModel):
    """How far a build is: `waiting` for another one, or one of `Stage`, in its units."""

    model_config = ConfigDict(frozen=True)

    stage: str
    done: int = 0
    of: int = 0


class BuildEvent(BaseModel):
    """One line. The last one says by `end` what came of it, and by `generation` what was built.

    `problems` are the files left out, `lines` what a terminal says of it all, `error` is what a
    person can do about a build that failed.
    """

    model_config = ConfigDict(frozen=True)

    progress: Progress | None = None
    end: BuildEnd | None = None
    generation: str | None = None
    problems: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    error: str = ""
