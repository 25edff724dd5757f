"""What the store needs of a database; `sqlite` and `postgres` are the two that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["Database", "reason_of"]


class Database(Protocol):
    """A database to keep the bot's state in."""

    @property
    def name(self) -> str:
        """How messages call it; never with a password."""

    @property
    def is_remote(self) -> bool:
        """Whether it may be away for a while, and the answer to a commit be lost."""

    def engine(self) -> Engine:
        """Return what makes connections: durable ones, that wait for nothing for long.

        Raises:
            OSError: the folder can't be made.
        """

    def begin_writing(self, connection: Connection) -> None:
        """Make the transaction that begins with this one that may write."""

    def prepare(self, connection: Connection) -> None:
        """Let nobody else prepare the tables until the transaction ends; take over older ones.

        Raises:
            StateFolderError: this version can't use what is there.
        """

    def is_everybodys(self, error: DBAPIError) -> bool:
        """Whether no work is to blame, and the same may well succeed later (full, away)."""

    def is_worth_another(self, error: DBAPIError) -> bool:
        """Whether the same may well succeed at once."""


def reason_of(error: Exception) -> str:
    """Return what went wrong in one line; further ones may show what was written."""
    told = error.orig if isinstance(error, DBAPIError) else error
    lines = str(told).strip().splitlines()
    return lines[0] if lines else type(told).__name__
