"""Files that survive a power cut: written, flushed to the disk, and only then named."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["FRESH", "filled", "fsync", "replace_durably", "sha256_of", "write_durably"]

FRESH = ".new"
"""What a file is called, at its end, until it takes the place of the one before."""


def write_durably(path: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, data: bytes) -> None:
    """Put a file in another's place in one step: whoever reads sees the one or the other."""
    fresh = path.with_name(path.name + FRESH)
    try:
        write_durably(fresh, data)
        fresh.replace(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    fsync(path.parent)


@contextlib.contextmanager
def filled(folder: Path) -> Iterator[None]:
    """Make a folder for the block to fill; nothing of it is left where that fails."""
    folder.mkdir(parents=True)
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def fsync(path: Path) -> None:
    """Make a file or a folder's entries durable, where the system lets it be opened so."""
    with contextlib.suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
