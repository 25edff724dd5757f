"""Taking away generations that are one too many, and what killed builds left behind."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from index.durable import FRESH
from index.manifest import MANIFEST, is_generation_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["drop", "sweep"]


def drop(folder: Path, names: Iterable[str]) -> None:
    """Take these generations away."""
    for name in names:
        # Without its manifest first: what is left of it, if this is killed, is swept.
        (folder / name / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder / name, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Take away the files and folders that builds did not finish."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.is_file() and path.name.endswith(FRESH):
            path.unlink(missing_ok=True)
        elif is_generation_name(path.name) and not (path / MANIFEST).is_file():
            shutil.rmtree(path, ignore_errors=True)
