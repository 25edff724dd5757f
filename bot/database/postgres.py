"""PostgreSQL: a server, for bots that must go on when a machine ends."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Self

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import NullPool

from index.errors import ConfigurationError, StateFolderError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine
    from sqlalchemy.exc import DBAPIError

__all__ = ["PostgresDatabase"]

_LOCK = zlib.crc32(b"verbatim: tables")
_PREPARING = "60s"
_CONNECTION = {  # an address may say otherwise
    "application_name": "verbatim",
    "client_encoding": "utf8",
    "connect_timeout": "5",
    # Of a machine that is gone nothing comes, not even an end: found out by asking it.
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_SESSION = {
    "synchronous_commit": "on",  # as SQLite's FULL: a commit survives a power cut
    "default_transaction_isolation": r"read\ committed",
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    # Whose client is gone, or paused, lets go of its locks: well before others that wait for them
    # are late with their beat (`bot.sharing.replica`).
    "idle_in_transaction_session_timeout": "3s",
}

# https://www.postgresql.org/docs/current/errcodes-appendix.html
_EVERYBODYS = (
    *("08", "53", "57", "58", "F0", "XX"),  # connection, resources, operator, system, corruption
    *("28", "3D"),  # password and database: refused for now
    *("25006", "55P03"),  # a standby that may only be read; waited for a lock too long
)
_AGAIN = ("40",)  # the server chose this one to end a deadlock


class PostgresDatabase:
    """A database on a server of at least version 13, in UTF-8."""

    is_remote = True

    def __init__(self, url: URL) -> None:
        self._url = url

    @classmethod
    def from_address(cls, address: str) -> Self:
        """Return the database at an address, whatever library it names.

        Raises:
            ConfigurationError: it can't be read; it is never shown, for its password.
        """
        try:
            url = make_url(address)
        except (ArgumentError, ValueError):  # a port that is no number
            raise ConfigurationError(
                "DATABASE_URL: should look like postgresql://user:password@host:5432/database"
            ) from None
        return cls(url.set(drivername="postgresql+psycopg"))

    @property
    def name(self) -> str:
        """The server and the database; who connects, and with what password, is left out."""
        host = self._url.host or self._url.query.get("host", "localhost")
        port = f":{self._url.port}" if self._url.port else ""
        return f"PostgreSQL at {host}{port}/{self._url.database or ''}"

    def engine(self) -> Engine:
        """Return what connects to the server.

        Raises:
            ConfigurationError: what connects is not installed.
        """
        given = self._url.query.get("options", "")
        session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
        query = {**_CONNECTION, **self._url.query, "options": f"{given} {session}".strip()}
        try:
            return create_engine(
                self._url.set(query=query), poolclass=NullPool, hide_parameters=True
            )
        except ImportError:
            raise ConfigurationError(
                "DATABASE_URL: PostgreSQL needs a library more: pip install 'verbatim[postgres]'"
            ) from None

    def begin_writing(self, connection: Connection) -> None:
        """Do nothing: rows are locked as they are written."""

    def prepare(self, connection: Connection) -> None:
        """Wait until no other process prepares the tables."""
        connection.execute(text(f"SET LOCAL lock_timeout = '{_PREPARING}'"))
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
        (encoding,) = connection.execute(text("SHOW server_encoding")).one()
        if encoding != "UTF8":
            raise StateFolderError(f"{self.name} is in {encoding}: make the database in UTF8")
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})

    def is_everybodys(self, error: DBAPIError) -> bool:
        """Whether it is the server's fault: away, full, ending."""
        if error.connection_invalidated:
            return True
        state = _state(error)
        if not state:  # no error of the server's: it was not reached, or never asked
            return isinstance(error, OperationalError)
        return state.startswith(_EVERYBODYS + _AGAIN)

    def is_worth_another(self, error: DBAPIError) -> bool:
        """Whether the connection was lost, or the server says to try again."""
        return error.connection_invalidated or _state(error).startswith(_AGAIN)


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
