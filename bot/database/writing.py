"""The thread that writes: works that come together share one transaction, each at its own risk."""

from __future__ import annotations

import queue
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from bot.database.errors import StoreError
from bot.database.kinds import reason_of
from bot.database.receipts import Receipts
from bot.database.works import Failed, Write, answer, discreet

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from sqlalchemy import Connection, Engine

    from bot.database.kinds import Database

__all__ = ["Writer"]

_MAX_BATCH = 256
_ATTEMPTS = 3
_LOOK_S = 0.5  # for a server that went away
_SLOW_S = 10.0
_CLOSE_S = 10.0


class Writer:
    """One connection, and the thread that has it.

    A commit whose answer was lost with the connection is looked up once the server is back, and
    what was asked for meanwhile fails. So whoever is told that nothing was written may write it
    again.
    """

    def __init__(self, engine: Engine, database: Database) -> None:
        """Connect.

        Raises:
            SQLAlchemyError: the database can't be opened.
        """
        self._database = database
        with ExitStack() as opened:
            self._connection = opened.enter_context(engine.connect())
            self._receipts = Receipts(self._connection) if database.is_remote else None
            opened.pop_all()
        self._problem = ""
        self._since: float | None = None  # None: nothing is being written
        self._is_closing = False
        self._queue: queue.SimpleQueue[Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> str:
        """Why nothing can be written, empty when something can."""
        since = self._since
        if since is not None and time.monotonic() - since > _SLOW_S:
            return f"{self._database.name} does not answer"
        return self._problem

    def doubt(self, problem: str) -> None:
        """Take note that something could not be read; a server is looked for at once."""
        self._problem = problem
        if self._receipts is not None:
            self._queue.put(Write(work=_look))

    def put(self, work: Callable[[Connection], Any], done: asyncio.Future[Any]) -> None:
        """Have a work done soon, and `done` be told in its loop what came of it."""
        self._queue.put(Write(work=work, done=done))

    def close(self) -> None:
        """Finish what was asked for and disconnect, unless the server does not answer."""
        self._is_closing = True
        self._queue.put(None)
        self._thread.join(_CLOSE_S)

    def _run(self) -> None:
        while (batch := self._next()) is not None:
            self._since = time.monotonic()
            answer(batch, self._outcomes(batch))
            self._since = None
        with suppress(SQLAlchemyError):
            self._connection.close()

    def _next(self) -> list[Write] | None:
        """Wait for works; where the server is away, return none now and then, to look for it."""
        away = self._problem and self._receipts is not None
        try:
            first = self._queue.get(timeout=_LOOK_S if away else None)
        except queue.Empty:
            return []
        if first is None:
            return None
        batch = [first]
        while len(batch) < _MAX_BATCH and not self._queue.empty():
            following = self._queue.get()
            if following is None:
                self._queue.put(None)  # nothing comes after it
                break
            batch.append(following)
        return batch

    def _outcomes(self, batch: Sequence[Write]) -> list[Any]:
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                outcomes = self._transaction(batch)
            except Exception as error:  # noqa: BLE001 -- handed to those who wait
                if attempt < _ATTEMPTS and self._is_worth_another(error):
                    continue
                self._problem = self._because(error)
                break
            self._problem = ""
            return outcomes
        return [Failed(StoreError(self._problem))] * len(batch)

    def _transaction(self, batch: Sequence[Write]) -> list[Any]:
        """Do all works in one transaction, and each in a part of it where one is at fault.

        Raises:
            Exception: nothing of it was written, and no work is to blame.
        """
        try:
            return self._committed(batch, self._plain)
        except Exception as error:
            if self._is_everybodys(error):
                raise
        return self._committed(batch, self._apart)

    def _committed(
        self, batch: Sequence[Write], do: Callable[[Callable[[Connection], Any]], Any]
    ) -> list[Any]:
        try:
            self._connection.begin()
            self._database.begin_writing(self._connection)
            outcomes = [do(each.work) for each in batch]
            if self._receipts is not None:
                self._receipts.sign(self._connection)
        except Exception:
            self._roll_back()
            raise
        try:
            self._connection.commit()
        except SQLAlchemyError:
            self._roll_back()
            if self._receipts is None or not self._went_through(self._receipts):
                raise
        return outcomes

    def _plain(self, work: Callable[[Connection], Any]) -> Any:
        return work(self._connection)

    def _apart(self, work: Callable[[Connection], Any]) -> Any:
        """Do one work of several: its own fault is not the others'.

        Raises:
            Exception: nobody's fault, and everybody's.
        """
        self._connection.exec_driver_sql("SAVEPOINT work")
        try:
            result = work(self._connection)
        except Exception as error:
            if self._is_everybodys(error):
                raise
            self._connection.exec_driver_sql("ROLLBACK TO SAVEPOINT work")
            result = Failed(discreet(error))
        self._connection.exec_driver_sql("RELEASE SAVEPOINT work")
        return result

    def _roll_back(self) -> None:
        with suppress(SQLAlchemyError):  # else the connection is lost, and nothing to undo
            self._connection.rollback()

    def _went_through(self, receipts: Receipts) -> bool:
        """Tell what became of a commit, however long the server is away.

        Raises:
            SQLAlchemyError: the process ends before it can be told.
        """
        while True:
            try:
                return receipts.is_in(self._connection)
            except SQLAlchemyError as error:
                self._roll_back()
                self._problem = self._because(error)
                if self._is_closing:
                    raise
            self._refuse()
            time.sleep(_LOOK_S)

    def _refuse(self) -> None:
        """Fail what waits, so that whoever asked for it knows."""
        for _ in range(self._queue.qsize()):
            write = self._queue.get()
            if write is None:
                self._queue.put(None)
                return
            answer([write], [Failed(StoreError(self._problem))])

    def _is_everybodys(self, error: Exception) -> bool:
        return isinstance(error, DBAPIError) and self._database.is_everybodys(error)

    def _is_worth_another(self, error: Exception) -> bool:
        return isinstance(error, DBAPIError) and self._database.is_worth_another(error)

    def _because(self, error: Exception) -> str:
        return f"{self._database.name} can't be written: {reason_of(error)}"


def _look(_connection: Connection) -> None:
    """Do nothing: the commit alone says whether something can be written."""
