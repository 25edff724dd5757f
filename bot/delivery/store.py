"""The bot's SQLite file: writes that arrive together share one commit, and so one fsync."""

from __future__ import annotations

import asyncio
import queue
import sqlite3
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from bot.delivery.migrations import MIGRATIONS
from index.errors import StateFolderError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

__all__ = ["Store", "StoreError", "insist"]

T = TypeVar("T")

_MAX_BATCH = 256
_BUSY_S = 5.0
_MAX_WAIT_S = 30.0
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


class StoreError(StateFolderError):
    """Something could not be written or read: a full disk, a folder without permission."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Write:
    work: Callable[[sqlite3.Connection], Any]
    done: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


@dataclass(frozen=True, slots=True)
class _Failed:
    error: Exception


class Store:
    """One connection that writes, in a thread of its own, and one that reads, on the loop.

    `synchronous` is FULL: Telegram forgets an update once it is told that it was received, so by
    then it must survive a power cut too. NORMAL would survive only the end of the process. The
    shared commits make the difference small.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or make it, and bring it to this version.

        Raises:
            StateFolderError: it can't be opened, or is of a later version.
        """
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # people's words are nobody else's; SQLite's other files follow
            self._writer = self._connect()
            self._migrate()
            self._reader = self._connect()
        except (OSError, sqlite3.Error) as error:
            raise StateFolderError(f"{path} can't be opened: {error}") from None
        self._problem = ""
        self._queue: queue.SimpleQueue[_Write | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="store", daemon=True)
        self._thread.start()

    @property
    def problem(self) -> str:
        """Why the file could not be used, empty from the next commit on."""
        return self._problem

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do `work` in a transaction and return its result once it is safely on disk.

        Raises:
            StoreError: the file can't be written now; nothing of it was.
            Exception: what `work` raises; nothing of it was written, and never will be.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        self._queue.put(_Write(work=work, done=done, loop=loop))
        return await done

    def read(self, sql: str, parameters: Sequence[object] = ()) -> list[Any]:
        """Return the rows of a small query, at once; readers never wait for the writer.

        Raises:
            StoreError: the file can't be read.
        """
        try:
            return self._reader.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            self._problem = f"{self._path} can't be read: {error}"
            raise StoreError(self._problem) from None

    def close(self) -> None:
        """Finish what was asked for and close the file."""
        self._queue.put(None)
        self._thread.join()
        self._reader.close()
        self._writer.close()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")  # people's words are overwritten
        return connection

    def _migrate(self) -> None:
        (version,) = self._writer.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise StateFolderError(
                f"{self._path} was written by a later version of Verbatim: use that one"
            )
        for number, script in enumerate(MIGRATIONS[version:], version + 1):
            self._writer.executescript(
                f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT"
            )

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch: list[_Write] = [first]
            is_last = False
            while len(batch) < _MAX_BATCH and not self._queue.empty():
                following = self._queue.get()
                if following is None:
                    is_last = True
                    break
                batch.append(following)
            self._commit(batch)
            if is_last:
                return

    def _commit(self, batch: Sequence[_Write]) -> None:
        outcomes: list[Any] = []
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            outcomes = [self._outcome(each) for each in batch]
            self._writer.execute("COMMIT")
            self._problem = ""
        except Exception as error:  # noqa: BLE001 -- handed to those who wait
            with suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")  # where SQLite has not done so by itself
            self._problem = f"{self._path} can't be written: {error}"
            outcomes = [_Failed(StoreError(self._problem))] * len(batch)
        answers = list(zip(batch, outcomes, strict=True))
        _tell(batch[0].loop, lambda: _answer(answers))

    def _outcome(self, write: _Write) -> Any:
        """Do one work of several: its own fault is not the others'.

        Raises:
            sqlite3.Error: the file can't be written: nobody's fault, and everybody's.
        """
        self._writer.execute("SAVEPOINT work")
        try:
            result = write.work(self._writer)
        except Exception as error:
            if isinstance(error, sqlite3.Error) and _is_of_the_file(error):
                raise
            self._writer.execute("ROLLBACK TO work")
            result = _Failed(error)
        self._writer.execute("RELEASE work")
        return result


async def insist(what: Callable[[], Awaitable[T]]) -> T:
    """Do what must be done until the file lets it, however long the disk is full.

    Nothing is logged: whoever watches `Store.problem` does so once.
    """
    wait_s = 0.25
    while True:
        try:
            return await what()
        except StoreError:
            wait_s = min(2 * wait_s, _MAX_WAIT_S)
        await asyncio.sleep(wait_s)


def _tell(loop: asyncio.AbstractEventLoop, what: Callable[[], None]) -> None:
    if not loop.is_closed():  # else nobody waits any more
        loop.call_soon_threadsafe(what)


def _is_of_the_file(error: sqlite3.Error) -> bool:
    """Whether the same work may well succeed later (full, locked, unreadable)."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_FILE  # else an extended code


def _answer(answers: Sequence[tuple[_Write, Any]]) -> None:
    for write, outcome in answers:
        if write.done.done():
            continue
        if isinstance(outcome, _Failed):
            write.done.set_exception(outcome.error)
        else:
            write.done.set_result(outcome)
