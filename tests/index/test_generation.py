"""What one generation holds, written and read."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.arrays import save_arrays
from index.assembling import assemble
from index.assembly import SEGMENTS, Assembly
from index.duplicates import bands_of
from index.encoded import Recipes
from index.encoding import PassageText, encode_corpus
from index.errors import GenerationDamagedError
from index.generation import Generation
from index.segment import Segment
from index.segment_writer import Batch, SegmentWriter
from index.sentences import SentenceTable, sentence_spans
from index.text import sha256_hex
from index.types import Document, Passage, Source, Span
from tests.fakes import FakeEncoder

FIRST = "Cats sleep. Dogs “bark” 🙂."
SECOND = "Cows sleep."
THIRD = "Häuser brennen."


def document(name: str, text: str, language: str) -> Document:
    """Return a document with everything about it known."""
    source = Source(
        title=f"About {name}",
        path=f"seeds/{name}.txt",
        publisher="The Gazette",
        authors=("A. One", "B. Two"),
        published="2011-06",
        url="https://example.org/a?b=c",
        language=language,
        licence="CC0",
    )
    return Document(
        id=f"doc-{name}",
        source=source,
        text=text,
        content_hash=sha256_hex(text),
        language=language,
    )


DOCUMENTS = [document("b", f"{FIRST}\n\n{SECOND}", "en"), document("a", THIRD, "de")]
PASSAGES = [
    Passage(id="p1", document_id="doc-b", number=1, of=2, start=0, end=len(FIRST), text=FIRST),
    Passage(
        id="p2",
        document_id="doc-b",
        number=2,
        of=2,
        start=len(FIRST) + 2,
        end=len(FIRST) + 2 + len(SECOND),
        text=SECOND,
        page=3,
        heading="Farm › Cows",
    ),
    Passage(id="p3", document_id="doc-a", number=1, of=1, start=0, end=len(THIRD), text=THIRD),
]
FIRST_ALIKE = np.array([0, 1, 0], np.int32)
SEGMENT = "20260101T000000Z-00000000"
TERMS = [["cat", "sleep", "dog", "bark"], ["cow", "sleep"], ["haus", "brenn"]]


def write(folder: Path) -> None:
    """Write a generation of two documents of three passages, in one segment."""
    texts = [PassageText("", each.text, sentence_spans(each.text)) for each in PASSAGES]
    recipes = Recipes.from_encoder(FakeEncoder(), None)
    place = folder.parent / SEGMENTS / SEGMENT
    place.mkdir(parents=True)
    with SegmentWriter(place, FakeEncoder().dimension) as writer:
        writer.append(
            Batch(
                documents=DOCUMENTS,
                origins=[bytes(16), bytes(16)],
                detected=["en", "de"],
                passages=PASSAGES,
                sentences=SentenceTable.from_spans([each.sentences for each in texts]),
                encoded=encode_corpus(texts, recipes),
                terms=TERMS,
                bands=bands_of([each.text for each in PASSAGES]),
            )
        )
        writer.close()
    folder.mkdir(exist_ok=True)
    rows = np.arange(2)
    whole = Assembly.of([Segment.load(place)], np.zeros(2, np.int32), rows)
    assemble(folder, whole, recipes.projection)
    save_arrays(folder, "groups", {"first": FIRST_ALIKE})


def place_of(folder: Path, name: str) -> Path:
    """Return where a file is: of the generation itself, or of its segment."""
    path = folder / name
    return path if path.exists() else folder.parent / SEGMENTS / SEGMENT / name


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a generation that is only read."""
    folder = tmp_path_factory.mktemp("index") / "generation"
    write(folder)
    return folder


@pytest.fixture(scope="module")
def generation(folder: Path) -> Generation:
    """Return the generation loaded."""
    return Generation.load(folder, name="a-name")


def test_documents_and_passages_come_back_as_they_were(generation: Generation) -> None:
    """Field by field, in their order."""
    assert generation.name == "a-name"
    assert list(generation.documents) == DOCUMENTS
    assert list(generation.passages) == PASSAGES


def test_vectors_come_back_in_the_order_of_the_passages(generation: Generation) -> None:
    """Exactly."""
    vectors = FakeEncoder().encode_passages([FIRST, SECOND, THIRD])
    assert np.array_equal(generation.vectors.vectors(np.arange(3)), vectors)
    sentences = ["Cats sleep.", "Dogs “bark” 🙂.", "Cows sleep.", "Häuser brennen."]
    assert np.array_equal(
        generation.sentence_vectors.vectors(np.arange(4)), FakeEncoder().encode_passages(sentences)
    )


