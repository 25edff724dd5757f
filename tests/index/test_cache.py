"""What one build learned is kept for the next, and never changes what comes out."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import intake
from index.build import build
from index.cache import BuildCache, cache_folder, cache_key
from index.errors import StateFolderError
from index.generations import Generations
from index.packing import pack, unpack
from index.retriever import LocalRetriever
from index.stamps import Stamps
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.types import Embedding, Hit, Vectors, Verdict

PARAGRAPHS = [
    "The ferry to the island leaves at noon from the northern harbour. It takes an hour.",
    "The guard closed the old gate at the north end when the bells had rung.",
    "Nobody knows who built the mill, but the wheel turned until the great flood.",
    "A wire story stands in two papers, slightly edited, and nobody minds that at all.",
    "A wire story stands in two papers, somewhat edited, and nobody minds that at all.",
    "Wells are deep.",
]
QUESTIONS = ["when does the ferry leave", "who closed the old gate", "wire story in two papers"]


@dataclass(frozen=True, kw_only=True)
class CountingEncoder(FakeEncoder):
    """Remembers every text that it encoded for an index."""

    texts: list[str] = field(default_factory=list)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode sentences, and remember them."""
        self.texts.extend(texts)
        return super().encode_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages, and remember them; not the sample that a projection is taken from."""
        if not str(texts[0]).startswith("The ferry leaves the northern harbour at half past six"):
            self.texts.extend(texts)
        return super().embed_passages(texts)


@pytest.fixture(autouse=True)
def read() -> Iterator[list[str]]:
    """Read in this process; give the names of the files that are read."""
    with reading_here() as names:
        yield names


def write(folder: Path, name: str, *paragraphs: str) -> Path:
    """Write a document without a title of its own."""
    path = folder / name
    path.write_text("\n\n".join(paragraphs) + "\n", "utf-8")
    return path


def newly_encoded(seeds: Path, state: Path) -> list[str]:
    """Build, and return what had to be encoded."""
    encoder = CountingEncoder()
    build(seeds, state, encoder)
    return sorted(set(encoder.texts))


def test_only_new_text_is_encoded(seeds_dir: Path, state_dir: Path) -> None:
    """A paragraph in the middle, a rename and an edit that is taken back cost what is new."""
    path = write(seeds_dir, "a.txt", PARAGRAPHS[1], PARAGRAPHS[2])
    write(seeds_dir, "b.txt", PARAGRAPHS[5], PARAGRAPHS[3])
    assert PARAGRAPHS[1] in newly_encoded(seeds_dir, state_dir)
    assert newly_encoded(seeds_dir, state_dir) == []
    write(seeds_dir, "a.txt", PARAGRAPHS[1], "Three new words.", PARAGRAPHS[2])
    assert newly_encoded(seeds_dir, state_dir) == ["Three new words."]
    path.rename(seeds_dir / "c.txt")
    assert newly_encoded(seeds_dir, state_dir) == []
    write(seeds_dir, "c.txt", PARAGRAPHS[1], PARAGRAPHS[2])
    assert newly_encoded(seeds_dir, state_dir) == []


def test_from_scratch_everything_is_encoded(seeds_dir: Path, state_dir: Path) -> None:
    """`is_from_scratch` forgets what was cached."""
    write(seeds_dir, "a.txt", PARAGRAPHS[1], PARAGRAPHS[2])
    first = newly_encoded(seeds_dir, state_dir)
    encoder = CountingEncoder()
    build(seeds_dir, state_dir, encoder, is_from_scratch=True)
    assert sorted(set(encoder.texts)) == first


def test_another_encoder_shares_nothing(seeds_dir: Path, state_dir: Path) -> None:
    """Vectors belong to the encoder that made them."""
    write(seeds_dir, "a.txt", PARAGRAPHS[1], PARAGRAPHS[2])
    newly_encoded(seeds_dir, state_dir)
    other = CountingEncoder(name="other", dimension=32)
    build(seeds_dir, state_dir, other)
    assert PARAGRAPHS[1] in other.texts


def test_unchanged_files_are_not_read_again(
    seeds_dir: Path, state_dir: Path, read: list[str]
) -> None:
    """Only the file that is new goes to the readers."""
    write(seeds_dir, "a.txt", PARAGRAPHS[1])
    write(seeds_dir, "b.txt", PARAGRAPHS[2])
    build(seeds_dir, state_dir, FakeEncoder())
    read.clear()
    write(seeds_dir, "c.txt", PARAGRAPHS[3])
    build(seeds_dir, state_dir, FakeEncoder())
    assert read == ["c.txt"]


def test_what_no_kept_generation_needs_is_forgotten(seeds_dir: Path, state_dir: Path) -> None:
    """Once the last generation with a text is dropped, its vectors are too."""
    write(seeds_dir, "a.txt", PARAGRAPHS[1])
    write(seeds_dir, "b.txt", PARAGRAPHS[2])
    build(seeds_dir, state_dir, FakeEncoder(), keep=2)
    (seeds_dir / "b.txt").unlink()
    build(seeds_dir, state_dir, FakeEncoder(), keep=2)
    write(seeds_dir, "b.txt", PARAGRAPHS[2])
    assert newly_encoded(seeds_dir, state_dir) == []
    (seeds_dir / "b.txt").unlink()
    for _ in range(2):
        build(seeds_dir, state_dir, FakeEncoder(), keep=1)
    write(seeds_dir, "b.txt", PARAGRAPHS[2])
    assert PARAGRAPHS[2] in newly_encoded(seeds_dir, state_dir)


@pytest.mark.parametrize("at", [0, 20, 100, 5000])
def test_a_damaged_cache_is_begun_anew(seeds_dir: Path, state_dir: Path, at: int) -> None:
    """Whatever is written into its file, the next build ends well and answers the same."""
    write(seeds_dir, "a.txt", *PARAGRAPHS)
    build(seeds_dir, state_dir, FakeEncoder())
    expected = answers(state_dir)
    path = cache_folder(state_dir) / "build.db"
    data = bytearray(path.read_bytes())
    data[at : at + 64] = b"\xff" * 64
    path.write_bytes(data)
    build(seeds_dir, state_dir, FakeEncoder())
    assert answers(state_dir) == expected


def test_a_value_that_changed_is_not_there(state_dir: Path) -> None:
    """Each value carries a checksum."""
    key = cache_key("kind", "text")
    with BuildCache.open(state_dir) as cache:
        cache.put({key: b"value"})
        assert cache.get([key]) == {key: b"value"}
    with sqlite3.connect(cache_folder(state_dir) / "build.db") as connection:
        connection.execute("UPDATE entries SET value = CAST(value || 'x' AS BLOB)")
    connection.close()
    with BuildCache.open(state_dir) as cache:
        assert cache.get([key]) == {}


def test_a_cache_that_cannot_be_written_says_so(state_dir: Path) -> None:
    """Where a file stands in its place, the error names it."""
    state_dir.mkdir()
    cache_folder(state_dir).write_text("in the way", "utf-8")
    with pytest.raises(StateFolderError, match="the cache can't be written to"):
        BuildCache.open(state_dir)


def test_keys_tell_parts_apart() -> None:
    """No two lists of parts have one key."""
    keys = {cache_key("k", *parts) for parts in (["ab"], ["a", "b"], ["", "ab"], ["ab", ""])}
    assert len(keys) == 4


def test_arrays_come_back_as_they_were() -> None:
    """With their shapes and types; too few or too many bytes are refused."""
    arrays: list[NDArray[Any]] = [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.array([1, 2], np.int16),
    ]
    data = pack(arrays)
    found = unpack(data, [np.float32, np.int16])
    assert all(np.array_equal(one, other) for one, other in zip(found, arrays, strict=True))
    for wrong in (data[:-1], data + b"\x00", b""):
        with pytest.raises(ValueError, match=r"short|longer|buffer"):
            unpack(wrong, [np.float32, np.int16])


def test_a_stamp_is_trusted_only_when_it_had_settled(tmp_path: Path, state_dir: Path) -> None:
    """A file that was changed a moment ago may change again within the same tick of the clock."""
    path = write(tmp_path, "a.txt", "text")
    stamps = Stamps()
    assert stamps.before_reading(path) is None
    cache_folder(state_dir).mkdir(parents=True)
    stamps.record("a.txt", None, "0" * 64)
    stamps.save(state_dir)
    assert Stamps.load(state_dir).sha256("a.txt", path) is None


def answers(state: Path) -> list[tuple[Verdict, float, tuple[Hit, ...]]]:
    """Ask every question; leave out what differs from one time to the next."""
    retriever = LocalRetriever.from_state(state, FakeEncoder())
    found = [retriever.retrieve(question, k=10) for question in QUESTIONS]
    return [(each.verdict, each.confidence, each.hits) for each in found]


Step = tuple[str, int, list[int]]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["write", "write", "write", "delete", "rename"]),
        st.integers(0, 3),
        st.lists(st.integers(0, len(PARAGRAPHS) - 1), min_size=1, max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rounds=st.lists(STEPS, min_size=1, max_size=3), taken_in=st.sampled_from([0, 0.5, 2]))
def test_an_incremental_build_equals_a_full_one(
    rounds: list[list[Step]], taken_in: float, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After any adds, edits, renames and deletes: passages bit for bit, answers hit for hit.

    Whether small segments are taken in, or every build leaves one more.
    """
    folder = tmp_path_factory.mktemp("rounds")
    seeds = folder / "seeds"
    seeds.mkdir()
    write(seeds, "always.txt", PARAGRAPHS[0])
    for number, steps in enumerate(rounds):
        for what, at, chosen in steps:
            path = seeds / f"{at}.txt"
            if what == "write":
                write(seeds, path.name, *(PARAGRAPHS[each] for each in chosen))
            elif path.exists() and what == "delete":
                path.unlink()
            elif path.exists():
                path.rename(seeds / f"{chosen[0] % 4}.txt")
        with patch.object(intake, "_TAKEN_IN", taken_in):
            build(seeds, folder / "state", FakeEncoder())
        fresh = folder / f"fresh{number}"
        build(seeds, fresh, FakeEncoder())
        assert stored(folder / "state") == stored(fresh)
        assert answers(folder / "state") == answers(fresh)


