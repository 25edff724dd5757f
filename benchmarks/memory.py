"""How much memory a process takes: its own, without the pages of mapped files."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Peak", "memory", "own_peak"]

_EVERY_S = 0.02


class Peak:
    """The most memory of its own that this process was seen to have, in bytes."""

    bytes = 0


def memory() -> dict[str, int]:
    """Return this process's bytes: its own, those of mapped files, and the most there ever was."""
    with Path("/proc/self/status").open(encoding="ascii") as lines:
        values = dict(line.split(":", 1) for line in lines)
    names = {"own": "RssAnon", "mapped": "RssFile", "peak": "VmHWM"}
    return {name: 1024 * int(values[field].split()[0]) for name, field in names.items()}


@contextmanager
def own_peak() -> Iterator[Peak]:
    """Look at the memory again and again while the block runs."""
    peak = Peak()
    done = threading.Event()

    def look() -> None:
        while not done.wait(_EVERY_S):
            peak.bytes = max(peak.bytes, memory()["own"])

    thread = threading.Thread(target=look, name="memory", daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        done.set()
        thread.join()
        peak.bytes = max(peak.bytes, memory()["own"])