def test_sentences_stand_where_they_did(generation: Generation) -> None:
    """Offsets count code points."""
    assert generation.sentences.of_passage(0) == [Span(0, 11), Span(12, 26)]
    assert generation.sentences.of_passage(2) == [Span(0, 15)]


def test_a_documents_vector_is_the_mean_of_its_passages(generation: Generation) -> None:
    """In the documents' order, whatever their ids."""
    first, second, third = FakeEncoder().encode_passages([FIRST, SECOND, THIRD])
    assert generation.document_vectors == pytest.approx(
        np.array([(first + second) / 2, third]), abs=1e-6
    )


def test_each_passage_knows_its_document(generation: Generation) -> None:
    """As a row, and with its language."""
    assert generation.document_rows.tolist() == [0, 0, 1]
    assert generation.languages.tolist() == ["en", "de"]


def test_terms_are_kept_of_passages_and_of_whole_documents(generation: Generation) -> None:
    """A document's are those of its passages."""
    rows = np.arange(3)
    assert generation.terms.occurrences(["sleep", "haus"], rows).tolist() == [
        [1, 0],
        [1, 0],
        [0, 1],
    ]
    assert generation.document_terms.occurrences(["sleep", "haus"], rows[:2]).tolist() == [
        [2, 0],
        [0, 1],
    ]
    assert generation.document_terms.of_rows(rows[:2]).lengths.tolist() == [6, 2]
    assert generation.lexical.search(["cow"], 5) == [1]


def test_passages_that_say_the_same_are_kept_in_groups(generation: Generation) -> None:
    """By the first of each; who stands alone is in none."""
    assert generation.first_alike.tolist() == [0, 1, 0]
    assert generation.first_alike.dtype == np.int32
    assert generation.alike(0) == generation.alike(2) == [0, 2]
    assert generation.alike(1) == []


def test_reading_changes_nothing(folder: Path, generation: Generation) -> None:
    """A generation is never changed after it was written."""

    def state() -> dict[str, tuple[int, bytes]]:
        return {
            path.relative_to(folder.parent).as_posix(): (
                path.stat().st_mtime_ns,
                path.read_bytes(),
            )
            for path in folder.parent.rglob("*")
            if path.is_file()
        }

    before = state()
    again = Generation.load(folder, name="a-name")
    assert again.lexical.search(["sleep"], 5) == generation.lexical.search(["sleep"], 5)
    assert state() == before


@pytest.mark.parametrize(
    "name",
    [
        "documents.jsonl",
        "passages.jsonl",
        "passages.faiss",
        "sentences.faiss",
        "segments.json",
        "documents.segment.npy",
        "documents.vectors.npy",
        "sentences.spans.npy",
        "tokens.words.npy",
        "projection.matrix.npy",
        "terms.hashes.npy",
        "document_terms.start.npy",
        "groups.first.npy",
        "lexical/meta.json",
    ],
)
@pytest.mark.parametrize("contents", [None, b"", b"not what it was\n"], ids=["none", "0", "other"])
def test_a_file_that_is_missing_or_another_is_damage(
    tmp_path: Path, folder: Path, name: str, contents: bytes | None
) -> None:
    """A typed error of one line, whichever library met it."""
    shutil.copytree(folder.parent, tmp_path / "index")
    copy = tmp_path / "index" / folder.name
    if contents is None:
        place_of(copy, name).unlink()
    else:
        place_of(copy, name).write_bytes(contents)
    with pytest.raises(GenerationDamagedError) as caught:
        Generation.load(copy, name="a-name")
    assert "verbatim build" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file", ["passages.jsonl", "documents.jsonl"])
def test_files_that_dont_fit_together_are_damage(tmp_path: Path, file: str) -> None:
    """Each can be read by itself; a record is missing."""
    write(tmp_path / "generation")
    path = place_of(tmp_path / "generation", file)
    path.write_bytes(path.read_bytes().split(b"\n", 1)[1])
    with pytest.raises(GenerationDamagedError, match=rf"{file} and \w+\.start\.npy don't fit"):
        Generation.load(tmp_path / "generation", name="a-name")


@pytest.mark.parametrize("first", [[0, 1], [0, 1, 0, 3], []], ids=["fewer", "more", "none"])
def test_groups_that_dont_fit_the_passages_are_damage(tmp_path: Path, first: list[int]) -> None:
    """There is one row for each passage."""
    write(tmp_path / "generation")
    save_arrays(tmp_path / "generation", "groups", {"first": np.array(first, np.int32)})
    with pytest.raises(GenerationDamagedError, match="fit together"):
        Generation.load(tmp_path / "generation", name="a-name")
