"""What a generation is on the engine: the rows of each collection."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.served.layout import SERVED_FORMAT, Facts, Piece, as_words
from index.served.pieces import DocumentPiece, PassagePiece, rows_of
from index.served.statistics import statistics_pieces
from index.served.titles import words_between

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.generation import Generation
    from index.manifest import Manifest
    from index.served.engine import Row
    from index.types import Progress

__all__ = ["document_rows", "facts_row", "passage_rows", "piece_rows", "sentence_rows"]

_NEWEST = 50  # documents that are known without looking at all of them; no list shows more


def passage_rows(generation: Generation) -> Iterator[Row]:
    """Give the row of each passage."""
    for row, passage in enumerate(generation.passages):
        terms = generation.terms.of_rows(np.array([row]))
        hashes = np.repeat(terms.hashes, terms.counts).tolist()
        yield {
            "row": row,
            "id": passage.id,
            "vector": generation.vectors.vectors(np.array([row]))[0],
            "terms": as_words(hashes),
            "alike": int(generation.first_alike[row]),
        } | _scoped(generation, int(generation.document_rows[row]))


def sentence_rows(generation: Generation) -> Iterator[Row]:
    """Give the row of each sentence."""
    for row, owner in enumerate(generation.sentences.owner.tolist()):
        yield {
            "row": row,
            "vector": generation.sentence_vectors.vectors(np.array([row]))[0],
            "passage": owner,
        } | _scoped(generation, int(generation.document_rows[owner]))


def document_rows(generation: Generation) -> Iterator[Row]:
    """Give the row of each document."""
    for row, document in enumerate(generation.documents):
        yield {
            "row": row,
            "id": document.id,
            "vector": generation.document_vectors[np.array([row])][0],
            "title": words_between(document.source.title),
            "file": words_between(document.source.path.rpartition("/")[2]),
        }


def _scoped(generation: Generation, document: int) -> Row:
    first, last = generation.published[document].tolist()
    return {"document": document, "first_day": first, "last_day": last}


def piece_rows(generation: Generation, progress: Progress | None) -> Iterator[Row]:
    """Give the rows of all pieces but the facts; `progress` is told of the passages."""
    for name, data in statistics_pieces(generation).items():
        yield from rows_of(Piece.STATISTICS, name, data)
    for row, document in enumerate(generation.documents):
        yield from rows_of(Piece.DOCUMENT, row, DocumentPiece.of(generation, row).to_bytes())
        yield from rows_of(Piece.TEXT, row, document.text.encode())
    for row in range(len(generation.passages)):
        yield from rows_of(Piece.PASSAGE, row, PassagePiece.of(generation, row).to_bytes())
        if progress is not None:
            progress(row + 1, len(generation.passages))


def facts_row(generation: Generation, manifest: Manifest) -> Row:
    """Return the row that makes a generation whole."""
    newest = generation.newest(_NEWEST).tolist()
    facts = Facts(
        format=SERVED_FORMAT,
        generation=generation.name,
        created=manifest.created,
        encoder=manifest.encoder,
        documents=len(generation.documents),
        passages=len(generation.passages),
        sentences=len(generation.sentences.spans),
        languages=tuple(generation.distinct_languages),
        newest=tuple(newest),
    )
    (row,) = rows_of(Piece.FACTS, 0, facts.model_dump_json().encode())
    return row
