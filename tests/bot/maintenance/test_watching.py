"""The folder is built when it changes, and what goes wrong is a line."""

from __future__ import annotations

import os
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from bot.maintenance import watching
from bot.maintenance.watcher import watcher_process
from bot.maintenance.watching import give_way, watch_documents
from bot.settings import Settings
from index.errors import WatchError
from index.generations import Generations
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ENCODER = FakeEncoder()


@contextmanager
def watched(settings: Settings) -> Iterator[list[str]]:
    """Watch in a thread; give what is said."""
    said: list[str] = []
    stop = threading.Event()
    thread = threading.Thread(
        target=watch_documents,
        args=(settings, ENCODER),
        kwargs={"stop": stop, "say": said.append},
    )
    thread.start()
    try:
        yield said
    finally:
        stop.set()
        thread.join()


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what must come about soon."""
    until = time.monotonic() + 60
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Return settings with a short quiet period."""
    monkeypatch.setenv("WATCH_QUIET_S", "0.2")
    return Settings.from_flags()


def test_a_change_is_built(documents: Path, quick: Settings) -> None:
    """What is missing at the start, and then each change; errors are said and pass."""
    kept = Generations(quick.state_dir)
    with watched(quick) as said:
        wait_until(lambda: kept.current() is not None)
        first = kept.current()
        (documents / "mill.txt").write_text("The Mill\n\nIt grinds at noon.\n", "utf-8")
        wait_until(lambda: kept.current() != first)
        assert kept.manifest().documents == 3
        (documents / "sources.toml").write_text("nonsense", "utf-8")
        wait_until(lambda: any("sources.toml" in line for line in said))
        (documents / "sources.toml").unlink()
        (documents / "gate.txt").unlink()
        wait_until(lambda: kept.manifest().documents == 2)
    assert [line for line in said if line.startswith("verbatim: ")] == [
        line for line in said if "sources.toml" in line
    ]


def test_a_build_that_fails_in_an_unknown_way_is_a_line(
    documents: Path, quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch goes on, and the next change is built."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of\nluck")

    with monkeypatch.context() as patched:
        patched.setattr(watching, "bring_up_to_date", fail)
        with watched(quick) as said:
            wait_until(lambda: bool(said))
    assert documents.is_dir()
    [line] = said
    assert line == (
        "verbatim: the index could not be built (RuntimeError: out of luck); "
        "the one before stays live"
    )


def test_a_missing_folder_cannot_be_watched(quick: Settings) -> None:
    """The error names it."""
    with pytest.raises(WatchError, match="seeds can't be watched: No such file"):
        watch_documents(quick, ENCODER, stop=threading.Event(), say=print)


def test_the_watcher_ends_with_its_block(documents: Path) -> None:
    """A process of its own, and none is left."""
    assert documents.is_dir()
    before = threading.active_count()
    with watcher_process(Settings.from_flags()):
        pass
    assert threading.active_count() == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such priorities")
def test_a_build_beside_a_bot_gives_way_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its priority is lowered once, by ten steps."""
    asked: list[int] = []
    monkeypatch.setattr(os, "nice", asked.append)
    give_way()
    assert asked == [10]
