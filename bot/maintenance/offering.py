"""Files that wait for somebody to say whether they replace others: kept as they were sent."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from bot.errors import NotAddedError
from bot.memory.offers import OFFERED_S
from index.durable import write_durably

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["OfferedFiles"]

_KEY = re.compile(r"[0-9a-f]{24}")
_KEY_BYTES = 12


class OfferedFiles:
    """The folder `uploads` in a state folder. What nobody took in time is swept."""

    def __init__(self, state_dir: Path) -> None:
        self._folder = state_dir / "uploads"

    def keep(self, data: bytes) -> str:
        """Keep a file and return its key.

        Raises:
            NotAddedError: it can't be written.
        """
        key = secrets.token_hex(_KEY_BYTES)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            write_durably(self._folder / key, data)
        except OSError as error:
            with suppress(OSError):
                (self._folder / key).unlink(missing_ok=True)
            reason = error.strerror or type(error).__name__
            raise NotAddedError("not-added-disk", reason=reason) from error
        return key

    def read(self, key: str, *, sha256: str) -> bytes:
        """Return what is kept under a key.

        Raises:
            NotAddedError: it is not there, or not what it was.
        """
        if not _KEY.fullmatch(key):
            raise NotAddedError("offer-gone")
        try:
            data = (self._folder / key).read_bytes()
        except OSError:
            raise NotAddedError("offer-gone") from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise NotAddedError("offer-gone")
        return data

    def drop(self, key: str) -> None:
        """Keep a file no longer."""
        with suppress(OSError):
            (self._folder / key).unlink(missing_ok=True)

    def _sweep(self) -> None:
        for kept in self._folder.iterdir():
            with suppress(OSError):
                if kept.stat().st_mtime < time.time() - OFFERED_S:
                    kept.unlink()
