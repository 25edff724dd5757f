"""Fixtures for the tests of the real process: a command to run, and an index built once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest

from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
TIMEOUT_S = 180  # the model alone takes seconds, and more on a busy machine

Finished: TypeAlias = subprocess.CompletedProcess[str]
Command: TypeAlias = Callable[..., Finished]


def environment(**settings: str) -> dict[str, str]:
    """Return this environment without any setting of this machine, and with those given."""
    names = {name.upper() for name in Settings.model_fields}
    inherited = {name: value for name, value in os.environ.items() if name not in names}
    return inherited | {"PYTHONUTF8": "1"} | settings


@pytest.fixture(scope="session")
def work_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder that holds no `.env`."""
    return tmp_path_factory.mktemp("work")


@pytest.fixture(scope="session")
def verbatim(work_dir: Path) -> Command:
    """Return a function that runs `verbatim` with `stdin` and waits for its end."""

    def run(*arguments: str | Path, stdin: str = "", **settings: str) -> Finished:
        return subprocess.run(  # noqa: S603 -- our own command
            [sys.executable, "-m", "bot", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            timeout=TIMEOUT_S,
            check=False,
            cwd=work_dir,
            env=environment(**settings),
        )

    return run


@pytest.fixture(scope="session")
def first_build(verbatim: Command, work_dir: Path) -> Finished:
    """Build the real seeds with the command line, once."""
    return verbatim("build", "--seeds", SEEDS, "--state", work_dir / "state")


@pytest.fixture(scope="session")
def folders(first_build: Finished, work_dir: Path) -> tuple[str | Path, ...]:
    """Return the flags that name the real seeds and their built index."""
    assert first_build.returncode == 0, first_build.stderr
    return ("--seeds", SEEDS, "--state", work_dir / "state")


@pytest.fixture
def exported(folders: tuple[str | Path, ...]) -> Callable[[Path], None]:
    """Return what gives a new state folder the exported encoder, which takes long to make."""

    def give(state_dir: Path) -> None:
        shutil.copytree(Path(folders[-1]) / "models", state_dir / "models")

    return give
