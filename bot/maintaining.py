"""What a maintainer does: bring the index up to date, and see what state it is in."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from index.build import build, stale_reasons
from index.errors import GenerationError
from index.generations import Generations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings
    from index.build import BuildReport
    from index.types import Encoder, EncoderIdentity
    from index.types import Progress as ProgressCallback

__all__ = [
    "bring_up_to_date",
    "build_lines",
    "progress_bar",
    "status_lines",
    "status_object",
    "stderr_console",
    "warn_if_stale",
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


def bring_up_to_date(
    settings: Settings, encoder: Encoder, *, full: bool = False
) -> BuildReport | None:
    """Build a new generation where the live one is missing or stale, or always when `full`.

    Returns None when there was nothing to do. The files left out are named on stderr.
    """
    if not full and not stale_reasons(settings.seeds_dir, settings.state_dir, encoder.identity):
        return None
    with progress_bar("Encoding passages") as progress:
        report = build(settings.seeds_dir, settings.state_dir, encoder, progress)
    for problem in report.problems:
        sys.stderr.write(f"verbatim: {problem}\n")
    return report


def build_lines(report: BuildReport, *, verbose: bool = False) -> Iterator[str]:
    """Say what a build did; `verbose` adds each line that was set aside as page furniture."""
    furniture = sum(map(len, report.furniture.values()))
    yield (
        f"built {report.generation}: {_count(report.documents, 'document')}, "
        f"{_count(report.passages, 'passage')}, "
        f"{_count(furniture, 'line')} set aside as page furniture"
    )
    if verbose:
        for path, lines in report.furniture.items():
            yield from (f"{path}: set aside: {' '.join(line.split())}" for line in lines)


def warn_if_stale(settings: Settings, encoder: EncoderIdentity) -> None:
    """Say on stderr that answers may be old, where the documents changed after the build."""
    reasons = stale_reasons(settings.seeds_dir, settings.state_dir, encoder)
    if reasons:
        more = f" (and {len(reasons) - 1} more)" if len(reasons) > 1 else ""
        sys.stderr.write(
            f"verbatim: the index is not up to date, run `verbatim build`: {reasons[0]}{more}\n"
        )


def status_object(settings: Settings, encoder: EncoderIdentity) -> dict[str, Any]:
    """Return the state of the index in the shape of `status --json`."""
    state: dict[str, Any] = {
        "generation": None,
        "created": None,
        "documents": 0,
        "passages": 0,
        "encoder": None,
        "seeds": str(settings.seeds_dir),
        "state": str(settings.state_dir),
        "stale": stale_reasons(settings.seeds_dir, settings.state_dir, encoder),
    }
    try:
        manifest = Generations(settings.state_dir).manifest()
    except GenerationError:
        return state  # `stale` says why
    return state | {
        "generation": manifest.generation,
        "created": manifest.created.isoformat(),
        "documents": manifest.documents,
        "passages": manifest.passages,
        "encoder": manifest.model_dump(mode="json")["encoder"],
    }


def status_lines(state: dict[str, Any]) -> Iterator[str]:
    """Say what `status_object` holds to a person."""
    if state["generation"] is None:
        yield f"generation  none in {state['state']}"
    else:
        yield f"generation  {state['generation']}"
        yield f"documents   {state['documents']} from {state['seeds']}"
        yield f"passages    {state['passages']}"
        yield f"encoder     {state['encoder']['name']}"
    if state["stale"]:
        yield "stale       run `verbatim build`:"
        yield from (f"            {reason}" for reason in state["stale"])
    else:
        yield "stale       nothing"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
