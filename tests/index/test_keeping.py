"""Generations that are kept, swept, taken back; builds that meet; a disk that is full."""

from __future__ import annotations

import errno
import threading
import time
from typing import TYPE_CHECKING

import pytest

from index import durable, generations
from index.build import build
from index.errors import GenerationDamagedError, NoEarlierGenerationError, StateFolderError
from index.generations import Generations
from index.history import seeds_digest
from index.locking import build_lock
from index.retriever import LocalRetriever
from index.rollback import roll_back
from index.staleness import staleness
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENCODER = FakeEncoder()
GATE = "The guard closed the old gate at the north end."


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    with reading_here():
        yield


@pytest.fixture
def seeds(seeds_dir: Path) -> Path:
    """Return a folder with one document."""
    (seeds_dir / "gate.txt").write_text(f"The Gate\n\n{GATE}\n", "utf-8")
    return seeds_dir


def change(seeds: Path, number: int) -> None:
    """Write a document that was not there."""
    (seeds / f"{number}.txt").write_text(f"Note {number}\n\nSomething of {number}.\n", "utf-8")


def built(seeds: Path, state: Path, times: int, *, keep: int = 3) -> list[str]:
    """Build so many times, another document each; return the generations."""
    names = []
    for number in range(times):
        change(seeds, number)
        names.append(build(seeds, state, ENCODER, keep=keep).generation)
    return names


@pytest.mark.parametrize("keep", [1, 2, 3])
def test_as_many_are_kept_as_are_set(seeds: Path, state_dir: Path, keep: int) -> None:
    """The newest ones, and nothing of the others is left."""
    names = built(seeds, state_dir, 5, keep=keep)
    kept = Generations(state_dir)
    assert kept.names() == names[::-1][:keep]
    assert kept.current() == names[-1]
    folders = {path.name for path in (state_dir / "index").iterdir() if path.is_dir()}
    assert folders == {*names[-keep:], "segments"}
    needed = {each for name in names[-keep:] for each in kept.manifest(name).segments}
    assert {path.name for path in (state_dir / "index" / "segments").iterdir()} == needed


def test_a_reader_keeps_what_was_dropped(seeds: Path, state_dir: Path) -> None:
    """Its files are mapped: that their names are gone does not matter."""
    built(seeds, state_dir, 1, keep=1)
    retriever = LocalRetriever.from_state(state_dir, ENCODER)
    before = retriever.retrieve("who closed the gate", k=1)
    built(seeds, state_dir, 2, keep=1)
    after = retriever.retrieve("who closed the gate", k=1)
    assert (after.hits, after.generation) == (before.hits, before.generation)


