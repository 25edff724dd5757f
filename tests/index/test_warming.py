"""Files that every question reads are read before anyone asks."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from index import warming as module
from index.generations import Generations
from index.warming import warming
from tests.index.made import document, make


def opened_from_now_on(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of an index's files that are opened from now on, as they are."""
    names: list[str] = []
    opened = Path.open

    def note(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path != module._CONTAINER:
            names.append(path.name)
        return opened(path, *args, **kwargs)

    monkeypatch.setattr(Path, "open", note)
    return names


def segments(state: Path) -> list[Path]:
    """Make an index and return the folders of its segments."""
    make(state, document("gate.txt", "The gate stood open."))
    generations = Generations(state)
    return [generations.segments.folder_of(name) for name in generations.manifest().segments]


def test_what_searches_and_evidence_read_is_read(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What searches read comes first; words' vectors, by far the most, are not read."""
    folders = segments(state_dir)
    read = opened_from_now_on(monkeypatch)
    warming(folders).join()
    assert {"passages.faiss", "sentences.faiss", "terms.hashes.npy", "tokens.start.npy"} < {*read}
    assert {"sentences.spans.npy", "document_terms.counts.npy", "documents.vectors.npy"} < {*read}
    assert len(read) == len({*read})
    assert sorted(read[-2:]) == ["documents.jsonl", "passages.jsonl"]
    assert not {"tokens.words.npy", "tokens.pieces.npy"} & {*read}


def test_no_more_is_read_than_half_of_memory_has_room_for(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that push out one another are better read as they are needed."""
    (folder,) = segments(state_dir)
    first = sum(path.stat().st_size for path in folder.glob("*.faiss"))
    monkeypatch.setattr(module, "_memory", lambda: 2 * first)
    read = opened_from_now_on(monkeypatch)
    warming([folder]).join()
    assert sorted(read) == ["passages.faiss", "sentences.faiss"]


def test_what_was_dropped_meanwhile_is_passed_over(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A newer build may drop a segment at any time: here between the first look and the read."""
    folders = segments(state_dir)

    def memory() -> int:
        for each in folders:
            shutil.rmtree(each)
        return 1 << 40

    monkeypatch.setattr(module, "_memory", memory)
    read = opened_from_now_on(monkeypatch)
    warming(folders).join()  # an error in a thread fails a test
    assert read == []


def test_what_cannot_be_read_is_left(tmp_path: Path) -> None:
    """Whoever asks for it says so."""
    (tmp_path / "lexical" / "a folder").mkdir(parents=True)
    warming([tmp_path, tmp_path / "gone"]).join()


@pytest.mark.parametrize(("bound", "is_read"), [("0", False), ("max", True), ("", True)])
def test_a_container_may_have_less_than_its_machine(
    state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, *, is_read: bool
) -> None:
    """Its bound counts, if there is one."""
    folders = segments(state_dir)
    monkeypatch.setattr(module, "_CONTAINER", tmp_path / "memory.max")
    (tmp_path / "memory.max").write_text(f"{bound}\n", "ascii")
    read = opened_from_now_on(monkeypatch)
    warming(folders).join()
    assert bool(read) == is_read
