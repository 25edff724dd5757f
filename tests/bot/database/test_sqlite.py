"""The bot's file: safe against a power cut, nobody else's, and taken over from older versions."""

import asyncio
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.database import sqlite as module
from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store, StoreError
from index.errors import StateFolderError
from tests.bot.database.test_store import hold


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Store]:
    """Open a new file in a folder that is made for it."""
    store = Store(SqliteDatabase(tmp_path / "state" / "bot.db"))
    yield store
    store.close()


async def test_it_is_safe_against_a_power_cut(file: Store) -> None:
    """A commit is on the disk itself (FULL is 2), since Telegram forgets what it confirms."""
    asked = [
        await file.write(lambda c, name=name: c.execute(text(f"PRAGMA {name}")).scalar())  # type: ignore[misc]
        for name in ("synchronous", "journal_mode")
    ]
    assert asked == [2, "wal"]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A damaged file is one clear error."""
    (tmp_path / "bot.db").write_bytes(b"no database" * 1000)
    with pytest.raises(StateFolderError, match=r"bot.db can't be opened: file is not a database$"):
        Store(SqliteDatabase(tmp_path / "bot.db"))


async def test_a_locked_file_fails_all_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What waits together learns together that it can't be written: not each after its wait."""
    monkeypatch.setattr(module, "_BUSY_S", 0.2)
    quick = Store(SqliteDatabase(tmp_path / "bot.db"))
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


async def test_a_full_disk_is_the_files_fault(file: Store) -> None:
    """It may have room later, so whoever insists tries again; and then it works."""

    def fill(connection: Connection) -> None:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
        connection.execute(
            text("INSERT INTO sent VALUES (1, 1, 1, :tag, 0)"), {"tag": "x" * 1_000_000}
        )

    with pytest.raises(StoreError, match="full"):
        await file.write(fill)
    await file.write(lambda c: c.execute(text("PRAGMA max_page_count = 100000")).scalar())
    assert await file.write(lambda c: hold(1, c)) == 1


async def test_what_is_deleted_is_overwritten(file: Store) -> None:
    """People's words do not stay in unused pages."""
    assert await file.write(lambda c: c.execute(text("PRAGMA secure_delete")).scalar()) == 1


@pytest.mark.skipif(os.name == "nt", reason="files have no such modes there")
async def test_only_its_owner_may_read_the_file(file: Store, tmp_path: Path) -> None:
    """It holds people's words; neither do the files that SQLite puts beside it."""
    await file.write(lambda c: hold(1, c))
    modes = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "state").iterdir()}
    assert "bot.db-wal" in modes
    assert set(modes.values()) == {0o600}
