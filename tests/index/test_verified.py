"""Checksums are taken once, and again of whatever may have changed since."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from index import verified
from index.cache import cache_folder
from index.durable import sha256_of
from index.errors import GenerationDamagedError
from index.generations import Generations
from index.verified import Verified
from tests.index.test_generations import promote


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the names of the files that are read for their checksums."""
    names: list[str] = []
    taken = sha256_of

    def counted(path: Path) -> str:
        names.append(path.name)
        return taken(path)

    monkeypatch.setattr(verified, "sha256_of", counted)
    return names


def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every file have been left alone for long enough."""
    monkeypatch.setattr("index.stamps._SETTLED_NS", -(10**12))


def check(state_dir: Path, *, anew: bool = False) -> None:
    """Check the live generation."""
    generations = Generations(state_dir)
    generations.check(generations.manifest(), anew=anew)


def test_what_a_build_has_hashed_is_not_hashed_at_the_start(
    state_dir: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the files were left alone for a moment."""
    settled(monkeypatch)
    promote(state_dir)
    assert sorted(read) == ["more.txt", "words.txt"]
    check(state_dir)
    assert len(read) == 2
    check(state_dir, anew=True)
    assert len(read) == 4


def test_a_file_that_may_still_change_is_hashed_again(state_dir: Path, read: list[str]) -> None:
    """A change within the same tick of the clock would leave its stamp as it is."""
    promote(state_dir)
    check(state_dir)
    assert len(read) == 4
    assert not (cache_folder(state_dir) / "verified.json").exists()


def test_a_changed_file_is_damage_though_its_size_and_time_are_the_same(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can set the time of the change itself."""
    settled(monkeypatch)
    name = promote(state_dir)
    path = state_dir / "index" / name / "words.txt"
    before = path.stat()
    path.write_text("same words")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(GenerationDamagedError, match=r"words\.txt.*checksum"):
        check(state_dir)


def test_a_change_that_no_stamp_tells_is_found_by_reading_anew(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a failing disk shows; what was found is remembered in place of what was known."""
    settled(monkeypatch)
    promote(state_dir)
    kept = cache_folder(state_dir) / "verified.json"
    monkeypatch.setattr(verified, "sha256_of", lambda _: "0" * 64)
    with pytest.raises(GenerationDamagedError, match="checksum"):
        check(state_dir, anew=True)
    assert "0" * 64 in kept.read_text()
    with pytest.raises(GenerationDamagedError, match="checksum"):
        check(state_dir)


@pytest.mark.parametrize("content", [None, "", "{", '{"a": 1}', "[]"])
def test_without_usable_stamps_everything_is_hashed(
    state_dir: Path, read: list[str], monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    """Missing or damaged, they cost time and nothing else."""
    settled(monkeypatch)
    promote(state_dir)
    kept = cache_folder(state_dir) / "verified.json"
    whole = json.loads(kept.read_text())
    kept.unlink()
    if content is not None:
        kept.write_text(content)
    check(state_dir)
    assert len(read) == 4
    assert json.loads(kept.read_text()) == whole


def test_a_state_folder_that_cant_be_written_is_read_all_the_same(
    state_dir: Path, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file is hashed at every start then."""
    settled(monkeypatch)
    promote(state_dir)
    kept = cache_folder(state_dir) / "verified.json"
    kept.unlink()
    cache_folder(state_dir).rmdir()
    cache_folder(state_dir).write_text("no folder")
    for count in (4, 6):
        check(state_dir)
        assert len(read) == count


def test_stamps_of_files_that_are_gone_are_dropped(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of other files, which nobody asked for, stay."""
    settled(monkeypatch)
    folder = state_dir / "index"
    folder.mkdir(parents=True)
    for name in ("gone", "kept", "new"):
        (folder / name).write_text(name)
    for names in (("gone", "kept"), ("new",)):
        with Verified.at(state_dir) as found:
            for name in names:
                found.sha256(folder / name)
        (folder / "gone").unlink(missing_ok=True)
    with Verified.at(state_dir) as found:
        kept = (cache_folder(state_dir) / "verified.json").read_text()
    assert 'index/kept"' in kept
    assert 'index/new"' in kept
    assert 'index/gone"' not in kept


def test_a_name_that_no_file_can_have_does_no_harm(state_dir: Path, tmp_path: Path) -> None:
    """Whatever wrote it: checksums are right, and taken again."""
    cache_folder(state_dir).mkdir(parents=True)
    kept = cache_folder(state_dir) / "verified.json"
    kept.write_text(json.dumps({"a\0b": [0, 0, 0, 0, 0, "0" * 64]}), "utf-8")
    before = kept.read_bytes()
    path = tmp_path / "words.txt"
    path.write_bytes(b"words")
    with Verified.at(state_dir) as found:
        found._has_more = True
        assert found.sha256(path) == hashlib.sha256(b"words").hexdigest()
    assert kept.read_bytes() == before
