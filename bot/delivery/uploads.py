"""Files that the bot may send: those of one folder, whatever a path says."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from telegram import InputFile

from bot.errors import UnsendableError
from bot.maintenance.filenames import safe_name

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_BYTES", "Uploads"]

MAX_BYTES = 50 * 1024 * 1024
"""The largest file that a bot may upload (Bot API, "Sending files")."""


class Uploads:
    """The files within a folder, links out of it excepted; without a folder, none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    async def read(self, path: str) -> InputFile:
        """Return a file to send, by its path within the folder.

        Raises:
            UnsendableError: it is elsewhere, gone, empty or too large.
        """
        return await asyncio.to_thread(self._read, path)

    def _read(self, path: str) -> InputFile:
        if self._folder is None:
            raise UnsendableError("no folder to send files from")
        try:
            found = (self._folder / path).resolve(strict=True)
            if not found.is_relative_to(self._folder.resolve(strict=True)):
                raise UnsendableError("a file outside of the folder")
            if not 0 < found.stat().st_size <= MAX_BYTES:
                raise UnsendableError("a file that is empty or too large")
            return InputFile(found.read_bytes(), filename=safe_name(found.name))
        except (OSError, ValueError) as error:  # a NUL in the path is a ValueError
            raise UnsendableError(f"a file that can't be read ({type(error).__name__})") from None
