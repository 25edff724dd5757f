"""A build for another program: every line an event, the last one what came of it."""

from __future__ import annotations

import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from bot.maintenance.attended import build_attended
from bot.maintenance.events import BuildEnd, BuildEvent, Progress
from bot.settings import Settings
from index.errors import EncoderError
from index.generations import Generations
from tests.fakes import FakeEncoder

ENCODER = FakeEncoder()
ROOT = Path(__file__).resolve().parents[3]


def built(settings: Settings) -> tuple[int, list[BuildEvent]]:
    """Return the exit status of a build and what it has told."""
    out = StringIO()
    status = build_attended(settings, lambda _: ENCODER, out=out)
    return status, [BuildEvent.model_validate_json(line) for line in out.getvalue().splitlines()]


def test_a_build_tells_how_it_goes_on(documents: Path) -> None:
    """Stages in their order, at the end the generation and the files left out."""
    (documents / "empty.txt").write_bytes(b"")
    settings = Settings.from_flags()
    status, events = built(settings)
    assert status == 0
    stages = [event.progress.stage for event in events if event.progress is not None]
    assert list(dict.fromkeys(stages)) == ["reading", "encoding"]
    assert events[0].progress == Progress(stage="reading", done=1, of=3)
    assert events[-1] == BuildEvent(
        end=BuildEnd.PROMOTED,
        generation=Generations(settings.state_dir).current(),
        problems=("empty.txt: is empty",),
        lines=events[-1].lines,
    )
    assert events[-1].lines[0].startswith(f"built {events[-1].generation}: 2 documents, ")


@pytest.mark.usefixtures("documents")
def test_a_build_of_what_is_built_is_current() -> None:
    """Then the end is the only event."""
    settings = Settings.from_flags()
    built(settings)
    assert built(settings) == (0, [BuildEvent(end=BuildEnd.CURRENT)])


def test_a_worse_build_is_withheld(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name is told, so that one can look at what broke."""
    golden = documents.parent / "golden.jsonl"
    golden.write_text(
        '{"question": "where does the old gate stand", "quotes": ["The old gate", "Gates"]}',
        "utf-8",
    )
    monkeypatch.setenv("GOLDEN_FILE", str(golden))
    settings = Settings.from_flags()
    built(settings)
    (documents / "gate.txt").write_text(
        "Gate\n\nGates are made in the hall.\n\nWhere the wall stands? where does the old stand\n",
        "utf-8",
    )
    status, events = built(settings)
    assert status == 1
    assert (events[-1].end, events[-1].generation) == (
        BuildEnd.WITHHELD,
        Generations(settings.state_dir).history().withheld[0],
    )


@pytest.mark.usefixtures("documents")
def test_what_goes_wrong_is_told() -> None:
    """As one line, whether it was foreseen or not."""
    settings = Settings.from_flags()
    for error, said in (
        (EncoderError("no such model"), "no such model"),
        (RuntimeError("out of\nluck"), "RuntimeError: out of luck"),
    ):

        def fail(_: Settings, error: Exception = error) -> FakeEncoder:
            raise error

        out = StringIO()
        assert build_attended(settings, fail, out=out) == 1
        event = BuildEvent.model_validate_json(out.getvalue())
        assert event == BuildEvent(end=BuildEnd.FAILED, error=said)


def test_a_build_ends_with_its_attendant(documents: Path) -> None:
    """When stdin ends, so does the process, and what was live stays so."""
    process = subprocess.run(
        [sys.executable, "-m", "bot", "build", "--attended"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert documents.is_dir()
    assert (process.returncode, process.stdout) == (1, b"")
    assert Generations(Settings.from_flags().state_dir).current() is None
