"""`verbatim build --attended`: a build for another program, which reads how it goes on.

A line of stdout is an event as JSON, the last one says what came of it. Stdin is the other
program's hold on this one: when it ends, so does the build, at once.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, TextIO

from bot.maintenance.events import WAITING, BuildEnd, BuildEvent, Progress
from bot.maintenance.maintaining import bring_up_to_date, build_lines
from index.errors import NotPromotedError, VerbatimError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from index.types import Encoder, Stage

__all__ = ["build_attended"]


class _Attendant:
    def __init__(self, out: TextIO) -> None:
        self._out = out

    def on_wait(self) -> None:
        self.tell(BuildEvent(progress=Progress(stage=WAITING)))

    def on_progress(self, stage: Stage, done: int, of: int, /) -> None:
        self.tell(BuildEvent(progress=Progress(stage=stage, done=done, of=of)))

    def tell(self, event: BuildEvent) -> None:
        self._out.write(event.model_dump_json(exclude_defaults=True) + "\n")
        self._out.flush()


def build_attended(
    settings: Settings,
    encoder_of: Callable[[Settings], Encoder],
    *,
    out: TextIO | None = None,
) -> int:
    """Build, say on `out` how it goes on, and return the exit status."""
    attendant = _Attendant(out or sys.stdout)
    if out is None:
        threading.Thread(target=_end_with_stdin, name="stdin", daemon=True).start()
    event = _built(settings, encoder_of, attendant)
    attendant.tell(event)
    return 0 if event.end in {BuildEnd.PROMOTED, BuildEnd.CURRENT} else 1


def _built(
    settings: Settings, encoder_of: Callable[[Settings], Encoder], attendant: _Attendant
) -> BuildEvent:
    try:
        report = bring_up_to_date(settings, encoder_of(settings), attendant=attendant)
    except NotPromotedError as error:
        return BuildEvent(
            end=BuildEnd.WITHHELD,
            generation=error.generation,
            lines=error.problems,
            error=str(error),
        )
    except VerbatimError as error:
        problems = tuple(map(str, getattr(error, "problems", ())))
        return BuildEvent(end=BuildEnd.FAILED, error=str(error), problems=problems)
    except Exception as error:  # noqa: BLE001 -- whoever attends must hear of it
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return BuildEvent(end=BuildEnd.FAILED, error=what)
    if report is None:
        return BuildEvent(end=BuildEnd.CURRENT)
    return BuildEvent(
        end=BuildEnd.PROMOTED,
        generation=report.generation,
        problems=tuple(map(str, report.problems)),
        lines=tuple(build_lines(report)),
    )


def _end_with_stdin() -> None:
    while sys.stdin.buffer.read(1):
        pass
    os._exit(1)  # even in the middle of writing: that leaves nothing half done
