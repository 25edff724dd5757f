"""Generations: written whole, checked whole, made live in one step."""

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import build
from index.dense import DenseIndex
from index.errors import (
    GenerationDamagedError,
    GenerationError,
    GenerationFormatError,
    NoGenerationError,
    StateFolderError,
)
from index.generation import Generation
from index.generations import FORMAT_VERSION, KEEP, Generations, Manifest
from index.history import History
from index.searches import IndexKind, Measured
from index.types import EncoderIdentity
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

BESIDE = ("CURRENT", "build.lock", "history.json")
"""What stands beside the generations once one was promoted."""

IDENTITY = EncoderIdentity(name="fake", revision=None, weights_sha256="0" * 64)


SEARCHES = {"passages": Measured(kind=IndexKind.IVF, vectors=5, recall=0.99, probes=2)}


def write_words(folder: Path) -> dict[str, Measured]:
    """Write a file, and one in a folder below."""
    (folder / "words.txt").write_text("some words")
    (folder / "below").mkdir()
    (folder / "below" / "more.txt").write_text("more words")
    return SEARCHES


def promote(state_dir: Path, write: Callable[[Path], dict[str, Measured]] = write_words) -> str:
    """Make a generation live and return its name."""
    generations = Generations(state_dir)
    name = generations.write(
        write, documents=2, passages=5, encoder=IDENTITY, extraction=7, seeds={"a.txt": "f" * 64}
    )
    generations.make_live(name)
    return name


def entries(state_dir: Path) -> list[str]:
    """Return the names in the folder of generations."""
    return sorted(path.name for path in (state_dir / "index").iterdir())


def change_manifest(state_dir: Path, name: str, **changes: object) -> None:
    """Change fields of a generation's manifest."""
    path = state_dir / "index" / name / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state folder with a real generation; who changes a file puts it back."""
    folder = tmp_path_factory.mktemp("generations")
    seeds = tmp_path_factory.mktemp("seeds")
    for at, text in enumerate(("Cats sleep. Dogs bark.", "Cows sleep.")):
        (seeds / f"{at}.txt").write_text(text)
    with reading_here():
        build(seeds, folder, FakeEncoder())
    return folder


def live_files(state_dir: Path) -> list[Path]:
    """Return every file of the live generation, and of its segments."""
    index = state_dir / "index"
    manifest = Generations(state_dir).manifest()
    names = (manifest.generation, *(f"segments/{name}" for name in manifest.segments))
    return sorted(path for name in names for path in (index / name).rglob("*") if path.is_file())


def test_nothing_is_live_before_the_first_build(state_dir: Path) -> None:
    """Whether the state folder exists or not."""
    generations = Generations(state_dir)
    assert generations.current() is None
    (state_dir / "index").mkdir(parents=True)
    assert generations.current() is None
    for ask in (generations.manifest, generations.load):
        with pytest.raises(NoGenerationError, match="run `verbatim build`"):
            ask()


def test_looking_creates_nothing(state_dir: Path) -> None:
    """Only a build writes."""
    Generations(state_dir).current()
    assert not state_dir.exists()


def test_a_promoted_generation_is_live_with_its_manifest(state_dir: Path) -> None:
    """The manifest says all that there is to say; checksums are of the files' bytes."""
    name = promote(state_dir)
    assert re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{8}", name)
    assert Generations(state_dir).current() == name
    assert (state_dir / "index" / "CURRENT").read_text() == f"{name}\n"
    manifest = Generations(state_dir).manifest()
    assert manifest == Manifest(
        format=FORMAT_VERSION,
        generation=name,
        created=manifest.created,
        encoder=IDENTITY,
        documents=2,
        passages=5,
        extraction=7,
        seeds={"a.txt": "f" * 64},
        searches=SEARCHES,
        files={
            "below/more.txt": hashlib.sha256(b"more words").hexdigest(),
            "words.txt": hashlib.sha256(b"some words").hexdigest(),
        },
    )
    assert f"{manifest.created:%Y%m%dT%H%M%SZ}" == name.split("-")[0]


def test_a_real_generation_loads(built: Path) -> None:
    """With its name, and its manifest's counts."""
    generation, manifest = Generations(built).load()
    assert generation.name == manifest.generation == Generations(built).current()
    assert len(generation.passages) == manifest.passages == 2
    assert len(generation.documents) == manifest.documents == 2


