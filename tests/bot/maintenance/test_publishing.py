"""What a build makes live here is put on the engine at INDEX_URL, and nothing else is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import pytest

from bot.maintenance import publishing
from bot.maintenance.maintaining import bring_up_to_date
from bot.maintenance.publishing import publish
from bot.maintenance.undoing import go_back
from bot.settings import Settings
from index.errors import EngineUnavailableError, NoEarlierGenerationError
from index.generations import Generations
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENCODER = FakeEncoder()


class Engine:
    """Remembers what is done to it."""

    address = "http://engine"

    def __init__(self) -> None:
        self.pushed: list[str] = []
        self.live: list[str] = []
        self.is_away = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        pass


class Served:
    """The generations of an engine."""

    def __init__(self, engine: Engine, *, keep: int) -> None:
        assert keep == 3
        self._engine = engine

    def current(self) -> str | None:
        """Return what was made live last."""
        if self._engine.is_away:
            raise EngineUnavailableError("http://engine", "can't be reached")
        return self._engine.live[-1] if self._engine.live else None

    def push(self, generation: Any, manifest: Any) -> None:
        """Remember it."""
        assert manifest.generation == generation.name
        self._engine.pushed.append(generation.name)

    def make_live(self, name: str) -> None:
        """Remember it."""
        self._engine.live.append(name)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """Put an engine at INDEX_URL."""
    found = Engine()
    monkeypatch.setenv("INDEX_URL", "http://engine")
    monkeypatch.setattr(publishing, "engine_of", lambda _settings: found)
    monkeypatch.setattr(publishing, "ServedGenerations", Served)
    with reading_here():
        yield found


def test_each_build_is_put_there_once(documents: Path, engine: Engine) -> None:
    """Also where there is nothing to build, if something else is live there; else not again."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    first = Generations(settings.state_dir).current()
    assert engine.pushed == engine.live == [first]
    assert bring_up_to_date(settings, ENCODER) is None
    assert engine.live == [first]
    engine.live.append("another")
    assert bring_up_to_date(settings, ENCODER) is None
    assert engine.live == [first, "another", first]
    (documents / "mill.txt").write_text("The Mill\n\nIt grinds at noon.\n", "utf-8")
    bring_up_to_date(settings, ENCODER)
    assert engine.live[-1] == Generations(settings.state_dir).current() != first


def test_files_left_out_are_named_though_the_engine_is_away(
    documents: Path, engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    """The build is made and live here; the next one finds nothing new to say of them."""
    (documents / "broken.pdf").write_bytes(b"no PDF")
    engine.is_away = True
    with pytest.raises(EngineUnavailableError):
        bring_up_to_date(Settings.from_flags(), ENCODER)
    assert "broken.pdf" in capsys.readouterr().err


def test_a_rollback_is_one_there_too(documents: Path, engine: Engine) -> None:
    """What is live again here is live again there."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    (documents / "mill.txt").write_text("The Mill\n\nIt grinds at noon.\n", "utf-8")
    bring_up_to_date(settings, ENCODER)
    _, earlier = go_back(settings)
    assert engine.live[-1] == earlier == Generations(settings.state_dir).current()


def test_a_rollback_needs_the_engine(documents: Path, engine: Engine) -> None:
    """Else people would be answered from what was taken back; asked anew it does the rest."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, ENCODER)
    (documents / "mill.txt").write_text("The Mill\n\nIt grinds at noon.\n", "utf-8")
    bring_up_to_date(settings, ENCODER)
    first, second = engine.live
    engine.is_away = True
    with pytest.raises(EngineUnavailableError):
        go_back(settings)
    assert Generations(settings.state_dir).current() == second
    engine.is_away = False
    go_back(settings, confirmed=(second, first))
    engine.live.append(second)  # as if the bot had ended in between
    with pytest.raises(NoEarlierGenerationError):
        go_back(settings, confirmed=(second, first))
    assert engine.live[-1] == first


@pytest.mark.usefixtures("own_folder")
def test_without_an_index_here_there_is_nothing_to_put(engine: Engine) -> None:
    """A machine that only answers leaves the engine alone."""
    publish(Settings.from_flags())
    assert (engine.pushed, engine.live) == ([], [])
