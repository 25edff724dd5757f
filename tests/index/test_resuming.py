"""A build that was broken off goes on where it was: what it had encoded is not encoded again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from index import making
from index.build import build
from index.generations import Generations
from index.retriever import LocalRetriever
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.types import Embedding, Vectors

DOCUMENTS = 12
PER_DOCUMENT = 3  # passages, each of two sentences


class Killed(BaseException):
    """What ends a process in the middle of its work."""


@dataclass(frozen=True, kw_only=True)
class MortalEncoder(FakeEncoder):
    """Counts the texts that it encodes, and ends the build after so many calls."""

    calls: int
    texts: list[str] = field(default_factory=list)
    made: list[int] = field(default_factory=list)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode sentences."""
        self._count(texts)
        return super().encode_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages; the sample that a projection is taken from does not count."""
        if not texts[0].startswith("The ferry leaves the northern harbour"):
            self._count(texts)
        return super().embed_passages(texts)

    def _count(self, texts: Sequence[str]) -> None:
        if len(self.made) == self.calls:
            raise Killed
        self.made.append(len(texts))
        self.texts.extend(texts)


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    """Read in this process, and make every document a batch of its own."""
    with reading_here(), patch.object(making, "_CHARS_AT_ONCE", 1):
        yield


@pytest.fixture
def seeds(seeds_dir: Path) -> Path:
    """Return a folder of documents, no two sentences of them alike."""
    for number in range(DOCUMENTS):
        paragraphs = [
            f"The gate {number}.{at} stood open all night. The guard {number}.{at} slept."
            for at in range(PER_DOCUMENT)
        ]
        text = "\n\n".join([f"Note {number}", *paragraphs])
        (seeds_dir / f"{number:02}.txt").write_text(text, "utf-8")
    return seeds_dir


def test_what_was_encoded_is_not_encoded_again(seeds: Path, state_dir: Path) -> None:
    """Killed again and again, after a few batches; in the end each text was done once."""
    texts: list[str] = []
    kills = 0
    while True:
        encoder = MortalEncoder(calls=5)
        try:
            build(seeds, state_dir, encoder)
        except Killed:
            kills += 1
            assert Generations(state_dir).current() is None
        texts += encoder.texts
        if Generations(state_dir).current() is not None:
            break
    assert kills == 2 * DOCUMENTS // 5  # passages and sentences of a document are a call each
    assert len(texts) == len(set(texts)) == DOCUMENTS * PER_DOCUMENT * 3


def test_what_was_broken_off_is_swept_and_a_whole_build_is_equal(
    seeds: Path, state_dir: Path, tmp_path: Path
) -> None:
    """Nothing of half a segment is left once a build has come to its end."""
    with pytest.raises(Killed):
        build(seeds, state_dir, MortalEncoder(calls=5))
    half = Generations(state_dir)
    build(seeds, state_dir, FakeEncoder())
    segments = {path.name for path in (state_dir / "index" / "segments").iterdir()}
    assert segments == set(half.manifest().segments)
    build(seeds, tmp_path / "other", FakeEncoder())
    found = [
        LocalRetriever.from_state(state, FakeEncoder()).retrieve("who slept at gate 7.1", k=5)
        for state in (state_dir, tmp_path / "other")
    ]
    assert found[0].hits == found[1].hits