def test_one_other_byte_in_any_file_is_damage(built: Path) -> None:
    """The error names the file and the command that mends it; a wrong answer is never given."""
    files = live_files(built)
    assert len(files) > 30
    names = {path.name for path in files}
    assert {"manifest.json", "groups.first.npy", "cache.keys.npy", "diff.json"} <= names
    for path in files:
        data = path.read_bytes()
        middle = len(data) // 2
        other = bytes([data[middle] ^ 0xFF]) if data else b"\0"
        path.write_bytes(data[:middle] + other + data[middle + 1 :])
        try:
            with pytest.raises(GenerationDamagedError) as caught:
                Generations(built).load()
        finally:
            path.write_bytes(data)
        assert caught.value.path == path
        assert str(path) in str(caught.value)
        assert "run `verbatim build" in str(caught.value)
    Generations(built).load()


def test_any_missing_file_is_damage(built: Path) -> None:
    """Named, with the command that mends it."""
    for path in live_files(built):
        data = path.read_bytes()
        path.unlink()
        try:
            with pytest.raises(GenerationDamagedError) as caught:
                Generations(built).load()
        finally:
            path.write_bytes(data)
        assert caught.value.path == path
        assert "run `verbatim build" in str(caught.value)
    Generations(built).load()


def loaded_or_refused(state_dir: Path) -> Generation | str:
    """Return the live generation, or what the error says."""
    try:
        return Generations(state_dir).load()[0]
    except GenerationError as error:
        return str(error)


@settings(max_examples=40)
@given(share=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_one_other_bit_in_the_manifest_never_gives_other_answers(
    built: Path, share: float, bit: int
) -> None:
    """It is a typed error, or what is loaded is the same but for what the manifest tells."""
    before, _ = Generations(built).load()
    path = built / "index" / before.name / "manifest.json"
    data = path.read_bytes()
    at = int(share * len(data))
    path.write_bytes(data[:at] + bytes([data[at] ^ (1 << bit)]) + data[at + 1 :])
    try:
        after = loaded_or_refused(built)
    finally:
        path.write_bytes(data)
    if isinstance(after, str):
        assert "run `verbatim build" in after
        assert "\n" not in after
    else:
        assert list(after.passages) == list(before.passages)
        assert list(after.documents) == list(before.documents)


@pytest.mark.parametrize("found", [0, FORMAT_VERSION - 1, FORMAT_VERSION + 1])
def test_another_format_is_named_with_the_command_that_mends_it(
    state_dir: Path, found: int
) -> None:
    """Even where the rest of the manifest is not known here."""
    name = promote(state_dir)
    change_manifest(state_dir, name, format=found, something_new=True)
    with pytest.raises(GenerationFormatError, match="run `verbatim build --full`") as caught:
        Generations(state_dir).load()
    assert f"format {found}" in str(caught.value)
    assert f"reads {FORMAT_VERSION}" in str(caught.value)


@pytest.mark.parametrize(
    "manifest",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b'{"format": "three"}',
        b'{"format": %d}' % FORMAT_VERSION,
        b"{" * 5000,
    ],
)
def test_what_is_no_manifest_is_damage(state_dir: Path, manifest: bytes) -> None:
    """Whatever it is instead."""
    path = state_dir / "index" / promote(state_dir) / "manifest.json"
    path.write_bytes(manifest)
    with pytest.raises(GenerationDamagedError, match="is not a manifest") as caught:
        Generations(state_dir).load()
    assert caught.value.path == path


def test_a_manifest_of_another_generation_is_damage(state_dir: Path) -> None:
    """Somebody copied a folder."""
    name = promote(state_dir)
    change_manifest(state_dir, name, generation="20200101T000000Z-00000000")
    with pytest.raises(GenerationDamagedError, match="belongs to '20200101T000000Z-00000000'"):
        Generations(state_dir).manifest()


def test_a_manifest_with_an_unknown_field_is_damage(state_dir: Path) -> None:
    """Who adds one makes it another format."""
    change_manifest(state_dir, promote(state_dir), extra=1)
    with pytest.raises(GenerationDamagedError, match="is not a manifest"):
        Generations(state_dir).manifest()


@pytest.mark.parametrize(
    "pointer",
    [
        b"",
        b"\n",
        b"garbage",
        b"../escape",
        b"../../etc",
        b"/etc",
        b".",
        b"..",
        b"20200101T000000Z-0000000g",
        b"20200101T000000Z-00000000/..",
        b"20200101T000000Z-00000000\n20200101T000000Z-00000001",
        b"\xff\xfe\x00",
    ],
)
def test_a_pointer_that_names_no_generation_is_damage(state_dir: Path, pointer: bytes) -> None:
    """It never leads out of the folder."""
    promote(state_dir)
    current = state_dir / "index" / "CURRENT"
    current.write_bytes(pointer)
    for ask in (
        Generations(state_dir).current,
        Generations(state_dir).manifest,
        Generations(state_dir).load,
    ):
        with pytest.raises(GenerationDamagedError, match="run `verbatim build") as caught:
            ask()
        assert caught.value.path == current
        assert "\n" not in str(caught.value)


