"""Writes a segment, batch by batch: what it needs in memory does not grow with what is written.

Except for what is sorted or clustered at the end: the ids, the distinct terms, and the index of
the vectors that is being made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypedDict

import numpy as np

from index.arrays import GrowingStore, save_arrays
from index.growing import VectorWriter
from index.lexical import LexicalWriter
from index.queries import days_of
from index.records import RecordWriter, order_of
from index.segment import DOCUMENT, PASSAGE
from index.terms import TermStore
from index.titles import TitleStore
from index.word_writers import TermWriter, TokenWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from index.encoding import EncodedCorpus
    from index.searches import IndexKind, Measured
    from index.sentences import SentenceTable
    from index.types import Document, Passage, Vectors

__all__ = ["Batch", "SegmentWriter", "Written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some whole documents, with all that is stored of them; `passages` document by document.

    `origins` are of each document, 16 bytes; `detected` the language found in it. `terms` are the
    index terms of each passage, `bands` by what near-duplicates are found.
    """

    documents: Sequence[Document]
    origins: Sequence[bytes]
    detected: Sequence[str]
    passages: Sequence[Passage]
    sentences: SentenceTable
    terms: Sequence[Sequence[str]]
    encoded: EncodedCorpus
    bands: NDArray[np.uint64]


class Written(TypedDict):
    """How large a segment is, and how its vectors are searched."""

    documents: int
    passages: int
    searches: dict[str, Measured]


class SegmentWriter:
    """Writes the files of one segment into a folder; `index.segment` reads them.

    Leaving its `with` block lets go of the files, whether it was closed or not.
    """

    def __init__(self, folder: Path, dimension: int, kind: IndexKind | None = None) -> None:
        """Begin a segment; without a `kind`, the number of vectors decides how they are kept."""
        self._folder = folder
        self._document_ids: list[str] = []
        self._passage_ids: list[str] = []
        self._documents = RecordWriter(folder, "documents", DOCUMENT)
        self._passages = RecordWriter(folder, "passages", PASSAGE)
        self._of_documents = GrowingStore(folder, "documents")
        self._of_passages = GrowingStore(folder, "passages")
        self._languages: list[tuple[str, str]] = []
        self._titles: list[TitleStore] = []
        self._vectors = VectorWriter(folder / "passages.faiss", dimension, kind)
        self._sentence_vectors = VectorWriter(folder / "sentences.faiss", dimension, kind)
        self._sentences = GrowingStore(folder, "sentences")
        self._tokens = TokenWriter(folder, "tokens")
        self._terms = TermWriter(folder, "terms")
        self._document_terms = TermWriter(folder, "document_terms")
        (folder / "lexical").mkdir()
        self._lexical = LexicalWriter(folder / "lexical")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for each in (
            self._documents,
            self._passages,
            self._of_documents,
            self._of_passages,
            self._vectors,
            self._sentence_vectors,
            self._sentences,
            self._tokens,
            self._terms,
            self._document_terms,
        ):
            each.abandon()

    def append(self, batch: Batch) -> None:
        """Add documents at the end."""
        rows = self._rows_of(batch)
        before = len(self._passage_ids)
        self._passages.append(batch.passages)
        self._of_passages.append(
            {"document": rows + len(self._document_ids), "bands.rows": batch.bands}
        )
        self._sentences.append_parted(
            batch.sentences.start,
            {"spans": batch.sentences.spans, "owner": batch.sentences.owner + np.int32(before)},
        )
        self._vectors.append(batch.encoded.passages)
        self._sentence_vectors.append(batch.encoded.sentences)
        self._tokens.append(batch.encoded.tokens)
        self._terms.append(TermStore.from_terms(batch.terms))
        self._lexical.append(batch.terms)
        self._passage_ids += [passage.id for passage in batch.passages]
        self._append_documents(batch, rows)

    def _append_documents(self, batch: Batch, rows: NDArray[np.int64]) -> None:
        self._documents.append(batch.documents)
        stated = [each.source.language is not None for each in batch.documents]
        published = [days_of(each.source.published) for each in batch.documents]
        self._of_documents.append(
            {
                "vectors": _means(batch.encoded.passages, rows),
                "published": np.array(published, np.int32),
                "stated": np.array(stated, np.bool_),
                "origin": np.frombuffer(b"".join(batch.origins), np.uint8).reshape(-1, 16),
            }
        )
        of_document: list[list[str]] = [[] for _ in batch.documents]
        for row, terms in zip(rows.tolist(), batch.terms, strict=True):
            of_document[row] += terms
        self._document_terms.append(TermStore.from_terms(of_document))
        self._titles.append(TitleStore.from_documents(batch.documents))
        self._document_ids += [document.id for document in batch.documents]
        languages = [document.language for document in batch.documents]
        self._languages += zip(languages, batch.detected, strict=True)

    def close(self, keys: NDArray[np.uint64] | None = None) -> Written:
        """End the files; `keys` are those of the cache that it was made of, ascending."""
        folder = self._folder
        self._documents.close()
        self._passages.close()
        self._of_documents.close()
        self._sentences.close()
        self._tokens.close()
        self._terms.close()
        self._document_terms.close()
        self._lexical.close()
        _turn(folder, self._of_passages.close()["bands.rows"])
        languages, detected = zip(*self._languages, strict=True)
        save_arrays(
            folder,
            "documents",
            {
                "by_id": order_of(self._document_ids),
                "languages": np.array(languages, np.str_),
                "detected": np.array(detected, np.str_),
            },
        )
        TitleStore.joined(self._titles).save(folder, "titles")
        save_arrays(folder, "passages", {"by_id": order_of(self._passage_ids)})
        save_arrays(folder, "cache", {"keys": np.zeros(0, np.uint64) if keys is None else keys})
        return Written(
            documents=len(self._document_ids),
            passages=len(self._passage_ids),
            searches={
                "passages": self._vectors.close(),
                "sentences": self._sentence_vectors.close(),
            },
        )

    @staticmethod
    def _rows_of(batch: Batch) -> NDArray[np.int64]:
        row_of = {document.id: row for row, document in enumerate(batch.documents)}
        return np.array([row_of[passage.document_id] for passage in batch.passages], np.int64)


def _turn(folder: Path, bands: NDArray[np.uint64]) -> None:
    """Write band after band what came row after row, so that one can be looked through alone."""
    count, width = bands.shape
    path = folder / "passages.bands.npy"
    turned = np.lib.format.open_memmap(path, "w+", bands.dtype, (width, count))
    for band in range(width):
        turned[band] = bands[:, band]
    turned.flush()
    (folder / "passages.bands.rows.npy").unlink()


def _means(vectors: Vectors, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the mean of the vectors of each document; a document's rows stand together."""
    _, firsts, counts = np.unique(rows, return_index=True, return_counts=True)
    sums = np.add.reduceat(vectors, firsts, axis=0)
    return np.asarray(sums / counts[:, None], np.float32)
