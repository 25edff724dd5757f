"""Puts files into the folder of documents: whole or not at all, and never over another unasked."""

from __future__ import annotations

import hashlib
import os
import secrets
import stat
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import NotAddedError
from index.durable import FRESH, fsync
from index.seeds import MAX_FILE_BYTES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Found", "SeedFolder"]

_PREFIX = ".added-"  # hidden: nothing reads it
_LEFT_OVER_S = 3600.0
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)  # neither on Windows


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that is in the folder already."""

    size: int
    sha256: str


class SeedFolder:
    """The folder of documents, as far as files are put right into it.

    Every method takes a `safe_name`, and raises NotAddedError where the folder can't be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def found(self, name: str) -> Found | None:
        """Return the file of this name, None where there is none.

        Raises:
            NotAddedError: it is a folder, a link, or can't be read: nothing to put a file over.
        """
        try:
            handle = os.open(self._place(name), os.O_RDONLY | _NO_FOLLOW)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise NotAddedError("not-added-in-the-way", file=name) from error
        known = os.fstat(handle)
        if not stat.S_ISREG(known.st_mode) or known.st_size > MAX_FILE_BYTES:
            os.close(handle)
            raise NotAddedError("not-added-in-the-way", file=name)
        with os.fdopen(handle, "rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return Found(size=known.st_size, sha256=digest)

    def put(self, name: str, data: bytes, *, over: str | None = None) -> None:
        """Write a file: a new one, or in the place of the one with the SHA-256 `over`.

        Raises:
            NotAddedError: there is another file by now, or it can't be written.
        """
        place = self._place(name)
        fresh = place.with_name(f"{_PREFIX}{secrets.token_hex(8)}{FRESH}")
        try:
            self._sweep()
            with fresh.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if over is None:
                os.link(fresh, place)  # unlike a renaming, never over another
            elif (found := self.found(name)) is not None and found.sha256 == over:
                fresh.replace(place)
            else:
                raise NotAddedError("not-added-changed", file=name)
            fresh.unlink(missing_ok=True)
            fsync(place.parent)
        except FileExistsError as error:
            raise NotAddedError("not-added-changed", file=name) from error
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise NotAddedError("not-added-disk", reason=reason) from error
        finally:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        """Return where a file belongs; links on the way to the folder are the maintainer's own."""
        try:
            folder = self._folder.resolve(strict=True)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise NotAddedError("not-added-disk", reason=reason) from error
        place = folder / name
        if place.parent != folder or not place.name or place.name.startswith("."):
            raise NotAddedError("not-added-in-the-way", file=name)
        return place

    def _sweep(self) -> None:
        """Remove what a crash has left in the middle of writing."""
        for left in self._folder.glob(f"{_PREFIX}*{FRESH}"):
            with suppress(OSError):
                if left.lstat().st_mtime < time.time() - _LEFT_OVER_S:
                    left.unlink()
