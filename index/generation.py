"""What one generation holds, and how it is written and read.

documents.jsonl                one Document a line; documents.start.npy says where each begins
documents.vectors.npy          the mean of each document's passages' vectors
documents.published.npy        its first and last day; documents.languages.npy: its language
titles.*.npy                   the words of titles and file names
*.by_id.npy                    the rows of documents, and of passages, in the order of their ids
passages.jsonl                 one Passage a line; line i is row i everywhere below
passages.document.npy          the row of each passage's document
passages.faiss                 the passages' vectors; where they are many, passages.vectors.npy too
sentences.faiss                the sentences' vectors; sentences.*.npy says whose they are
tokens.*.npy, projection.*.npy the words' vectors, and how they were made smaller
terms.*.npy                    the index terms of each passage
document_terms.*.npy           the same of each whole document
groups.first.npy               the first passage of those that say the same as each
lexical/                       the full-text index over the passages
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import TypeAdapter

from index.arrays import load_arrays, save_arrays
from index.dense import DenseIndex
from index.errors import GenerationDamagedError
from index.lexical import LexicalIndex
from index.queries import days_of
from index.records import Records, order_by_id, row_by_id
from index.sentences import SentenceTable
from index.terms import TermStore
from index.titles import TitleStore
from index.tokens import Projection, TokenStore
from index.types import Document, Passage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.encoding import EncodedCorpus
    from index.searches import IndexKind, Measured
    from index.types import Vectors

__all__ = ["Generation", "write_generation"]

_DOCUMENT = TypeAdapter(Document)
_PASSAGE = TypeAdapter(Passage)
_OF_DOCUMENTS = ("vectors", "by_id", "published", "languages")
_OF_PASSAGES = ("document", "by_id")


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A generation in memory, or mapped there. Row i of every store is `passages[i]`."""

    name: str
    documents: Sequence[Document]
    document_vectors: NDArray[np.float32]
    passages: Sequence[Passage]
    document_rows: NDArray[np.int64]
    """The row of each passage's document, `(n,)`-shaped; a document's passages stand together."""
    by_id: NDArray[np.int32]
    """The rows of the passages in the order of their ids."""
    documents_by_id: NDArray[np.int32]
    """The rows of the documents in the order of their ids."""
    published: NDArray[np.int32]
    """The first and last day, yyyymmdd, that each document may be of, `(m, 2)`-shaped."""
    languages: NDArray[np.str_]
    """The language of each document, `(m,)`-shaped."""
    titles: TitleStore
    vectors: DenseIndex
    sentences: SentenceTable
    sentence_vectors: DenseIndex
    tokens: TokenStore
    projection: Projection
    terms: TermStore
    document_terms: TermStore
    first_alike: NDArray[np.int32]
    lexical: LexicalIndex

    @cached_property
    def distinct_languages(self) -> list[str]:
        """Every language that some document is in, sorted."""
        return sorted(np.unique(self.languages).tolist())

    def get_ready(self) -> None:
        """Work out what the first question would else have to."""
        _ = self.distinct_languages, self._later_alike

    def row_of(self, passage_id: str) -> int | None:
        """Return the row of a passage, None where it is not there."""
        return row_by_id(passage_id, self.passages, self.by_id)

    def document_row_of(self, document_id: str) -> int | None:
        """Return the row of a document, None where it is not there."""
        return row_by_id(document_id, self.documents, self.documents_by_id)

    def newest(self, count: int) -> NDArray[np.int64]:
        """Return the rows of so many documents that were published last; ties go by row."""
        first_days = np.asarray(self.published)[:, 0]
        return np.argsort(-first_days, kind="stable")[: max(count, 0)]

    def is_consistent(self) -> bool:
        """Whether every store has as many rows as there are passages, documents or sentences."""
        of_passages = (
            self.vectors,
            self.tokens,
            self.terms,
            self.sentences,
            self.first_alike,
            self.document_rows,
            self.by_id,
        )
        of_documents = (
            self.document_vectors,
            self.document_terms,
            self.documents_by_id,
            self.published,
            self.languages,
            self.titles,
        )
        rows = np.unique(self.document_rows)
        return (
            all(len(store) == len(self.passages) for store in of_passages)
            and all(len(store) == len(self.documents) for store in of_documents)
            and len(self.sentence_vectors) == len(self.sentences.spans)
            and np.array_equal(rows, np.arange(len(self.documents)))
        )

    def alike(self, row: int) -> list[int]:
        """Return the rows of a passage's near-duplicates, itself among them; without any, none."""
        rows, firsts = self._later_alike
        first = int(self.first_alike[row])
        later = rows[slice(*np.searchsorted(firsts, [first, first + 1]))].tolist()
        return [first, *later] if later else []

    @cached_property
    def _later_alike(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Every passage that says the same as one before it, and the first of these, ascending."""
        first_alike = np.asarray(self.first_alike)
        rows = np.flatnonzero(first_alike != np.arange(len(first_alike)))
        order = np.argsort(first_alike[rows], kind="stable")
        return rows[order], first_alike[rows][order]

    @classmethod
    def load(cls, folder: Path, *, name: str) -> Self:
        """Read what `write_generation` wrote.

        Raises:
            GenerationDamagedError: a file is missing, or the files don't fit together.
        """
        try:
            of_documents = load_arrays(folder, "documents", _OF_DOCUMENTS)
            of_passages = load_arrays(folder, "passages", _OF_PASSAGES)
            generation = cls(
                name=name,
                documents=Records.load(folder, "documents", _DOCUMENT),
                document_vectors=of_documents["vectors"],
                documents_by_id=of_documents["by_id"],
                published=of_documents["published"],
                languages=of_documents["languages"],
                titles=TitleStore.load(folder, "titles"),
                passages=Records.load(folder, "passages", _PASSAGE),
                document_rows=of_passages["document"],
                by_id=of_passages["by_id"],
                vectors=DenseIndex.load(folder / "passages.faiss"),
                sentences=SentenceTable.load(folder, "sentences"),
                sentence_vectors=DenseIndex.load(folder / "sentences.faiss"),
                tokens=TokenStore.load(folder, "tokens"),
                projection=Projection.load(folder, "projection"),
                terms=TermStore.load(folder, "terms"),
                document_terms=TermStore.load(folder, "document_terms"),
                first_alike=load_arrays(folder, "groups", ["first"])["first"],
                lexical=LexicalIndex.load(folder / "lexical"),
            )
        except (OSError, EOFError, KeyError, ValueError) as error:
            raise GenerationDamagedError(folder, " ".join(str(error).split())[:200]) from error
        if not generation.is_consistent():
            raise GenerationDamagedError(folder, "its files don't fit together")
        return generation


def write_generation(
    folder: Path,
    *,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    sentences: SentenceTable,
    encoded: EncodedCorpus,
    terms: Sequence[Sequence[str]],
    first_alike: NDArray[np.int32] | None = None,
    kind: IndexKind | None = None,
) -> dict[str, Measured]:
    """Write a generation's stores into a folder. `terms` are the index terms of each passage.

    Without `first_alike`, no passage is taken for a near-duplicate of another. Without a `kind`,
    the number of vectors decides how they are kept. Returns how the passages' and the sentences'
    are searched.
    """
    if first_alike is None:
        first_alike = np.arange(len(passages), dtype=np.int32)
    Records.save(folder, "documents", _DOCUMENT, documents)
    Records.save(folder, "passages", _PASSAGE, passages)
    row_of = {document.id: row for row, document in enumerate(documents)}
    rows = np.array([row_of[passage.document_id] for passage in passages], np.int64)
    save_arrays(folder, "passages", {"document": rows, "by_id": order_by_id(passages)})
    about = {
        "vectors": _means(encoded.passages, rows),
        "by_id": order_by_id(documents),
        "published": np.array([days_of(each.source.published) for each in documents], np.int32),
        "languages": np.array([each.language for each in documents], np.str_),
    }
    save_arrays(folder, "documents", about)
    TitleStore.from_documents(documents).save(folder, "titles")
    measured = {
        "passages": _save_index(folder / "passages.faiss", encoded.passages, kind),
        "sentences": _save_index(folder / "sentences.faiss", encoded.sentences, kind),
    }
    sentences.save(folder, "sentences")
    encoded.tokens.save(folder, "tokens")
    encoded.projection.save(folder, "projection")
    TermStore.from_terms(terms).save(folder, "terms")
    of_document: dict[str, list[str]] = {document.id: [] for document in documents}
    for passage, its_terms in zip(passages, terms, strict=True):
        of_document[passage.document_id] += its_terms
    TermStore.from_terms(of_document.values()).save(folder, "document_terms")
    save_arrays(folder, "groups", {"first": first_alike})
    (folder / "lexical").mkdir()
    LexicalIndex.create(folder / "lexical", terms)
    return measured


def _save_index(path: Path, vectors: Vectors, kind: IndexKind | None) -> Measured:
    index = DenseIndex.from_vectors(vectors, kind=kind)
    measured = index.tune(vectors)
    index.save(path)
    return measured


def _means(vectors: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean of the vectors of each document; a document's rows stand together."""
    _, firsts, counts = np.unique(rows, return_index=True, return_counts=True)
    sums = np.add.reduceat(vectors, firsts, axis=0)
    return np.asarray(sums / counts[:, None], np.float32)
