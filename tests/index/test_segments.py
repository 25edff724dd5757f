"""Builds go on from the segments that are there, and these stay few."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.build import build
from index.errors import GenerationDamagedError, GenerationFormatError
from index.generations import Generations
from index.manifest import FORMAT_VERSION, read_segment
from index.retriever import LocalRetriever
from index.rollback import roll_back
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENCODER = FakeEncoder()
DOCUMENTS = 12
ENGLISH = (
    "The officer said that he left the army because he had been ordered to fire on people "
    "in the town, and that many of his men went with him."
)
GERMAN = (
    "Der Offizier sagte, dass er die Armee verlassen habe, weil ihm befohlen worden war, auf "
    "Menschen in der Stadt zu schießen, und dass viele seiner Männer mit ihm gingen."
)


@pytest.fixture(autouse=True)
def read() -> Iterator[list[str]]:
    """Read in this process; give the names of the files that are read."""
    with reading_here() as names:
        yield names


@pytest.fixture
def seeds(seeds_dir: Path) -> Path:
    """Return a folder of documents."""
    for number in range(DOCUMENTS):
        write(seeds_dir, number, edition=0)
    return seeds_dir


def write(seeds: Path, number: int, *, edition: int) -> None:
    """Write a document of one paragraph."""
    text = f"Note {number}\n\nThe gate {number} is open in edition {edition}.\n"
    (seeds / f"{number:02}.txt").write_text(text, "utf-8")


def segments(state: Path) -> list[str]:
    """Return the names of the live generation's segments."""
    return list(Generations(state).manifest().segments)


def paths(state: Path) -> list[str]:
    """Return the documents that are live, in their order."""
    retriever = LocalRetriever.from_state(state, ENCODER)
    return [document.source.path for document, _ in retriever.documents()]


def test_a_change_leaves_the_others_where_they_are(
    seeds: Path, state_dir: Path, read: list[str]
) -> None:
    """One file is read, one segment written, and the first one is still the very same."""
    build(seeds, state_dir, ENCODER)
    [first] = segments(state_dir)
    folder = state_dir / "index" / "segments" / first
    before = {path: path.stat().st_ino for path in folder.rglob("*")}
    read.clear()
    write(seeds, 7, edition=1)
    report = build(seeds, state_dir, ENCODER)
    assert read == ["07.txt"]
    assert (report.documents, report.passages) == (DOCUMENTS, DOCUMENTS)
    assert segments(state_dir)[0] == first
    assert len(segments(state_dir)) == 2
    assert {path: path.stat().st_ino for path in folder.rglob("*")} == before
    assert paths(state_dir) == [f"seeds/{number:02}.txt" for number in range(DOCUMENTS)]
    retriever = LocalRetriever.from_state(state_dir, ENCODER)
    texts = [hit.passage.text for hit in retriever.retrieve("gate 7 edition", k=30).hits]
    assert "The gate 7 is open in edition 1." in texts
    assert "The gate 7 is open in edition 0." not in texts


