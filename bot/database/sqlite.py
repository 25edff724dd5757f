"""SQLite: a file in the state folder, which is all that one process needs."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, create_engine, event
from sqlalchemy.pool import NullPool

from bot.database.taking_over import take_over

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection, Engine
    from sqlalchemy.exc import DBAPIError

__all__ = ["SqliteDatabase"]

_BUSY_S = 5.0
_OF_THE_FILE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}


class SqliteDatabase:
    """A file, which is made when it is first opened.

    `synchronous` is FULL: Telegram forgets an update once it is told that it was received, so by
    then it must survive a power cut too. NORMAL would survive only the end of the process. The
    shared commits make the difference small.
    """

    is_remote = False

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self._path)

    def engine(self) -> Engine:
        """Return what opens the file.

        Raises:
            OSError: the folder can't be made.
        """
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.touch(mode=0o600)  # people's words are nobody else's; SQLite's own files follow
        engine = create_engine(
            URL.create("sqlite", database=str(self._path)),
            poolclass=NullPool,
            hide_parameters=True,
            connect_args={
                "timeout": _BUSY_S,
                "isolation_level": None,  # transactions begin where we say
                "check_same_thread": False,
            },
        )
        event.listen(engine, "connect", _prepare)
        return engine

    def begin_writing(self, connection: Connection) -> None:
        """Take the file's lock now: who has read already could not take it later."""
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def prepare(self, connection: Connection) -> None:
        """Bring a file that an older version wrote to where Alembic's migrations begin."""
        take_over(connection, self.name)

    def is_everybodys(self, error: DBAPIError) -> bool:
        """Whether it is the file's fault: full, locked, unreadable."""
        return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _OF_THE_FILE  # or extended

    def is_worth_another(self, error: DBAPIError) -> bool:
        """Whether trying at once might help; a busy file has been waited for."""
        del error
        return False


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")  # people's words are overwritten
