"""What a maintainer does: bring the index up to date, or take back what that did."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.maintenance.changes import difference_lines
from index.build import build
from index.errors import CorpusError, GenerationError, printable
from index.generations import Generations
from index.history import seeds_digest
from index.locking import build_lock
from index.promotion import Promotion
from index.rollback import roll_back
from index.seeds import fingerprints_of
from index.staleness import staleness
from index.types import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.settings import Settings
    from index.build import BuildReport
    from index.types import Encoder, StageProgress
    from index.types import Progress as ProgressCallback

__all__ = [
    "Attendant",
    "bring_up_to_date",
    "build_lines",
    "go_back",
    "has_index",
    "progress_bar",
    "stderr_console",
]


def stderr_console() -> Console:
    """Return the console for everything that is not a result."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


@contextmanager
def progress_bar(what: str) -> Iterator[ProgressCallback]:
    """Show a bar on stderr, if that is a terminal, while the block runs."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = stderr_console()
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


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
    """
    if not full and not _is_to_build(settings, encoder, is_asked_for=is_asked_for):
        return None
    on_wait = attendant.on_wait if attendant else _say_that_we_wait
    with build_lock(settings.state_dir, on_wait) as has_waited:
        # Another build may have done it all while we waited.
        is_done = (
            has_waited
            and not full
            and not _is_to_build(settings, encoder, is_asked_for=is_asked_for)
        )
        if is_done:
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


def has_index(settings: Settings) -> bool:
    """Whether some generation is live, up to date or not."""
    try:
        Generations(settings.state_dir).manifest()
    except GenerationError:
        return False
    return True


def _is_to_build(settings: Settings, encoder: Encoder, *, is_asked_for: bool) -> bool:
    found = staleness(settings.seeds_dir, settings.state_dir, encoder.identity)
    return bool(found.reasons) if is_asked_for else found.needs_build


def _say_that_we_wait() -> None:
    sys.stderr.write("verbatim: another build is at work here: waiting for it\n")


def go_back(
    settings: Settings,
    *,
    confirmed: tuple[str, str] | None = None,
    on_wait: Callable[[], None] | None = None,
) -> tuple[str, str]:
    """Make the generation before live again; return the one that was live and the one that is.

    `confirmed` and `on_wait` are those of `roll_back`.

    Raises:
        LiveChangedError: it would be others than those confirmed.
        NoEarlierGenerationError: there is none.
    """
    try:
        digest = seeds_digest(fingerprints_of(settings.seeds_dir))
    except CorpusError:
        digest = ""  # without documents there is nothing to hold the rollback against
    return roll_back(settings.state_dir, digest, confirmed=confirmed, on_wait=on_wait)


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