def test_a_segment_is_on_the_disk_before_anything_names_it(
    seeds: Path, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its entry among the segments, too: a power cut leaves no name of what is not there."""
    durable: list[Path] = []
    monkeypatch.setattr("index.manifest.fsync", durable.append)
    build(seeds, state_dir, ENCODER)
    generation = state_dir / "index" / str(Generations(state_dir).current())
    [segment] = segments(state_dir)
    entries = state_dir / "index" / "segments"
    written, named = durable.index(entries), durable.index(generation)
    assert durable.index(entries / segment / "passages.jsonl") < written < named


def test_what_was_removed_is_nowhere(seeds: Path, state_dir: Path) -> None:
    """Not listed, not found, not counted, though it is in its segment still."""
    build(seeds, state_dir, ENCODER)
    first = segments(state_dir)
    (seeds / "03.txt").unlink()
    report = build(seeds, state_dir, ENCODER)
    assert segments(state_dir) == first
    assert (report.documents, report.passages) == (DOCUMENTS - 1, DOCUMENTS - 1)
    assert "seeds/03.txt" not in paths(state_dir)
    retriever = LocalRetriever.from_state(state_dir, ENCODER)
    found = retriever.retrieve("gate 3", k=30).hits
    assert len(found) == DOCUMENTS - 1
    assert all(hit.source.path != "seeds/03.txt" for hit in found)
    assert list(retriever.library.titled("Note 3")) == []
    assert [each.source.title for each in retriever.library.titled("Note 4")] == ["Note 4"]


def test_a_build_that_finds_nothing_new_writes_no_segment(seeds: Path, state_dir: Path) -> None:
    """It makes a generation of those that are there."""
    build(seeds, state_dir, ENCODER)
    first = segments(state_dir)
    build(seeds, state_dir, ENCODER)
    assert segments(state_dir) == first
    assert [path.name for path in (state_dir / "index" / "segments").iterdir()] == first


def test_segments_stay_few(seeds: Path, state_dir: Path) -> None:
    """Forty changes, one after another: what is new takes in what is not much larger."""
    most = 0
    for edition in range(40):
        write(seeds, edition % 5, edition=edition)
        build(seeds, state_dir, ENCODER)
        most = max(most, len(segments(state_dir)))
    assert 2 <= most <= 3


def test_most_of_a_segment_gone_it_is_left_behind(seeds: Path, state_dir: Path) -> None:
    """What remains of it is made again, so that its files can go with the generations before."""
    build(seeds, state_dir, ENCODER, keep=1)
    first = segments(state_dir)
    for number in range(8):
        (seeds / f"{number:02}.txt").unlink()
        build(seeds, state_dir, ENCODER, keep=1)
    assert set(segments(state_dir)).isdisjoint(first)
    kept = [path.name for path in (state_dir / "index" / "segments").iterdir()]
    assert kept == segments(state_dir)
    stored = b"".join(
        path.read_bytes() for path in (state_dir / "index").rglob("*.jsonl") if path.is_file()
    )
    assert b"The gate 11 is open" in stored
    assert b"The gate 2 is open" not in stored


@pytest.mark.parametrize("file", ["passages.jsonl", "manifest.json", "tokens.words.npy"])
def test_nothing_is_taken_from_a_segment_that_is_damaged(
    seeds: Path, state_dir: Path, file: str
) -> None:
    """A build mends it: all is made again."""
    build(seeds, state_dir, ENCODER)
    [first] = segments(state_dir)
    path = state_dir / "index" / "segments" / first / file
    data = path.read_bytes()
    path.write_bytes(data[:-3] + bytes([data[-3] ^ 1]) + data[-2:])
    build(seeds, state_dir, ENCODER)
    assert first not in segments(state_dir)
    assert len(paths(state_dir)) == DOCUMENTS


def test_a_segment_of_another_format_is_not_read(seeds: Path, state_dir: Path) -> None:
    """Its files may mean something else; and what is far too large is not even begun."""
    build(seeds, state_dir, ENCODER)
    [first] = segments(state_dir)
    folder = state_dir / "index" / "segments" / first
    path = folder / "manifest.json"
    assert read_segment(folder).format == FORMAT_VERSION
    data = path.read_bytes()
    path.write_bytes(data.replace(b'"format": %d' % FORMAT_VERSION, b'"format": 1'))
    with pytest.raises(GenerationFormatError, match="has format 1"):
        read_segment(folder)
    with path.open("r+b") as file:
        file.truncate(1 << 30)  # of which the disk keeps nothing
    with pytest.raises(GenerationDamagedError, match="is far too large"):
        read_segment(folder)


def test_another_encoder_takes_nothing_over(seeds: Path, state_dir: Path) -> None:
    """Vectors of two encoders never stand in one generation."""
    build(seeds, state_dir, ENCODER)
    first = segments(state_dir)
    build(seeds, state_dir, FakeEncoder(name="other"))
    assert set(segments(state_dir)).isdisjoint(first)


def test_what_most_documents_are_in_decides_for_the_short_ones(
    seeds: Path, state_dir: Path
) -> None:
    """Also for those that are in a segment already: they are made again."""

    def languages() -> dict[str, str]:
        retriever = LocalRetriever.from_state(state_dir, ENCODER)
        return {each.source.path[6:]: each.language for each, _ in retriever.documents()}

    (seeds / "english.txt").write_text(ENGLISH, "utf-8")
    build(seeds, state_dir, ENCODER)
    assert set(languages().values()) == {"en"}
    for number in range(2):
        (seeds / f"german{number}.txt").write_text(f"{GERMAN} {number}", "utf-8")
    build(seeds, state_dir, ENCODER)
    found = languages()
    assert found.pop("english.txt") == "en"
    assert set(found.values()) == {"de"}


def test_rolling_back_brings_the_segments_before(seeds: Path, state_dir: Path) -> None:
    """They are kept for as long as the generation is."""
    build(seeds, state_dir, ENCODER, keep=2)
    first = segments(state_dir)
    for number in range(DOCUMENTS):
        write(seeds, number, edition=1)
    build(seeds, state_dir, ENCODER, keep=2)
    assert set(segments(state_dir)).isdisjoint(first)
    roll_back(state_dir, "")
    assert segments(state_dir) == first
    assert len(paths(state_dir)) == DOCUMENTS