def test_a_loader_that_comes_too_late_loads_the_next(
    seeds: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The generation it was about to read is dropped, and CURRENT names another."""
    first, *_ = built(seeds, state_dir, 1, keep=1)
    real = Generations.manifest
    calls = []

    def late(self: Generations, name: str | None = None) -> generations.Manifest:
        calls.append(name)
        if len(calls) == 1:
            monkeypatch.setattr(Generations, "manifest", real)
            built(seeds, state_dir, 2, keep=1)
        return real(self, name)

    monkeypatch.setattr(Generations, "manifest", late)
    generation, _ = Generations(state_dir).load()
    assert calls == [first]
    assert generation.name == Generations(state_dir).current() != first


def test_rolling_back_goes_one_step_at_a_time(seeds: Path, state_dir: Path) -> None:
    """To the one before, then to the one before that, then no further."""
    first, second, third = built(seeds, state_dir, 3)
    kept = Generations(state_dir)
    assert roll_back(state_dir, "") == (third, second)
    assert kept.current() == second
    assert roll_back(state_dir, "") == (second, first)
    with pytest.raises(NoEarlierGenerationError, match=first):
        roll_back(state_dir, "")
    assert kept.current() == first


def test_what_was_taken_back_is_never_gone_back_to(seeds: Path, state_dir: Path) -> None:
    """After another build, rolling back leads to the one that was live, not to the bad one."""
    _, second, _ = built(seeds, state_dir, 3)
    roll_back(state_dir, "")
    change(seeds, 9)
    fourth = build(seeds, state_dir, ENCODER).generation
    assert roll_back(state_dir, "") == (fourth, second)


def test_a_rollback_stands_until_the_documents_change(seeds: Path, state_dir: Path) -> None:
    """Nothing is built over it of itself; then a document changes, and it is."""
    _, second = built(seeds, state_dir, 2)
    kept = Generations(state_dir)
    roll_back(state_dir, seeds_digest(kept.manifest().seeds))
    found = staleness(seeds, state_dir, ENCODER.identity)
    assert found.reasons == ("1.txt is new",)
    assert found.rolled_back_from == second
    assert not found.needs_build
    change(seeds, 5)
    found = staleness(seeds, state_dir, ENCODER.identity)
    assert found.needs_build
    assert found.rolled_back_from is None


def test_a_damaged_generation_is_not_gone_back_to(seeds: Path, state_dir: Path) -> None:
    """The live one stays."""
    first, second = built(seeds, state_dir, 2)
    [segment] = Generations(state_dir).manifest(first).segments
    path = state_dir / "index" / "segments" / segment / "passages.jsonl"
    path.write_bytes(path.read_bytes().replace(b"gate", b"date"))
    with pytest.raises(GenerationDamagedError, match="checksum"):
        roll_back(state_dir, "")
    assert Generations(state_dir).current() == second


def test_leftovers_of_killed_builds_are_swept(seeds: Path, state_dir: Path) -> None:
    """Half a generation and a file that was to replace another are gone after the next build."""
    built(seeds, state_dir, 1)
    folder = state_dir / "index"
    half = folder / "20260101T000000Z-00000000"
    half.mkdir()
    (half / "passages.jsonl").write_text("half", "utf-8")
    (folder / "CURRENT.new").write_text("nonsense", "utf-8")
    built(seeds, state_dir, 2)
    assert not half.exists()
    assert not (folder / "CURRENT.new").exists()


@pytest.mark.parametrize("at", ["segment", "write", "manifest", "CURRENT"])
def test_a_full_disk_is_one_clear_error(
    seeds: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    """Wherever it strikes, the generation before stays live, and nothing half-built is left."""
    (name,) = built(seeds, state_dir, 1)
    change(seeds, 7)
    full = OSError(errno.ENOSPC, "No space left on device")

    def fail(*_: object, **__: object) -> None:
        raise full

    target = {
        "segment": "index.making.SegmentWriter",
        "write": "index.build.assemble",
        "manifest": "index.manifest.write_durably",
        "CURRENT": "index.generations.replace_durably",
    }[at]
    monkeypatch.setattr(target, fail)
    with pytest.raises(StateFolderError, match="No space left on device"):
        build(seeds, state_dir, ENCODER)
    monkeypatch.undo()
    assert Generations(state_dir).current() == name
    with reading_here():
        assert build(seeds, state_dir, ENCODER).documents == 3


def test_a_second_build_waits_for_the_first(seeds: Path, state_dir: Path) -> None:
    """It says so, and goes on when the first one is done."""
    said: list[str] = []
    done = threading.Event()

    def second() -> None:
        build(seeds, state_dir, ENCODER, on_wait=lambda: said.append("waiting"))
        done.set()

    with build_lock(state_dir) as has_waited:
        assert not has_waited
        thread = threading.Thread(target=second)
        thread.start()
        while not said:
            time.sleep(0.01)
        assert not done.wait(0.2)
        assert Generations(state_dir).current() is None
    thread.join()
    assert said == ["waiting"]
    assert Generations(state_dir).current() is not None


def test_a_lock_may_be_taken_again_by_its_holder(state_dir: Path) -> None:
    """A build within a build's lock does not wait for itself."""
    with build_lock(state_dir), build_lock(state_dir) as has_waited:
        assert not has_waited


def test_a_file_is_replaced_in_one_step(tmp_path: Path) -> None:
    """What is read is the old text or the new one, and no other file stays."""
    path = tmp_path / "CURRENT"
    for text in (b"one", b"two"):
        durable.replace_durably(path, text)
        assert path.read_bytes() == text
    assert list(tmp_path.iterdir()) == [path]
