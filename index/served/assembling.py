"""A few passages from the engine as a generation in memory, which all that scores can work on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from index.assembly import Assembly
from index.dense import DenseIndex
from index.generation import Generation
from index.searches import IndexKind
from index.sentences import SentenceTable
from index.terms import TermStore
from index.titles import TitleStore
from index.tokens import TokenStore, word_records
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from index.lexical import LexicalIndex
    from index.served.pieces import DocumentPiece, PassagePiece
    from index.terms import TermStatistics
    from index.tokens import PieceStatistics, Projection
    from index.types import Document

__all__ = ["Statistics", "assembled"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What of the whole generation weighs the words of a few passages."""

    terms: TermStatistics
    document_terms: TermStatistics
    words: PieceStatistics
    projection: Projection


@dataclass(frozen=True, kw_only=True)
class _Few(Generation):
    """A generation of no segments, whose rows are told by their ids."""

    rows_of_passages: Mapping[str, int]
    rows_of_documents: Mapping[str, int]

    def row_of(self, passage_id: str) -> int | None:
        return self.rows_of_passages.get(passage_id)

    def document_row_of(self, document_id: str) -> int | None:
        return self.rows_of_documents.get(document_id)


class _Unsearched:
    """Stands where a whole generation has its full-text index: a few passages are not searched."""

    def search(self, _terms: Sequence[str], _k: int) -> list[int]:
        return []


def assembled(
    name: str,
    passages: Mapping[int, PassagePiece],
    documents: Mapping[int, DocumentPiece],
    texts: Sequence[Document],
    statistics: Statistics,
) -> Generation:
    """Return a generation of these passages and their documents, both by their rows.

    Its own rows are the places of theirs in ascending order; `texts` are the documents in that
    order, which may read their texts when they are asked for.
    """
    rows, document_rows = sorted(passages), sorted(documents)
    mine = [passages[row] for row in rows]
    about = [documents[row] for row in document_rows]
    places = {row: at for at, row in enumerate(document_rows)}
    records = [each.document for each in about]
    dimension = statistics.projection.matrix.shape[0]
    return _Few(
        name=name,
        assembly=Assembly.of((), np.zeros(0, np.int32), np.zeros(0, np.int64)),
        rows_of_passages={each.passage.id: at for at, each in enumerate(mine)},
        rows_of_documents={each.id: at for at, each in enumerate(records)},
        documents=texts,
        document_vectors=_stacked([each.vector[None] for each in about], dimension, np.float32),
        published=np.array([each.days for each in about], np.int32).reshape(-1, 2),
        languages=np.array([each.language for each in records], np.str_),
        titles=TitleStore.from_documents(records),
        passages=[each.passage for each in mine],
        document_rows=np.array([places[each.document] for each in mine], np.int64),
        vectors=_index(_stacked([each.vector for each in mine], dimension, np.float32)),
        sentences=SentenceTable.from_spans(
            [[Span(*span) for span in each.spans.tolist()] for each in mine]
        ),
        sentence_vectors=_index(
            _stacked([each.sentences for each in mine], dimension, np.float32)
        ),
        tokens=TokenStore(
            start=_starts([len(each.codes) for each in mine]),
            words=word_records(
                _stacked(
                    [each.codes for each in mine], statistics.projection.matrix.shape[1], np.int8
                ),
                _joined([each.scales for each in mine], np.float16),
                _joined([each.segment for each in mine], np.int16),
            ),
            pieces=np.zeros(sum(len(each.codes) for each in mine), np.int32),  # only counted
            statistics=statistics.words,
        ),
        projection=statistics.projection,
        terms=_terms(mine, statistics.terms),
        document_terms=_terms(about, statistics.document_terms),
        first_alike=_first_alike([each.alike for each in mine]),
        lexical=cast("LexicalIndex", _Unsearched()),
    )


def _index(vectors: NDArray[np.float32]) -> DenseIndex:
    return DenseIndex.from_vectors(vectors, kind=IndexKind.FLAT)


def _terms(
    pieces: Sequence[PassagePiece] | Sequence[DocumentPiece], statistics: TermStatistics
) -> TermStore:
    return TermStore(
        start=_starts([len(each.hashes) for each in pieces]),
        hashes=_joined([each.hashes for each in pieces], np.uint32),
        counts=_joined([each.counts for each in pieces], np.uint16),
        lengths=np.array([each.length for each in pieces], np.int32),
        statistics=statistics,
    )


def _first_alike(groups: Sequence[int]) -> NDArray[np.int32]:
    """Return, for each passage, the first that says the same, of those that are here."""
    first: dict[int, int] = {}
    for at, group in enumerate(groups):
        first.setdefault(group, at)
    return np.array([first[group] for group in groups], np.int32)


def _starts(sizes: Sequence[int]) -> NDArray[np.int64]:
    return np.cumsum([0, *sizes]).astype(np.int64)


def _joined(arrays: Sequence[NDArray[Any]], like: type[np.generic]) -> NDArray[Any]:
    return np.concatenate(arrays) if arrays else np.zeros(0, like)


def _stacked(arrays: Sequence[NDArray[Any]], columns: int, like: type[np.generic]) -> NDArray[Any]:
    return np.concatenate([np.zeros((0, columns), like), *arrays]).astype(like)
