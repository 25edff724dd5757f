"""What may go wrong with the bot's database for a while."""

from __future__ import annotations

from index.errors import StateFolderError

__all__ = ["StoreError", "WriteFaultError"]


class StoreError(StateFolderError):
    """Something could not be written or read: a full disk, a server that is away."""


class WriteFaultError(Exception):
    """The database refuses what a work asks for: a fault of the program.

    Its one line says nothing of what was to be written, which may be people's words.
    """
