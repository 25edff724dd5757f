"""What one segment holds: all that is stored of some documents, written once and never changed.

documents.jsonl                one Document a line; documents.start.npy says where each begins
documents.vectors.npy          the mean of each document's passages' vectors
documents.published.npy        its first and last day; documents.languages.npy: its language
documents.detected.npy         the language that was found in its text, `und` where it is short
documents.stated.npy           whether its language was stated
documents.origin.npy           the key of all that its reading followed from (`index.remembered`)
titles.*.npy                   the words of titles and file names
*.by_id.npy                    the rows of documents, and of passages, in the order of their ids
passages.jsonl                 one Passage a line; line i is row i everywhere below
passages.document.npy          the row of each passage's document
passages.faiss                 the passages' vectors; where they are many, passages.vectors.npy too
passages.bands.npy             by what near-duplicates are found (`index.duplicates`)
sentences.faiss                the sentences' vectors; sentences.*.npy says whose they are
tokens.*.npy                   the words' vectors
terms.*.npy                    the index terms of each passage
document_terms.*.npy           the same of each whole document
lexical/                       the full-text index over the passages
cache.keys.npy                 what of the cache it was made of

Statistics are those of this segment's own texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import TypeAdapter

from index.arrays import load_array, load_arrays
from index.dense import DenseIndex
from index.errors import GenerationDamagedError
from index.lexical import LexicalIndex
from index.records import Records, row_by_id
from index.sentences import SentenceTable
from index.terms import TermStore
from index.titles import TitleStore
from index.tokens import TokenStore
from index.types import Document, Passage

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["DOCUMENT", "PASSAGE", "Segment"]

DOCUMENT = TypeAdapter(Document)
PASSAGE = TypeAdapter(Passage)
_OF_DOCUMENTS = ("vectors", "by_id", "published", "languages", "detected", "stated", "origin")
_OF_PASSAGES = ("document", "by_id", "bands")


@dataclass(frozen=True, kw_only=True)
class Segment:
    """A segment, mapped. Row i of every store is `passages[i]`, or else `documents[i]`."""

    name: str
    documents: Records[Document]
    document_vectors: NDArray[np.float32]
    documents_by_id: NDArray[np.int32]
    published: NDArray[np.int32]
    languages: NDArray[np.str_]
    detected: NDArray[np.str_]
    stated: NDArray[np.bool_]
    origin: NDArray[np.uint8]
    """`(m, 16)`-shaped."""
    titles: TitleStore
    passages: Records[Passage]
    document_rows: NDArray[np.int64]
    """The row of each passage's document, `(n,)`-shaped; a document's passages stand together."""
    by_id: NDArray[np.int32]
    bands: NDArray[np.uint64]
    """`(bands, n)`-shaped."""
    vectors: DenseIndex
    sentences: SentenceTable
    sentence_vectors: DenseIndex
    tokens: TokenStore
    terms: TermStore
    document_terms: TermStore
    lexical: LexicalIndex

    @cached_property
    def passage_starts(self) -> NDArray[np.int64]:
        """Where each document's passages start, and where the last one's end."""
        return np.searchsorted(self.document_rows, np.arange(len(self.documents) + 1))

    def row_of(self, passage_id: str) -> int | None:
        """Return the row of a passage, None where it is not there."""
        return row_by_id(passage_id, self.passages, self.by_id)

    def document_row_of(self, document_id: str) -> int | None:
        """Return the row of a document, None where it is not there."""
        return row_by_id(document_id, self.documents, self.documents_by_id)

    def is_consistent(self) -> bool:
        """Whether every store has as many rows as there are passages, documents or sentences."""
        of_passages = (
            self.vectors,
            self.tokens,
            self.terms,
            self.sentences,
            self.document_rows,
            self.by_id,
            self.bands.T,
        )
        of_documents = (
            self.document_vectors,
            self.document_terms,
            self.documents_by_id,
            self.published,
            self.languages,
            self.detected,
            self.stated,
            self.titles,
            self.origin,
        )
        rows = np.unique(self.document_rows)
        return (
            all(len(store) == len(self.passages) for store in of_passages)
            and all(len(store) == len(self.documents) for store in of_documents)
            and len(self.sentence_vectors) == len(self.sentences.spans)
            and np.array_equal(rows, np.arange(len(self.documents)))
        )

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what a `SegmentWriter` wrote into a folder, which is named as the segment is.

        Raises:
            GenerationDamagedError: a file is missing, or the files don't fit together.
        """
        try:
            of_documents = load_arrays(folder, "documents", _OF_DOCUMENTS)
            of_passages = load_arrays(folder, "passages", _OF_PASSAGES)
            segment = cls(
                name=folder.name,
                documents=Records.load(folder, "documents", DOCUMENT),
                document_vectors=of_documents["vectors"],
                documents_by_id=of_documents["by_id"],
                published=of_documents["published"],
                languages=of_documents["languages"],
                detected=of_documents["detected"],
                stated=of_documents["stated"],
                origin=of_documents["origin"],
                titles=TitleStore.load(folder, "titles"),
                passages=Records.load(folder, "passages", PASSAGE),
                document_rows=of_passages["document"],
                by_id=of_passages["by_id"],
                bands=of_passages["bands"],
                vectors=DenseIndex.load(folder / "passages.faiss"),
                sentences=SentenceTable.load(folder, "sentences"),
                sentence_vectors=DenseIndex.load(folder / "sentences.faiss"),
                tokens=TokenStore.load(folder, "tokens"),
                terms=TermStore.load(folder, "terms"),
                document_terms=TermStore.load(folder, "document_terms"),
                lexical=LexicalIndex.load(folder / "lexical"),
            )
        except (OSError, EOFError, KeyError, ValueError) as error:
            raise GenerationDamagedError(folder, " ".join(str(error).split())[:200]) from error
        if not segment.is_consistent():
            raise GenerationDamagedError(folder, "its files don't fit together")
        return segment

    @staticmethod
    def cache_keys(folder: Path) -> NDArray[np.uint64]:
        """Return what of the cache a segment was made of (`index.cache`), ascending.

        Raises:
            OSError: it can't be read.
            ValueError: it is something else.
        """
        return load_array(folder / "cache.keys.npy")
