"""How far a long benchmark has come: one line on a terminal, a few lines elsewhere."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.types import Progress

__all__ = ["progress_of"]

_EVERY_S = 20.0


def progress_of(label: str) -> Progress:
    """Return a callback that says on stderr how much of `label` is done."""
    is_terminal = sys.stderr.isatty()
    started = last = monotonic()

    def report(done: int, total: int) -> None:
        nonlocal last
        now = monotonic()
        if now - last < (0.2 if is_terminal else _EVERY_S) and done < total:
            return
        last = now
        end = "\r" if is_terminal and done < total else "\n"
        print(f"{label}: {done}/{total}, {now - started:.0f} s", file=sys.stderr, end=end)

    return report
