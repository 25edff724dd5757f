"""How generations go: those that are one too many, and what killed builds left behind."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

from index.durable import FRESH
from index.manifest import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["NAME", "drop", "sweep"]

NAME = re.compile(r"^\d{8}T\d{6}Z-[0-9a-f]{8}$")
"""What the folder of a generation is called."""


def drop(folder: Path) -> None:
    """Remove a generation; readers keep what they have of it.

    A file that is mapped stays readable when its name is gone (POSIX), and whoever comes too late
    finds a new CURRENT. Its manifest goes first: what is left when this is killed is swept.
    """
    (folder / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what builds left in the folder of generations that were killed."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_file() and path.name.endswith(FRESH):
            path.unlink(missing_ok=True)
        elif NAME.match(path.name) and not (path / MANIFEST).is_file():
            shutil.rmtree(path, ignore_errors=True)
