"""Retrieval collections in BEIR's format."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.beir import load_collection
from index.errors import EvaluationError
from index.types import Source

if TYPE_CHECKING:
    from pathlib import Path

CORPUS = (
    '{"_id": "d1", "title": "The Gate", "text": "It stood open all night.", "metadata": {}}\n'
    '{"_id": "d2", "text": "The well gives cold water."}\n'
    '{"_id": 3, "title": "", "text": "Nobody came."}\n'
    '{"_id": "d4", "title": "Nothing", "text": " "}\n'
)
QUERIES = '{"_id": "q1", "text": "was it open?"}\n{"_id": "q2", "text": "who came?"}\n'
QRELS = "query-id\tcorpus-id\tscore\nq1\td1\t2\nq1\td2\t1\nq1\t3\t0\n"


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """Write a small collection."""
    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(CORPUS, "utf-8")
    (folder / "queries.jsonl").write_text(QUERIES, "utf-8")
    (folder / "qrels" / "test.tsv").write_text(QRELS, "utf-8")
    return folder


def refusal(folder: Path) -> str:
    """Return the message with which the collection is refused, the folder taken off."""
    with pytest.raises(EvaluationError) as error:
        load_collection(folder)
    message = str(error.value)
    assert "\n" not in message
    assert message.startswith(f"{folder}/")
    return message.removeprefix(f"{folder}/")


def test_a_collection_is_read(collection: Path) -> None:
    """Documents by id without the blank one, queries, and the relevant of the judged."""
    read = load_collection(collection)
    assert {id_: parsed.document.text for id_, parsed in read.documents.items()} == {
        "d1": "It stood open all night.",
        "d2": "The well gives cold water.",
        "3": "Nobody came.",
    }
    assert read.documents["d1"].document.source == Source(title="The Gate", path="tiny/d1")
    assert read.documents["d2"].document.source.title == "d2"
    assert read.queries == {"q1": "was it open?", "q2": "who came?"}
    assert read.qrels == {"q1": {"d1": 2, "d2": 1}}


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("", "Share prices in Europe"),
        ("", "https://example.org"),
        ("", "Photo: A. Person"),
        ("The Gate", "The gate"),
        ("", "One.\n\nTwo."),
        ("", "Gate open, well closed"),
    ],
)
def test_every_document_is_one_paragraph_whatever_it_looks_like(
    collection: Path, title: str, text: str
) -> None:
    """A collection's texts are its own: none is a title or page furniture."""
    escaped = text.replace("\n", "\\n")
    (collection / "corpus.jsonl").write_text(
        f'{{"_id": "d1", "title": "{title}", "text": "{escaped}"}}\n', "utf-8"
    )
    parsed = load_collection(collection).documents["d1"]
    assert [parsed.document.text[slice(*each.span)] for each in parsed.paragraphs] == [text]


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(collection: Path, name: str) -> None:
    """All three files are needed."""
    (collection / name).unlink()
    assert refusal(collection).startswith(f"{name}: can't be read (")


@pytest.mark.parametrize("name", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_file_that_is_not_utf_8_is_named(collection: Path, name: str) -> None:
    """The format is UTF-8."""
    (collection / name).write_bytes(b'{"_id": "caf\xe9", "text": "x"}\n')
    assert refusal(collection).startswith(f"{name}: can't be read (")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "queries.jsonl:3: not JSON (Expecting property name enclosed in double quotes)"),
        ('{"_id": "q3"}', "queries.jsonl:3: lacks one of _id, text"),
        ('{"text": "why?"}', "queries.jsonl:3: lacks one of _id, text"),
        ('["q3", "why?"]', "queries.jsonl:3: lacks one of _id, text"),
    ],
)
def test_a_malformed_line_is_named(collection: Path, line: str, message: str) -> None:
    """The message says the file, the line's number and what is wrong."""
    (collection / "queries.jsonl").write_text(QUERIES + line + "\n", "utf-8")
    assert refusal(collection) == message


@pytest.mark.parametrize("row", ["q1\td1", "q1\td1\t1\t1", "q1\td1\thigh", "q1 d1 1"])
def test_a_malformed_judgement_is_named(collection: Path, row: str) -> None:
    """A row is a query, a document and a whole number."""
    (collection / "qrels" / "test.tsv").write_text(QRELS + row + "\n", "utf-8")
    assert refusal(collection) == "qrels/test.tsv:5: not query, document, score"


def test_a_collection_without_judgements_is_read(collection: Path) -> None:
    """Then nothing has an answer."""
    (collection / "qrels" / "test.tsv").write_text("")
    assert load_collection(collection).qrels == {}
