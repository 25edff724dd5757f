"""What is written is kept, and one write's fault is not another's."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery import store as module
from bot.delivery.migrations import MIGRATIONS
from bot.delivery.store import Store, StoreError
from index.errors import StateFolderError


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new file."""
    store = Store(tmp_path / "state" / "bot.db")
    yield store
    store.close()


def hold(chat_id: int, connection: sqlite3.Connection) -> int:
    """Write a row; return the chat."""
    connection.execute("INSERT INTO holds VALUES (1, ?, 2.0, 1.0)", (chat_id,))
    return chat_id


async def test_writes_return_and_can_be_read(store: Store) -> None:
    """Many writes at once each return what they did, and all of it is there."""
    chats = await asyncio.gather(
        *(store.write(lambda c, chat=chat: hold(chat, c)) for chat in range(500))  # type: ignore[misc]
    )
    assert chats == list(range(500))
    assert store.read("SELECT count(*) FROM holds") == [(500,)]


async def test_a_failing_write_takes_nobody_with_it(store: Store) -> None:
    """Of writes that share a commit, the one at fault fails, whole, and the others are kept."""

    def fail(connection: sqlite3.Connection) -> None:
        hold(7, connection)
        connection.execute("INSERT INTO nowhere VALUES (1)")

    first, failed, last = await asyncio.gather(
        store.write(lambda c: hold(1, c)),
        store.write(fail),
        store.write(lambda c: hold(2, c)),
        return_exceptions=True,
    )
    assert (first, last) == (1, 2)
    assert isinstance(failed, sqlite3.OperationalError)
    assert str(failed) == "no such table: nowhere"
    assert store.read("SELECT chat_id FROM holds ORDER BY 1") == [(1,), (2,)]


def test_it_is_safe_against_a_power_cut(store: Store) -> None:
    """A commit is on the disk itself (FULL is 2), since Telegram forgets what it confirms."""
    assert store.read("PRAGMA synchronous") == [(2,)]
    assert store.read("PRAGMA journal_mode") == [("wal",)]


def test_tables_are_brought_up_to_date_once(tmp_path: Path) -> None:
    """A file of this version is opened as it is, again and again."""
    for _ in range(2):
        store = Store(tmp_path / "bot.db")
        assert store.read("PRAGMA user_version") == [(len(MIGRATIONS),)]
        store.close()


def test_a_later_versions_file_is_refused(tmp_path: Path) -> None:
    """What this version does not know it does not touch."""
    connection = sqlite3.connect(tmp_path / "bot.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    with pytest.raises(StateFolderError, match="later version"):
        Store(tmp_path / "bot.db")


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A damaged file is one clear error."""
    (tmp_path / "bot.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StateFolderError, match="can't be opened"):
        Store(tmp_path / "bot.db")


async def test_a_locked_file_fails_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits together learns together that it can't be written: not each after its wait."""
    monkeypatch.setattr(module, "_BUSY_S", 0.2)
    quick = Store(tmp_path / "bot.db")
    other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    failed = await asyncio.gather(
        *(quick.write(lambda c, chat=chat: hold(chat, c)) for chat in range(100)),  # type: ignore[misc]
        return_exceptions=True,
    )
    assert {type(each) for each in failed} == {StoreError}
    assert quick.problem == str(failed[0])
    other.execute("ROLLBACK")
    other.close()
    assert await quick.write(lambda c: hold(1, c)) == 1
    assert quick.problem == ""
    quick.close()


async def test_a_full_disk_is_the_files_fault(store: Store) -> None:
    """It may have room later, so whoever insists tries again; and then it works."""

    def fill(connection: sqlite3.Connection) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        connection.execute("INSERT INTO sent VALUES (1, 1, 1, ?, 0)", ("x" * 1_000_000,))

    with pytest.raises(StoreError, match="full"):
        await store.write(fill)
    await store.write(lambda connection: connection.execute("PRAGMA max_page_count = 100000"))
    assert await store.write(lambda c: hold(1, c)) == 1


def test_what_is_deleted_is_overwritten(store: Store) -> None:
    """People's words do not stay in unused pages."""
    assert store._writer.execute("PRAGMA secure_delete").fetchone() == (1,)


@pytest.mark.skipif(os.name == "nt", reason="files have no such modes there")
async def test_only_its_owner_may_read_the_file(store: Store, tmp_path: Path) -> None:
    """It holds people's words; neither do the files that SQLite puts beside it."""
    await store.write(lambda c: hold(1, c))
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "state").iterdir()}
    assert "bot.db-wal" in modes
    assert set(modes.values()) == {0o600}
