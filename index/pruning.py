"""Taking away generations that are one too many, and what killed builds left behind."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from index.assembly import SEGMENTS, segment_names
from index.durable import FRESH
from index.manifest import MANIFEST, is_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

__all__ = ["drop", "sweep"]


def drop(folder: Path, names: Iterable[str]) -> None:
    """Take these generations away, or segments."""
    for name in names:
        # Without its manifest first: what is left of it, if this is killed, is swept.
        (folder / name / MANIFEST).unlink(missing_ok=True)
        shutil.rmtree(folder / name, ignore_errors=True)


def sweep(folder: Path, *, but: Collection[str] = ()) -> None:
    """Take away what builds did not finish, and the segments that are no part of any generation.

    Segments with one of the names `but` stay: what they are a part of is still to come.
    """
    if not folder.is_dir():
        return
    kept: list[Path] = []
    for path in folder.iterdir():
        if path.is_file() and path.name.endswith(FRESH):
            path.unlink(missing_ok=True)
        elif is_name(path.name):
            if (path / MANIFEST).is_file():
                kept.append(path)
            else:
                shutil.rmtree(path, ignore_errors=True)
    needed = set(but)
    for path in kept:
        try:
            needed.update(segment_names(path))
        except FileNotFoundError:
            continue  # of another format
        except (OSError, ValueError):
            # It is damaged, so nobody knows what it needs; its room is given back when it is one
            # too many itself.
            return
    segments = folder / SEGMENTS
    if segments.is_dir():
        drop(segments, {path.name for path in segments.iterdir() if is_name(path.name)} - needed)
