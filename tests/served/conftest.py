"""Fixtures for tests with a real server: one for all that leave it alone, or one's own."""

from __future__ import annotations

import datetime as dt
import importlib.util
from itertools import count
from typing import TYPE_CHECKING

import pytest

from index import generations
from index.manifest import new_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.served.engine import Engine
    from tests.served.serving import Server

MISSING = [name for name in ("pymilvus", "milvus_lite") if importlib.util.find_spec(name) is None]

if MISSING:  # their modules can't be imported; `test_installed.py` says so
    collect_ignore = [
        "test_answers.py",
        "test_generations.py",
        "test_golden.py",
        "test_retriever.py",
    ]


@pytest.fixture(autouse=True)
def _a_second_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name generations as if each were made a second after the one before.

    A name knows only its second; which of those of one second is the newest, nobody does.
    """
    seconds = count()

    def named(created: dt.datetime) -> str:
        return new_name(created + dt.timedelta(seconds=next(seconds)))

    monkeypatch.setattr(generations, "new_name", named)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Return a server that runs; whoever ends it must use `own_server`."""
    from tests.served.serving import Server

    running = Server(tmp_path_factory.mktemp("milvus"))
    running.start()
    yield running
    running.kill()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """Return a server that runs, and may be ended."""
    from tests.served.serving import Server

    running = Server(tmp_path / "milvus")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def engine(server: Server) -> Iterator[Engine]:
    """Return an engine with nothing on it."""
    from index.served.engine import Engine

    with Engine(server.database(), timeout_s=30) as connected:
        yield connected
