"""kill -9 at any moment of a build leaves the old generation or the new one, whole."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.build import build
from index.generations import Generations
from index.retriever import LocalRetriever
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

KILLS = 100
IN_BUILDS = 3.0  # how long a process lives at most: so that kills fall anywhere in a build

pytestmark = pytest.mark.e2e


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_build_can_be_killed_at_any_moment(seeds_dir: Path, state_dir: Path) -> None:
    """A hundred times: what is live loads, every checksum right, and the next build goes on."""
    (seeds_dir / "gate.txt").write_text("The Gate\n\nThe old gate stood open.\n", "utf-8")
    with reading_here():
        build(seeds_dir, state_dir, FakeEncoder())
        (seeds_dir / "note.txt").write_text("Note\n\nThe note of the first build.\n", "utf-8")
        started = time.perf_counter()
        build(seeds_dir, state_dir, FakeEncoder())
        longest_s = IN_BUILDS * (time.perf_counter() - started)
    chance = random.Random(1)
    live: set[str] = set()
    command = [sys.executable, "-m", "tests.index.killed", str(seeds_dir), str(state_dir)]
    root = Path(__file__).parent.parent.parent
    with subprocess.Popen(  # noqa: S603 - our own module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=root
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        for _ in range(KILLS):
            parent.stdin.write("next\n")
            parent.stdin.flush()
            process = int(parent.stdout.readline())
            time.sleep(chance.uniform(0, longest_s))
            os.kill(process, signal.SIGKILL)
            assert parent.stdout.readline() == "dead\n"
            retriever = LocalRetriever.from_state(state_dir, FakeEncoder())
            assert retriever.retrieve("did the old gate stand open", k=3).hits
            live.add(retriever.generation)
        parent.stdin.close()
    assert len(live) > KILLS // 10  # many were killed after a promotion, too
    with reading_here():
        report = build(seeds_dir, state_dir, FakeEncoder())
    kept = Generations(state_dir)
    assert kept.current() == report.generation
    folders = [path for path in (state_dir / "index").iterdir() if path.is_dir()]
    assert {folder.name for folder in folders} == {*kept.names(), "segments"}
    assert len(kept.names()) == 3
    segments = {path.name for path in (state_dir / "index" / "segments").iterdir()}
    assert segments == {each for name in kept.names() for each in kept.manifest(name).segments}
    assert not list((state_dir / "index").glob("*.new"))
