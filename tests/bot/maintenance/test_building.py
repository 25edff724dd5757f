"""A build in a process of its own: heard, held to its time, and ended with who attends it."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import pytest

from bot.errors import BuildFailedError
from bot.maintenance import building
from bot.maintenance.building import bring_up_to_date_apart, build_apart
from bot.maintenance.events import BuildEnd, BuildEvent, Progress
from bot.maintenance.maintaining import bring_up_to_date
from bot.settings import Settings
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from pathlib import Path

_PID = "import os, sys, time; open('pid', 'w').write(str(os.getpid())); "


def acting(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let a build be this script, which leaves its number in a file."""
    monkeypatch.setattr(building, "_COMMAND", (sys.executable, "-c", _PID + script))


def is_alive(folder: Path) -> bool:
    """Whether the process is still there."""
    try:
        os.kill(int((folder / "pid").read_text("ascii")), 0)
    except ProcessLookupError:
        return False
    return True


async def test_what_a_build_says_is_heard(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress as it comes, and the end; the folders are those of the settings."""
    acting(
        monkeypatch,
        'print(\'{"progress": {"stage": "reading", "done": 1, "of": 2}}\'); '
        'print(\'{"end": "failed", "error": "%s"}\' % \' \'.join(sys.argv[1:]))',
    )
    told: list[Progress] = []
    event = await build_apart(Settings.from_flags(), told.append)
    assert told == [Progress(stage="reading", done=1, of=2)]
    assert event == BuildEvent(end=BuildEnd.FAILED, error="--seeds seeds --state .verbatim")
    assert not is_alive(own_folder)


@pytest.mark.parametrize(
    "script",
    ["sys.exit(3)", "print('nonsense')", 'print(\'{"end": "odd"}\')', "print('x' * (1 << 21))"],
)
async def test_a_build_that_says_nothing_of_use_has_failed(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch, script: str
) -> None:
    """Whatever it was that it wrote."""
    acting(monkeypatch, script)
    event = await build_apart(Settings.from_flags(), lambda _: None)
    assert event == BuildEvent(end=BuildEnd.FAILED)
    assert not is_alive(own_folder)


async def test_a_build_that_left_out_very_many_files_is_heard(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its last line, which names each of them, has no end of its own."""
    acting(
        monkeypatch,
        "import json; left = [f'{number:0100}.txt: is empty' for number in range(20_000)]; "
        "print(json.dumps({'end': 'promoted', 'problems': left}))",
    )
    event = await build_apart(Settings.from_flags(), lambda _: None)
    assert (event.end, len(event.problems)) == (BuildEnd.PROMOTED, 20_000)
    assert not is_alive(own_folder)


async def test_a_build_has_its_time(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then it is ended, though it wouldn't of itself."""
    monkeypatch.setattr(building, "_LAST_BREATH_S", 0.2)
    acting(
        monkeypatch,
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)",
    )
    monkeypatch.setenv("REBUILD_TIMEOUT_S", "1")
    with pytest.raises(TimeoutError):
        await build_apart(Settings.from_flags(), lambda _: None)
    assert not is_alive(own_folder)


async def test_a_build_ends_with_who_attends_it(
    own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the bot is told to end."""
    acting(
        monkeypatch, 'print(\'{"progress": {"stage": "reading"}}\', flush=True); time.sleep(600)'
    )
    heard = asyncio.Event()
    task = asyncio.create_task(build_apart(Settings.from_flags(), lambda _: heard.set()))
    await heard.wait()
    assert is_alive(own_folder)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not is_alive(own_folder)


def test_a_first_build_is_another_processes(
    documents: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """What it says of itself comes back; where nothing is to build, none is started."""
    assert documents.is_dir()
    settings = Settings.from_flags()
    acting(
        monkeypatch,
        'print(\'{"progress": {"stage": "waiting"}}\'); '
        'print(\'{"progress": {"stage": "encoding", "done": 1, "of": 2}}\'); '
        'print(\'{"end": "promoted", "lines": ["built it", "and more"]}\')',
    )
    assert bring_up_to_date_apart(settings, FakeEncoder().identity) == ("built it", "and more")
    assert capfd.readouterr().err == ("verbatim: another build is at work here: waiting for it\n")
    bring_up_to_date(settings, FakeEncoder())
    acting(monkeypatch, "sys.exit(3)")
    assert bring_up_to_date_apart(settings, FakeEncoder().identity) == ()


@pytest.mark.parametrize(
    ("said", "error", "problems"),
    [
        (
            '{"end": "failed", "error": "no way", "problems": ["a.txt: is empty"]}',
            "no way",
            ("a.txt: is empty",),
        ),
        ('{"end": "withheld", "error": "worse", "lines": ["lost: 2"]}', "worse", ("lost: 2",)),
        ("nonsense", "the build failed", ()),
    ],
)
def test_a_first_build_that_failed_says_why(
    documents: Path,
    monkeypatch: pytest.MonkeyPatch,
    said: str,
    error: str,
    problems: tuple[str, ...],
) -> None:
    """Whoever starts may go on with the index there was."""
    assert documents.is_dir()
    acting(monkeypatch, f"print({said!r})")
    with pytest.raises(BuildFailedError, match=error) as caught:
        bring_up_to_date_apart(Settings.from_flags(), FakeEncoder().identity)
    assert caught.value.problems == problems
