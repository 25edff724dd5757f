"""Fixtures for the tests of the bot: no setting of this machine, a few documents, clean logs."""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import TypeAlias

import pytest

from bot import composing
from bot.__main__ import main
from bot.database.kinds import Database
from bot.database.postgres import PostgresDatabase
from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
from bot.database.tables import METADATA
from bot.logs import _TALKATIVE
from bot.settings import Settings
from index.encoders import Choice
from tests.fakes import FakeEncoder
from tests.postgres import PostgresServer

Command: TypeAlias = Callable[..., tuple[int, str, str]]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, with no setting in the environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """Return a new database for the bot, of either kind."""
    if request.param == "sqlite":
        return SqliteDatabase(tmp_path / "bot.db")
    return PostgresDatabase.from_address(request.getfixturevalue("postgres_url"))


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Open a database of either kind with nothing in it."""
    if request.param == "sqlite":
        store = Store(SqliteDatabase(tmp_path / "bot.db"))
        yield store
        store.close()
        return
    url = request.getfixturevalue("kept_postgres_url")
    store = Store(PostgresDatabase.from_address(url))
    yield store
    store.close()
    tables = ", ".join(METADATA.tables)
    server = request.getfixturevalue("postgres")
    server.execute(f"TRUNCATE {tables} RESTART IDENTITY", url.rpartition("/")[2])


@pytest.fixture(scope="session")
def kept_postgres_url(postgres: PostgresServer) -> str:
    """Return the address of a database whose tables are made only once."""
    return postgres.new_database()


@pytest.fixture
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing wait for the disk."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)


@pytest.fixture
def documents(own_folder: Path) -> Path:
    """Write two documents into `seeds`, the default folder."""
    seeds = own_folder / "seeds"
    seeds.mkdir()
    (seeds / "gate.txt").write_text(
        "The Gate\n\n"
        "It was late when the guard went home.\n\n"
        "The old gate at the north end stood open all night.\n",
        "utf-8",
    )
    (seeds / "well.md").write_text(
        "# The Well\n\nThe well behind the mill gives cold water in every summer.\n", "utf-8"
    )
    return seeds


@pytest.fixture
def clean_logging() -> Iterator[None]:
    """Put the log back as it was when the test ends."""
    root = logging.getLogger()
    loggers = [root, *(logging.getLogger(name) for name in _TALKATIVE)]
    levels = [logger.level for logger in loggers]
    handlers = root.handlers[:]
    yield
    root.handlers[:] = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture
def letter_encoder(monkeypatch: pytest.MonkeyPatch) -> FakeEncoder:
    """Let the command line find an encoder that needs no model, whatever it asks for."""
    encoder = FakeEncoder()

    def chosen(_name: str, _state_dir: Path, _backend: str, *, say: object) -> Choice:
        assert say is None or callable(say)
        return Choice(encoder=encoder, reason="it is for tests")

    monkeypatch.setattr(composing, "choose_encoder", chosen)
    return encoder


@pytest.fixture
def verbatim(
    letter_encoder: FakeEncoder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Return a function that runs a command in this process: exit status, stdout, stderr."""
    assert letter_encoder.dimension

    def run(*arguments: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["verbatim", *arguments])
        monkeypatch.setattr(sys, "stdin", StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        status = ended.value.code
        assert isinstance(status, int)
        return status, out, err

    return run
