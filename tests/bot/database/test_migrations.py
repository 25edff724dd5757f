"""Tables are brought up to date with all that is in them, whoever wrote them."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, select, text

from bot.database import upgrading
from bot.database.kinds import Database
from bot.database.legacy import STEPS
from bot.database.revisions import FIRST, HEAD
from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
from bot.database.tables import METADATA, cards, members, messages, updates, waiting
from bot.memory.waiting import Waiting, WaitingFor
from index.errors import StateFolderError

OPENS = """
import sys
from pathlib import Path
from bot.database.postgres import PostgresDatabase
from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
name = sys.argv[1]
is_file = name.endswith(".db")
Store(SqliteDatabase(Path(name)) if is_file else PostgresDatabase.from_address(name)).close()
"""
VERSIONS = range(1, len(STEPS) + 1)


def differences(connection: Connection) -> list[Any]:
    """Return in what the tables differ from what the code says."""
    options = {"compare_type": True, "compare_server_default": True}
    found = compare_metadata(MigrationContext.configure(connection, opts=options), METADATA)
    return [each for each in found if each[0][:4:3] != ("modify_nullable", "id")]  # can't be null


def old_file(path: Path, version: int) -> sqlite3.Connection:
    """Make a file as an older version of Verbatim made it."""
    connection = sqlite3.connect(path)
    for script in STEPS[:version]:
        connection.executescript(script)
    connection.execute(f"PRAGMA user_version = {version}")
    return connection


async def test_a_new_database_has_the_tables_of_the_code(store: Store) -> None:
    """Whatever a migration makes and a table says is the same."""
    assert await store.write(differences) == []


def test_the_last_revision_is_the_one_that_is_looked_for() -> None:
    """A database that has it is not brought up to date; and there is one last one."""
    config = Config()
    folder = Path(upgrading.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder))
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [HEAD]
    assert scripts.get_base() == FIRST


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_older_file_is_taken_over(tmp_path: Path, version: int) -> None:
    """From any version, with what is in it; an older version of Verbatim refuses it then."""
    path = tmp_path / "bot.db"
    with closing(old_file(path, version)) as connection, connection:
        connection.execute(
            "INSERT INTO updates (bot_id, update_id, lane, body, changed_at) "
            "VALUES (7, 1, 5, '{}', 2.5)"
        )
    for _ in range(2):
        store = Store(SqliteDatabase(path))
        assert store.read(select(updates)) == [(7, 1, 5, "waiting", 0, "{}", 2.5)]
        assert await store.write(differences) == []
        store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 1,)


async def test_what_was_read_from_json_stands_in_columns(tmp_path: Path) -> None:
    """Edits in the queue, editions of cards, and who waits for a question."""
    path = tmp_path / "bot.db"
    edit, new = json.dumps({"message_id": 9}), json.dumps({"text": "x"})
    with closing(old_file(path, len(STEPS))) as connection, connection:
        connection.executemany(
            "INSERT INTO messages (bot_id, chat_id, method, arguments) VALUES (7, 5, ?, ?)",
            [("editMessageText", edit), ("editMessageText", new), ("sendMessage", edit)],
        )
        connection.executemany(
            "INSERT INTO cards VALUES (7, ?, 5, 1, NULL, ?, 1.0)",
            [("before", "{}"), ("c", json.dumps({"edition": 3}))],  # editions came after cards
        )
        connection.execute("INSERT INTO waiting VALUES (7, 2, 5, 8, 1, 2, 'why?', 'en', 'g', 1.0)")
        connection.execute("INSERT INTO members VALUES (7, 2, 1.0)")
    store = Store(SqliteDatabase(path))
    assert store.read(select(messages.c.edits).order_by("id")) == [(9,), (None,), (None,)]
    assert store.read(select(cards.c.id, cards.c.edition)) == [("before", 0), ("c", 3)]
    assert store.read(select(members)) == [(7, 2, 1.0)]
    waits = Waiting(store, 7)
    expected = WaitingFor(
        user_id=2,
        chat_id=5,
        thread_id=8,
        question_id=1,
        asker_id=2,
        question="why?",
        language="en",
        generation="g",
    )
    assert waits.not_asked("another", most=9) == [expected]
    await store.write(lambda c: waits.remove_within(c, expected))
    assert store.read(select(waiting)) == []
    store.close()


def test_a_later_versions_file_is_refused(tmp_path: Path) -> None:
    """What this version does not know it does not touch."""
    with closing(sqlite3.connect(tmp_path / "bot.db")) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StateFolderError, match=r"bot\.db was written by a later version"):
        Store(SqliteDatabase(tmp_path / "bot.db"))


async def test_a_later_revision_is_refused(database: Database) -> None:
    """One that came after Alembic, too."""
    store = Store(database)
    await store.write(lambda c: c.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    store.close()
    with pytest.raises(StateFolderError, match="was written by a later version of Verbatim"):
        Store(database)


def test_of_processes_that_start_at_once_one_makes_the_tables(
    database: Database, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """The others wait for it, and find them."""
    is_file = isinstance(database, SqliteDatabase)
    name = str(tmp_path / "bot.db") if is_file else request.getfixturevalue("postgres_url")
    root = Path(__file__).parents[3]
    starting = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", OPENS, name], cwd=root)  # noqa: S603
        for _ in range(3)
    ]
    assert [process.wait(120) for process in starting] == [0, 0, 0]
