"""The bot's database: writes that arrive together share one commit, and one wait for the disk."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from bot.database.errors import StoreError
from bot.database.kinds import reason_of
from bot.database.migrating import migrate
from bot.database.reading import FileReader, PatientReader
from bot.database.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from sqlalchemy import Connection
    from sqlalchemy.sql import Executable

    from bot.database.kinds import Database

__all__ = ["Store", "StoreError", "insist"]

T = TypeVar("T")

_MAX_WAIT_S = 30.0


class Store:
    """One connection that writes, in a thread of its own, and one that reads.

    Reads are asked for on the event loop and hold it up, so that what is read and what follows
    from it can't be parted by another task. Each is a few rows by a key: microseconds from a file,
    less than a millisecond from a server. A server that doesn't answer is waited for once, for two
    seconds; from then on reads fail at once until it is back.
    """

    def __init__(self, database: Database) -> None:
        """Open the database and bring it to this version.

        Raises:
            ConfigurationError: what connects to it is not installed.
            StateFolderError: this version can't use what is there.
            StoreError: it can't be opened now.
        """
        self._name = database.name
        self.is_shared = database.is_remote
        try:
            self.engine = engine = database.engine()
            migrate(engine, database)
            reader = PatientReader if database.is_remote else FileReader
            with ExitStack() as opened:
                self._reader = reader(engine)
                opened.callback(self._reader.close)  # a server may have room for one, not for two
                self._writer = Writer(engine, database)
                opened.pop_all()
        except (OSError, SQLAlchemyError) as error:
            raise StoreError(f"{self._name} can't be opened: {reason_of(error)}") from None

    @property
    def problem(self) -> str:
        """Why the database can't be used, empty from the next commit on."""
        return self._writer.problem

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work` in a transaction and return its result once it is safely on disk.

        It is done again where others that share the transaction fail, or the connection is lost:
        so `work` changes nothing but the database, and its results are its own.

        Raises:
            StoreError: the database can't be written now; nothing of it was.
            Exception: what `work` raises; nothing of it was written, and never will be.
        """
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._writer.put(work, done)
        return await done

    def read(
        self, statement: Executable, parameters: Mapping[str, object] | None = None
    ) -> list[Any]:
        """Return the rows of a small query, at once; readers never wait for the writer.

        Raises:
            StoreError: the database can't be read.
        """
        try:
            return self._reader.rows(statement, parameters)
        except (TimeoutError, SQLAlchemyError) as error:
            problem = f"{self._name} can't be read: {reason_of(error)}"
            self._writer.doubt(problem)
            raise StoreError(problem) from None

    def close(self) -> None:
        """Finish what was asked for and close the database."""
        self._writer.close()
        self._reader.close()


async def insist(what: Callable[[], Awaitable[T]]) -> T:
    """Do what must be done until the database lets it, however long it is full or away.

    Nothing is logged: whoever watches `Store.problem` does so once.
    """
    wait_s = 0.25
    while True:
        try:
            return await what()
        except StoreError:
            wait_s = min(2 * wait_s, _MAX_WAIT_S)
        await asyncio.sleep(wait_s)
