"""Bringing the index up to date, and what there is to say of it."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from bot.maintenance.changes import difference_lines
from bot.maintenance.consoles import progress_bar, say_that_we_wait
from bot.maintenance.publishing import publish
from index.build import build
from index.errors import printable
from index.locking import build_lock
from index.promotion import Promotion
from index.staleness import staleness
from index.types import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings
    from index.build import BuildReport
    from index.types import Encoder, StageProgress

__all__ = ["Attendant", "bring_up_to_date", "build_lines"]


class Attendant(Protocol):
    """Somebody who is told how a build goes on."""

    def on_wait(self) -> None:
        """Hear that another build is at work, and has to end first."""

    def on_progress(self, stage: Stage, done: int, of: int, /) -> None:
        """Hear how many of a stage's units are done."""


def bring_up_to_date(
    settings: Settings,
    encoder: Encoder,
    *,
    full: bool = False,
    promote_anyway: bool = False,
    is_asked_for: bool = True,
    attendant: Attendant | None = None,
) -> BuildReport | None:
    """Build a new generation where the live one is missing or stale, or always when `full`.

    Returns None when there was nothing to do. The files left out are named on stderr. What was
    rolled back is built again only where a person asks for it. Without an `attendant`, a bar is
    shown where stderr is a terminal.

    Raises:
        NotPromotedError: fewer golden questions are answered; what was live stays so.
        EngineError: what is live here could not be put on the engine at INDEX_URL.
    """
    if not full and not _is_to_build(settings, encoder, is_asked_for=is_asked_for):
        publish(settings)
        return None
    on_wait = attendant.on_wait if attendant else say_that_we_wait
    with build_lock(settings.state_dir, on_wait) as has_waited:
        # Another build may have done it all while we waited.
        is_done = (
            has_waited
            and not full
            and not _is_to_build(settings, encoder, is_asked_for=is_asked_for)
        )
        if is_done:
            publish(settings)
            return None
        with _shown(attendant) as progress:
            report = build(
                settings.seeds_dir,
                settings.state_dir,
                encoder,
                progress,
                keep=settings.keep_generations,
                is_from_scratch=full,
                promotion=Promotion(
                    golden=settings.golden_file,
                    tolerance=settings.golden_tolerance,
                    anyway=promote_anyway,
                ),
                kind=settings.vector_kind,
            )
        for problem in report.problems:
            sys.stderr.write(f"verbatim: {problem}\n")
        publish(settings)
    return report


@contextmanager
def _shown(attendant: Attendant | None) -> Iterator[StageProgress]:
    if attendant is not None:
        yield attendant.on_progress
        return
    with progress_bar("Encoding passages") as bar:

        def draw(stage: Stage, done: int, of: int) -> None:
            if stage is Stage.ENCODING:  # the other stages are short
                bar(done, of)

        yield draw


def _is_to_build(settings: Settings, encoder: Encoder, *, is_asked_for: bool) -> bool:
    found = staleness(settings.seeds_dir, settings.state_dir, encoder.identity)
    return bool(found.reasons) if is_asked_for else found.needs_build


def build_lines(report: BuildReport, *, verbose: bool = False) -> Iterator[str]:
    """Say what a build did; `verbose` adds each line that was set aside as page furniture."""
    furniture = sum(map(len, report.furniture.values()))
    yield (
        f"built {report.generation}: {_count(report.documents, 'document')}, "
        f"{_count(report.passages, 'passage')}, "
        f"{_count(furniture, 'line')} set aside as page furniture"
    )
    if report.judgement is not None:
        yield from difference_lines(report.judgement)
    if verbose:
        for path, lines in report.furniture.items():
            name = printable(path)
            yield from (f"{name}: set aside: {' '.join(line.split())}" for line in lines)


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
