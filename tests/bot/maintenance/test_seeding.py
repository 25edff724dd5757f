"""Files are put into the folder of documents whole, or not at all, and over no other unasked."""

from __future__ import annotations

import errno
import hashlib
import os
import time
from typing import TYPE_CHECKING, Any

import pytest

from bot.errors import NotAddedError
from bot.maintenance.offering import OfferedFiles
from bot.maintenance.seeding import Found, SeedFolder
from index.seeds import seed_files

if TYPE_CHECKING:
    from pathlib import Path


def sha256(data: bytes) -> str:
    """Return the digest of some bytes."""
    return hashlib.sha256(data).hexdigest()


def refusal(folder: SeedFolder, name: str, data: bytes = b"x", **options: Any) -> str:
    """Return the text that says why a file is not put there."""
    with pytest.raises(NotAddedError) as caught:
        folder.put(name, data, **options)
    return caught.value.text


def test_a_file_is_put_and_found(seeds_dir: Path) -> None:
    """As its bytes are, and nothing else is left in the folder."""
    folder = SeedFolder(seeds_dir)
    assert folder.found("تقرير.txt") is None
    folder.put("تقرير.txt", b"one")
    assert folder.found("تقرير.txt") == Found(size=3, sha256=sha256(b"one"))
    assert [path.name for path in seeds_dir.iterdir()] == ["تقرير.txt"]


def test_a_new_file_takes_no_others_place(seeds_dir: Path) -> None:
    """Even where the other came a moment ago; it stays as it was."""
    folder = SeedFolder(seeds_dir)
    folder.put("a.txt", b"one")
    assert refusal(folder, "a.txt", b"two") == "not-added-changed"
    assert (seeds_dir / "a.txt").read_bytes() == b"one"
    assert len(list(seeds_dir.iterdir())) == 1


def test_a_file_replaces_the_very_one_that_was_found(seeds_dir: Path) -> None:
    """Another than was asked about, or none, is no place to put it over."""
    folder = SeedFolder(seeds_dir)
    folder.put("a.txt", b"one")
    folder.put("a.txt", b"two", over=sha256(b"one"))
    assert (seeds_dir / "a.txt").read_bytes() == b"two"
    assert refusal(folder, "a.txt", b"three", over=sha256(b"one")) == "not-added-changed"
    assert refusal(folder, "b.txt", b"three", over=sha256(b"one")) == "not-added-changed"
    assert [path.read_bytes() for path in seeds_dir.iterdir()] == [b"two"]


def test_links_and_folders_are_left_alone(seeds_dir: Path, tmp_path: Path) -> None:
    """What a link leads to is neither read nor written, be it there or not."""
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"secret")
    folder = SeedFolder(seeds_dir)
    (seeds_dir / "link.txt").symlink_to(outside)
    (seeds_dir / "dangling.txt").symlink_to(tmp_path / "nowhere.txt")
    (seeds_dir / "folder.txt").mkdir()
    os.mkfifo(seeds_dir / "pipe.txt")
    for name in ("link.txt", "dangling.txt", "folder.txt", "pipe.txt"):
        with pytest.raises(NotAddedError, match="in-the-way"):
            folder.found(name)
        assert refusal(folder, name) == "not-added-changed"
        assert refusal(folder, name, over=sha256(b"secret")) == "not-added-in-the-way"
    assert outside.read_bytes() == b"secret"
    assert not (tmp_path / "nowhere.txt").exists()


@pytest.mark.parametrize("name", ["../a.txt", "b/a.txt", "/etc/a.txt", "..", ".", "", ".a.txt"])
def test_a_name_leads_nowhere_else(seeds_dir: Path, name: str) -> None:
    """Whoever gives it should have made it safe, and this holds all the same."""
    assert refusal(SeedFolder(seeds_dir), name) == "not-added-in-the-way"


def test_a_folder_that_is_a_link_is_the_maintainers_own(seeds_dir: Path, tmp_path: Path) -> None:
    """The folder itself may stand elsewhere."""
    link = tmp_path / "link"
    link.symlink_to(seeds_dir)
    SeedFolder(link).put("a.txt", b"one")
    assert (seeds_dir / "a.txt").read_bytes() == b"one"


def test_a_missing_folder_is_told(tmp_path: Path) -> None:
    """It is not made: the setting may be wrong."""
    assert refusal(SeedFolder(tmp_path / "none"), "a.txt") == "not-added-disk"


@pytest.mark.parametrize("is_new", [True, False])
def test_a_full_disk_leaves_what_was_there(
    seeds_dir: Path, monkeypatch: pytest.MonkeyPatch, *, is_new: bool
) -> None:
    """And nothing half written; the text names the reason."""
    folder = SeedFolder(seeds_dir)
    if not is_new:
        folder.put("a.txt", b"one")

    def fail(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(NotAddedError) as caught:
        folder.put("a.txt", b"two", over=None if is_new else sha256(b"one"))
    assert caught.value.text == "not-added-disk"
    assert caught.value.values == {"reason": "No space left on device"}
    assert [path.read_bytes() for path in seeds_dir.iterdir()] == ([] if is_new else [b"one"])


def test_what_a_crash_leaves_is_read_by_nobody_and_swept(seeds_dir: Path) -> None:
    """A file that is being written by another process is left alone."""
    old, fresh = seeds_dir / ".added-0123.new", seeds_dir / ".added-4567.new"
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert seed_files(seeds_dir) == ([], [])
    SeedFolder(seeds_dir).put("a.txt", b"one")
    assert not old.exists()
    assert fresh.exists()


def test_an_offered_file_is_kept_as_it_was_sent(state_dir: Path) -> None:
    """Until it is dropped; one that was changed, or a key of another form, holds nothing."""
    files = OfferedFiles(state_dir)
    key = files.keep(b"one")
    assert files.read(key, sha256=sha256(b"one")) == b"one"
    for wrong, digest in ((key, sha256(b"two")), ("../bot.db", sha256(b"")), ("0" * 24, "")):
        with pytest.raises(NotAddedError, match="offer-gone"):
            files.read(wrong, sha256=digest)
    files.drop(key)
    assert list((state_dir / "uploads").iterdir()) == []
    files.drop(key)


def test_old_offers_are_swept(state_dir: Path) -> None:
    """When the next file is kept."""
    files = OfferedFiles(state_dir)
    old = state_dir / "uploads" / files.keep(b"one")
    os.utime(old, (time.time() - 90_000, time.time() - 90_000))
    key = files.keep(b"two")
    assert [path.name for path in old.parent.iterdir()] == [key]


def test_a_disk_that_takes_no_offer_is_told(state_dir: Path) -> None:
    """A file stands where the folder should."""
    state_dir.mkdir()
    (state_dir / "uploads").write_bytes(b"")
    with pytest.raises(NotAddedError, match="not-added-disk"):
        OfferedFiles(state_dir).keep(b"one")