def test_a_pointer_to_a_generation_that_is_gone_is_damage(state_dir: Path) -> None:
    """The name is a good one, the folder isn't there."""
    promote(state_dir)
    (state_dir / "index" / "CURRENT").write_text("20200101T000000Z-00000000\n")
    with pytest.raises(GenerationDamagedError, match="20200101T000000Z-00000000"):
        Generations(state_dir).load()


def test_a_build_mends_a_damaged_pointer(state_dir: Path) -> None:
    """As the error promised."""
    promote(state_dir)
    (state_dir / "index" / "CURRENT").write_text("garbage")
    name = promote(state_dir)
    assert Generations(state_dir).current() == name


def test_the_generations_before_are_kept_and_older_ones_are_dropped(state_dir: Path) -> None:
    """Another process may be reading them; three are kept, the live one included."""
    names = [promote(state_dir) for _ in range(5)]
    assert KEEP == 3
    assert entries(state_dir) == sorted([*names[2:], *BESIDE])
    assert Generations(state_dir).current() == names[4]
    assert Generations(state_dir).names() == names[:1:-1]
    assert Generations(state_dir).history() == History(promoted=tuple(names[2:]))


def test_what_is_no_generation_is_left_alone(state_dir: Path) -> None:
    """Nobody's files are deleted but our own."""
    promote(state_dir)
    (state_dir / "index" / "notes").mkdir()
    (state_dir / "index" / "notes" / "mine.txt").write_text("mine")
    promote(state_dir)
    promote(state_dir)
    assert (state_dir / "index" / "notes" / "mine.txt").read_text() == "mine"


def test_a_generation_is_complete_before_it_is_live(state_dir: Path) -> None:
    """While it is written, the one before is what readers get."""
    before = promote(state_dir)
    seen: list[str | None] = []

    def look_and_write(folder: Path) -> dict[str, Measured]:
        seen.append(Generations(state_dir).current())
        return write_words(folder)

    assert promote(state_dir, look_and_write) != before
    assert seen == [before]


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (OSError(28, "No space left on device"), StateFolderError),
        (TypeError("a bug"), TypeError),
        (KeyboardInterrupt(), KeyboardInterrupt),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else repr(value),
)
def test_a_writer_that_fails_half_way_leaves_the_old_live_and_no_folder_behind(
    state_dir: Path, error: BaseException, expected: type[BaseException]
) -> None:
    """Whatever stopped it: a full disk, an error of ours, or a person."""
    before = promote(state_dir)

    def fail(folder: Path) -> NoReturn:
        write_words(folder)
        raise error

    with pytest.raises(expected):
        promote(state_dir, fail)
    assert Generations(state_dir).current() == before
    assert entries(state_dir) == sorted([before, *BESIDE])
    assert Generations(state_dir).history() == History(promoted=(before,))


def test_a_full_disk_is_said_in_one_line(state_dir: Path) -> None:
    """With the system's reason, and what is live still."""

    def fail(_folder: Path) -> NoReturn:
        raise OSError(28, "No space left on device")

    with pytest.raises(StateFolderError) as caught:
        promote(state_dir, fail)
    assert str(caught.value) == (
        f"the index can't be written to {state_dir / 'index'} (No space left on device); "
        "the one before stays live"
    )


def test_a_disk_that_fills_up_under_the_vectors_is_a_typed_error(state_dir: Path) -> None:
    """FAISS has an error of its own for it."""
    vectors = DenseIndex.from_vectors(np.ones((2000, 384), np.float32))

    def fill(_folder: Path) -> dict[str, Measured]:
        vectors.save(Path("/dev/full"))
        return {}

    with pytest.raises(StateFolderError, match="can't be written"):
        promote(state_dir, fill)


@pytest.mark.parametrize("below", [".", "index"], ids=["the state folder", "its index"])
def test_a_file_in_the_place_of_the_folder_is_a_typed_error(state_dir: Path, below: str) -> None:
    """For the one who writes and for the one who reads."""
    place = state_dir / below
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("in the way")
    with pytest.raises(StateFolderError, match="can't be written"):
        promote(state_dir)
    with pytest.raises(GenerationDamagedError, match="run `verbatim build"):
        Generations(state_dir).load()
    assert place.read_text() == "in the way"


def test_a_folder_in_the_place_of_the_pointer_leaves_nothing_behind(state_dir: Path) -> None:
    """It can't be made to name a generation."""
    (state_dir / "index" / "CURRENT").mkdir(parents=True)
    with pytest.raises(StateFolderError, match="can't be written"):
        promote(state_dir)
    assert entries(state_dir) == ["CURRENT", "build.lock", "history.json"]
