"""A process that forks one that builds without end, to be killed, and then another.

`python -m tests.index.killed SEEDS STATE` says on stdout the process id of each. Every start would
else pay for the imports again.
"""

from __future__ import annotations

import itertools
import os
import sys
from pathlib import Path

from index.build import build
from tests.fakes import FakeEncoder
from tests.index.here import reading_here


def main() -> None:
    """Fork for each line that comes through stdin; the next one when the last was killed."""
    seeds, state = map(Path, sys.argv[1:])
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            _build_without_end(seeds, state)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()
        os.waitpid(process, 0)
        sys.stdout.write("dead\n")
        sys.stdout.flush()


def _build_without_end(seeds: Path, state: Path) -> None:
    with reading_here():
        for number in itertools.count():
            text = f"Note\n\nThe note of this build is {os.getpid()} {number}.\n"
            (seeds / "note.txt").write_text(text, "utf-8")
            build(seeds, state, FakeEncoder())


if __name__ == "__main__":
    main()
