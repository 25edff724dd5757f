"""What every question reads of an index here and there, read into memory before anyone asks.

After a start, and after a new generation, thousands of places in many files would each be waited
for as they are needed first. Read through, the files take seconds. The memory is the system's own,
which it takes back when it needs it.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.arrays import read_through

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["warming"]

_ASKED = (
    "*.faiss",
    "*.vectors.npy",
    "*terms.*.npy",
    "sentences.*.npy",
    "*.start.npy",
    "lexical/*",
    "*.jsonl",
)
"""What searches read, then evidence, then what is shown; words come a passage at once as it is."""
_MOST_OF_MEMORY = 0.5
_CONTAINER = Path("/sys/fs/cgroup/memory.max")
"""How many bytes a container may have: https://docs.kernel.org/admin-guide/cgroup-v2.html."""


def warming(segments: Iterable[Path]) -> threading.Thread:
    """Begin to read segments' files in a thread, and return it; it may be left alone.

    As many are read as half of the memory there is has room for.
    """
    folders = list(segments)
    found = (path for pattern in _ASKED for each in folders for path in each.glob(pattern))
    paths = list(dict.fromkeys(found))  # some have two of the patterns
    thread = threading.Thread(target=_read, args=(paths,), name="warming", daemon=True)
    thread.start()
    return thread


def _read(paths: Iterable[Path]) -> None:
    room = int(_MOST_OF_MEMORY * _memory())
    with suppress(OSError):  # a newer build drops what nobody needs any more; the rest can wait
        for path in paths:
            size = path.stat().st_size
            if 0 < size <= room:
                room -= size
                read_through(path)


def _memory() -> int:
    """Return the bytes of memory of the machine, or of the container; 0 where none is said."""
    if not hasattr(os, "sysconf"):  # Windows
        return 0
    own = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        return min(own, int(_CONTAINER.read_text("ascii")))
    except (OSError, ValueError):  # there is no container, or it has no bound
        return own
