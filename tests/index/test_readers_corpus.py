"""A folder of good files and bad ones: a line for each bad one, and every good one is read."""

import io
import os
import time
import zipfile
from pathlib import Path

import pytest

from index import corpus
from index.seeds import MAX_FILE_BYTES, SeedFile, seed_files
from tests.index.here import read_corpus

FILES = Path(__file__).parent / "files"
TEXT = b"The harbour office recorded eleven gales between 2015 and 2022.\n"


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(20):
            archive.writestr(f"word/{number}.xml", bytes(20 << 20))
    return target.getvalue()


def test_each_bad_file_is_one_line_and_the_others_are_read(tmp_path: Path) -> None:
    """Bounded in time: all of it takes seconds."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    pdf = (FILES / "libreoffice.pdf").read_bytes()
    bomb = _bomb()
    (seeds / "good.txt").write_bytes(TEXT)
    (seeds / "good.pdf").write_bytes(pdf)
    (seeds / "cut.pdf").write_bytes(pdf[:20_000])
    (seeds / "locked.pdf").write_bytes((FILES / "encrypted.pdf").read_bytes())
    (seeds / "bomb.docx").write_bytes(bomb)
    (seeds / "bomb.epub").write_bytes(bomb)
    (seeds / "deep.html").write_bytes(b"<html><body>" + b"<div>" * 100_000 + TEXT)
    (seeds / os.fsdecode(b"caf\xe9.txt")).write_bytes(TEXT)
    (seeds / "line\nbreak \u202emarks.docx").write_bytes(b"nothing of the kind")
    with (seeds / "long.txt").open("wb") as file:
        file.truncate(200 << 20)
    started = time.monotonic()
    read = read_corpus(seeds)
    assert time.monotonic() - started < 60
    assert [document.document.source.path for document in read.documents] == [
        "seeds/good.pdf",
        "seeds/good.txt",
    ]
    lines = [str(problem) for problem in read.problems]
    assert lines == [
        r"caf\udce9.txt: has a name that is not UTF-8 text",
        "bomb.docx: unpacks to more than 256 MB",
        "bomb.epub: unpacks to more than 256 MB",
        "cut.pdf: is cut short: a PDF's end mark is missing",
        "deep.html: is nested too deep: what stands inside can't be read",
        r"line\nbreak \u202emarks.docx: is damaged, or is no such file: it is no ZIP container",
        "locked.pdf: is encrypted: save it without a password",
        "long.txt: is larger than 32 MB",
    ]
    unread = {"long.txt", os.fsdecode(b"caf\xe9.txt")}
    assert set(read.fingerprints) == {path.name for path in seeds.iterdir()} - unread


def test_a_file_of_32_mb_on_one_line_is_read_within_bounds(tmp_path: Path) -> None:
    """The largest there may be, without a single place to part it but its sentences."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    sentence = TEXT.strip() + b" "
    (seeds / "long.txt").write_bytes(sentence * (MAX_FILE_BYTES // len(sentence)))
    started = time.monotonic()
    read = read_corpus(seeds)
    assert time.monotonic() - started < 60
    assert [len(document.paragraphs) for document in read.documents] == [1]


def test_a_file_that_vanishes_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the listing of the folder and the reading."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    for name in ("gone.txt", "here.txt"):
        (seeds / name).write_bytes(TEXT)
    listed = seed_files(seeds)
    (seeds / "gone.txt").unlink()
    monkeypatch.setattr(corpus, "seed_files", lambda _: listed)
    read = read_corpus(seeds)
    assert [str(problem) for problem in read.problems] == [
        "gone.txt: can't be read (No such file or directory)"
    ]
    assert len(read.documents) == 1


def test_readings_come_one_by_one(tmp_path: Path) -> None:
    """With the fingerprint of what was read, and the document or the problem."""
    good, bad = tmp_path / "good.md", tmp_path / "bad.pdf"
    good.write_bytes(b"# Pier\n\n" + TEXT)
    bad.write_bytes(b"no PDF")
    files = [SeedFile(name=path.name, path=path) for path in (good, bad)]
    first, second = corpus.read_files(files, folder="seeds", sources={})
    assert first.document is not None
    assert (first.document.document.source.title, first.problem) == ("Pier", None)
    assert (second.document, str(second.problem)) == (
        None,
        "bad.pdf: is cut short: a PDF's end mark is missing",
    )
    assert second.fingerprint is not None
