"""Reads on the event loop: at once from a file, with a bound from a server."""

from __future__ import annotations

import queue
import sqlite3
import threading
from concurrent.futures import Future
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine
    from sqlalchemy.sql import Executable
    from sqlalchemy.sql.compiler import SQLCompiler

    _Asked: TypeAlias = tuple[Executable, Mapping[str, object] | None, Future[list[Any]]]

__all__ = ["FileReader", "PatientReader"]

_READ_S = 2.0
_NO_ANSWER = "it does not answer"


class FileReader:
    """Reads a SQLite file in the thread that asks.

    Statements are compiled once and then given to SQLite's own library: what is done around each
    otherwise takes several times as long as the read. Values are numbers and texts, as they are.
    """

    def __init__(self, engine: Engine) -> None:
        """Open the file.

        Raises:
            SQLAlchemyError: it can't be opened.
        """
        self._connection = engine.connect()
        self._dialect = engine.dialect
        self._file: Any = self._connection.connection.driver_connection
        self._compiled: dict[Executable, SQLCompiler] = {}

    def rows(self, statement: Executable, parameters: Mapping[str, object] | None) -> list[Any]:
        """Return what a query finds.

        Raises:
            SQLAlchemyError: the file can't be read.
        """
        compiled = self._compiled.get(statement)
        if compiled is None:
            compiled = statement.compile(dialect=self._dialect)  # type: ignore[attr-defined]
            self._compiled[statement] = compiled
        if compiled.post_compile_params:  # as many values as are given
            return list(self._connection.execute(statement, parameters).all())
        values = {**compiled.params, **(parameters or {})}
        try:
            found = self._file.execute(
                compiled.string, [values[name] for name in compiled.positiontup or ()]
            )
            return list(found.fetchall())
        except sqlite3.Error as error:
            raise OperationalError(compiled.string, None, error) from None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()


class PatientReader:
    """Reads in a thread of its own, and waits for it so long and no longer.

    Whatever a network or a server does to a connection: one read finds out by waiting, and those
    after it fail at once until another has come through. The thread is a daemon: one that still
    waits at the end of the process does not keep it.
    """

    def __init__(self, engine: Engine) -> None:
        """Connect.

        Raises:
            SQLAlchemyError: the database can't be opened.
        """
        self._connection = engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        self._late: Future[list[Any]] | None = None
        self._asked: queue.SimpleQueue[_Asked | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
        self._thread.start()

    def rows(self, statement: Executable, parameters: Mapping[str, object] | None) -> list[Any]:
        """Return what a query finds.

        Raises:
            SQLAlchemyError: the database can't be read.
            TimeoutError: the server does not answer.
        """
        late = self._late
        if late is not None and not late.done():
            raise TimeoutError(_NO_ANSWER)
        answer: Future[list[Any]] = Future()
        self._asked.put((statement, parameters, answer))
        if late is not None and (error := late.exception()) is not None:
            self._late = answer  # perhaps this one comes through
            raise error
        try:
            rows = answer.result(_READ_S)
        except TimeoutError:
            self._late = answer
            raise TimeoutError(_NO_ANSWER) from None
        self._late = None
        return rows

    def close(self) -> None:
        """Disconnect, unless the server still does not answer."""
        self._asked.put(None)
        self._thread.join(_READ_S)

    def _run(self) -> None:
        while (asked := self._asked.get()) is not None:
            statement, parameters, answer = asked
            try:
                answer.set_result(self._read(statement, parameters))
            except Exception as error:  # noqa: BLE001 -- handed to whoever asked
                answer.set_exception(error)
        with suppress(SQLAlchemyError):
            self._connection.close()

    def _read(self, statement: Executable, parameters: Mapping[str, object] | None) -> list[Any]:
        try:
            return self._read_once(statement, parameters)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._read_once(statement, parameters)  # over a new connection

    def _read_once(
        self, statement: Executable, parameters: Mapping[str, object] | None
    ) -> list[Any]:
        try:
            return list(self._connection.execute(statement, parameters).all())
        except SQLAlchemyError:
            self._connection.rollback()  # a lost connection is not made anew before
            raise