def stored(state: Path) -> dict[str, Any]:
    """Return all of the live generation that a corpus alone decides, row by row."""
    generation, _ = Generations(state).load()
    rows, documents = np.arange(len(generation.passages)), np.arange(len(generation.documents))
    sentences = np.arange(len(generation.sentence_vectors))
    tokens, terms = generation.tokens.of_rows(rows), generation.terms.of_rows(rows)
    of_documents = generation.document_terms.of_rows(documents)
    arrays: dict[str, NDArray[Any]] = {
        "document rows": generation.document_rows,
        "document vectors": generation.document_vectors[documents],
        "published": generation.published,
        "vectors": generation.vectors.vectors(rows),
        "sentence vectors": generation.sentence_vectors.vectors(sentences),
        "first alike": generation.first_alike,
    }
    for name, store in (
        ("sentences", generation.sentences),
        ("tokens", tokens),
        ("pieces", tokens.statistics),
        ("projection", generation.projection),
        ("terms", terms),
        ("statistics", terms.statistics),
        ("document terms", of_documents),
        ("document statistics", of_documents.statistics),
    ):
        arrays |= {f"{name} {field}": getattr(store, field) for field in store.__slots__}
    return {
        "documents": list(generation.documents),
        "passages": list(generation.passages),
        "languages": generation.languages.tolist(),
        "by id": [generation.row_of(each.id) for each in generation.passages],
        "documents by id": [generation.document_row_of(each.id) for each in generation.documents],
    } | {
        name: (array.dtype.str, array.shape, array.tobytes())
        for name, array in arrays.items()
        if not name.endswith(" statistics")
    }
