"""What building one generation learned, kept for the next: only what is new is worked out again.

    <state>/cache/build.db       key to bytes, in SQLite
    <state>/cache/stamps.json    which files were read, and when they last changed (`index.stamps`)

A key is the digest of everything that its value follows from, so nothing in here can be out of
date, and losing it costs time only. Values carry a checksum; one that fails it is not there.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING, Self

from index.cache_keys import KEY_BYTES, Keys, is_among, ranges, short
from index.errors import StateFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BuildCache", "cache_folder", "cache_key"]

_VERSION = 1  # bump when the meaning of a value changes
_AT_ONCE = 500
_LISTED_AT_ONCE = 100_000
_SCHEMA = "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, value BLOB NOT NULL)"


def cache_folder(state_dir: Path) -> Path:
    """Return where a state folder keeps what can be worked out again."""
    return state_dir / "cache"


def cache_key(kind: str, *parts: str) -> bytes:
    """Return the key of what follows from these texts: `KEY_BYTES` bytes."""
    digest = hashlib.blake2b(f"{_VERSION} {kind}".encode(), digest_size=KEY_BYTES)
    for part in parts:
        encoded = part.encode("utf-8", "surrogatepass")
        digest.update(b"%d:" % len(encoded))  # so that no two lists of parts run together
        digest.update(encoded)
    return digest.digest()


class BuildCache:
    """Values by key; it remembers which keys were asked for or given. Meant for one thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        self._used = Keys()

    @classmethod
    def open(cls, state_dir: Path) -> Self:
        """Open the cache of a state folder; one that is damaged is begun anew.

        Raises:
            StateFolderError: it can't be written.
        """
        path = cache_folder(state_dir) / "build.db"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                return cls(_connect(path), path)
            except sqlite3.OperationalError:
                raise  # locked, full or not writable: nothing is damaged
            except sqlite3.DatabaseError:
                shutil.rmtree(path.parent)
                path.parent.mkdir()
                return cls(_connect(path), path)
        except (OSError, sqlite3.Error) as error:
            raise _unwritable(path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._connection.close()

    def get(self, keys: Sequence[bytes]) -> dict[bytes, bytes]:
        """Return the values that are known of these keys."""
        self._used.add(keys)
        found: dict[bytes, bytes] = {}
        try:
            distinct = list(dict.fromkeys(keys))
            for start in range(0, len(distinct), _AT_ONCE):
                some = distinct[start : start + _AT_ONCE]
                places = ",".join("?" * len(some))
                query = f"SELECT key, value FROM entries WHERE key IN ({places})"  # noqa: S608 - question marks
                for key, stored in self._connection.execute(query, some):
                    checksum, value = stored[:4], stored[4:]
                    if checksum == _checksum(value):
                        found[key] = value
        except sqlite3.DatabaseError:
            return found  # damaged: what is missing is worked out again
        return found

    def put(self, entries: Mapping[bytes, bytes]) -> None:
        """Keep these values, from now on: a build that is killed later has not lost them.

        Raises:
            StateFolderError: the disk is full, or the file can't be written.
        """
        self._used.add(entries)
        rows = [(key, _checksum(value) + value) for key, value in entries.items()]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", rows)
        except sqlite3.Error as error:
            raise _unwritable(self._path, error) from error

    def clear(self) -> None:
        """Forget everything, by a file of its own, since the one before may be damaged.

        Raises:
            StateFolderError: it can't be written.
        """
        self._connection.close()
        try:
            for path in self._path.parent.glob(f"{self._path.name}*"):
                path.unlink(missing_ok=True)
            self._connection = _connect(self._path)
        except (OSError, sqlite3.Error) as error:
            raise _unwritable(self._path, error) from error

    def used_keys(self) -> NDArray[np.uint64]:
        """Return the keys that this build asked for or gave, as `Keys` has them."""
        return self._used.distinct()

    def prune(
        self, kept: Sequence[NDArray[np.uint64]], gone: Sequence[NDArray[np.uint64]] | None = None
    ) -> None:
        """Forget those values of the keys `gone`, by default of all, that are among none `kept`.

        Errors are for the next time. The file doesn't shrink: the room is used again.
        """
        try:
            for keys in gone if gone is not None else self._stored():
                unwanted = keys[~is_among(keys, kept)]
                with self._connection:
                    self._connection.executemany(
                        "DELETE FROM entries WHERE key BETWEEN ? AND ?", ranges(unwanted)
                    )
        except sqlite3.Error:
            return

    def _stored(self) -> Iterator[NDArray[np.uint64]]:
        """Give the keys of all values, some at a time."""
        last = b""
        while True:
            query = "SELECT key FROM entries WHERE key > ? ORDER BY key LIMIT ?"
            found = [key for (key,) in self._connection.execute(query, (last, _LISTED_AT_ONCE))]
            if not found:
                return
            last = found[-1]
            yield short(found)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=60)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        # A value lost to a power cut is worked out again, so nothing waits for the disk.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(_SCHEMA)
        with closing(connection.execute("SELECT key FROM entries LIMIT 1")) as rows:
            rows.fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _checksum(value: bytes) -> bytes:
    return zlib.crc32(value).to_bytes(4, "big")


def _unwritable(path: Path, error: Exception) -> StateFolderError:
    return StateFolderError(
        f"the cache can't be written to {path.parent} ({error}); the index before stays live"
    )
