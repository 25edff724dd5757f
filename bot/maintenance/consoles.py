"""What stderr says while something takes long."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.types import Progress as ProgressCallback

__all__ = ["progress_bar", "say_that_we_wait", "stderr_console"]


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


def say_that_we_wait() -> None:
    """Say that another build has to end first."""
    sys.stderr.write("verbatim: another build is at work here: waiting for it\n")
