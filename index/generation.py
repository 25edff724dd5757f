"""What one generation holds, and how it is read.

segments.json, documents.*.npy     which documents of which segments it has (`index.assembly`)
terms.*.npy, document_terms.*.npy  how many of all passages, and documents, each term occurs in
tokens.*.npy                       the same of word pieces
projection.*.npy                   how the words' vectors were made smaller
groups.first.npy                   the first passage of those that say the same as each
links.*.npy                        by what they are known to (`index.resemblance`)

All the rest is in the segments (`index.segment`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from index.arrays import load_arrays
from index.assembly import Assembly
from index.chained import ChainedArray, ChainedRecords, ChainedVectors, chained_sentences
from index.chained_words import ChainedLexical, ChainedTerms, ChainedTitles, ChainedTokens
from index.errors import GenerationDamagedError
from index.placement import GONE
from index.terms import TermStatistics
from index.tokens import PieceStatistics, Projection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.segment import Segment
    from index.sentences import SentenceTable
    from index.stores import Lexical, Rows, Terms, Titles, Tokens, VectorIndex
    from index.types import Document, Passage

__all__ = ["Generation"]


@dataclass(frozen=True, kw_only=True)
class Generation:
    """A generation in memory, or mapped there. Row i of every store is `passages[i]`."""

    name: str
    assembly: Assembly
    documents: Sequence[Document]
    document_vectors: Rows
    passages: Sequence[Passage]
    document_rows: NDArray[np.int64]
    """The row of each passage's document, `(n,)`-shaped; a document's passages stand together."""
    published: NDArray[np.int32]
    """The first and last day, yyyymmdd, that each document may be of, `(m, 2)`-shaped."""
    languages: NDArray[np.str_]
    """The language of each document, `(m,)`-shaped."""
    titles: Titles
    vectors: VectorIndex
    sentences: SentenceTable
    sentence_vectors: VectorIndex
    tokens: Tokens
    projection: Projection
    terms: Terms
    document_terms: Terms
    first_alike: NDArray[np.int32]
    lexical: Lexical

    @cached_property
    def distinct_languages(self) -> list[str]:
        """Every language that some document is in, sorted."""
        return sorted(np.unique(self.languages).tolist())

    def get_ready(self) -> None:
        """Work out what the first question would else have to."""
        _ = self.distinct_languages, self._later_alike

    def row_of(self, passage_id: str) -> int | None:
        """Return the row of a passage, None where it is not there."""
        for number, segment in enumerate(self.assembly.segments):
            local = segment.row_of(passage_id)
            if local is not None:
                row = self.assembly.row_of_passage(number, local)
                if row is not None:
                    return row
        return None

    def document_row_of(self, document_id: str) -> int | None:
        """Return the row of a document, None where it is not there."""
        for rows, segment in zip(
            self.assembly.documents.rows, self.assembly.segments, strict=True
        ):
            local = segment.document_row_of(document_id)
            if local is not None and rows[local] != GONE:
                return int(rows[local])
        return None

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
        """Read what `index.assembling` wrote, and the segments that it is made of.

        Raises:
            GenerationDamagedError: a file is missing, or the files don't fit together.
        """
        assembly = Assembly.load(folder)
        try:
            terms = TermStatistics.load(folder, "terms")
            document_terms = TermStatistics.load(folder, "document_terms")
            pieces = PieceStatistics.load(folder, "tokens")
            projection = Projection.load(folder, "projection")
            first_alike = load_arrays(folder, "groups", ["first"])["first"]
        except (OSError, EOFError, KeyError, ValueError) as error:
            raise GenerationDamagedError(folder, " ".join(str(error).split())[:200]) from error
        only = assembly.only
        stores = (
            _of_one(only, terms, document_terms, pieces)
            if only is not None
            else _of_several(assembly, terms, document_terms, pieces)
        )
        if len(first_alike) != len(stores["passages"]):
            raise GenerationDamagedError(folder, "its files don't fit together")
        return cls(
            name=name, assembly=assembly, projection=projection, first_alike=first_alike, **stores
        )


def _of_one(
    segment: Segment,
    terms: TermStatistics,
    document_terms: TermStatistics,
    pieces: PieceStatistics,
) -> dict[str, Any]:
    """Return the stores of a segment that is the whole: nothing stands before them."""
    return {
        "documents": segment.documents,
        "document_vectors": segment.document_vectors,
        "passages": segment.passages,
        "document_rows": segment.document_rows,
        "published": segment.published,
        "languages": segment.languages,
        "titles": segment.titles,
        "vectors": segment.vectors,
        "sentences": segment.sentences,
        "sentence_vectors": segment.sentence_vectors,
        "tokens": replace(segment.tokens, statistics=pieces),
        "terms": replace(segment.terms, statistics=terms),
        "document_terms": replace(segment.document_terms, statistics=document_terms),
        "lexical": segment.lexical,
    }


def _of_several(
    assembly: Assembly,
    terms: TermStatistics,
    document_terms: TermStatistics,
    pieces: PieceStatistics,
) -> dict[str, Any]:
    segments, documents, passages = assembly.segments, assembly.documents, assembly.passages
    starts, sentences = assembly.sentences
    chained = ChainedTerms([each.terms for each in segments], passages, terms)
    return {
        "documents": ChainedRecords([each.documents for each in segments], documents),
        "document_vectors": ChainedArray([each.document_vectors for each in segments], documents),
        "passages": ChainedRecords([each.passages for each in segments], passages),
        "document_rows": np.repeat(
            np.arange(len(documents), dtype=np.int64), np.diff(assembly.passage_starts)
        ),
        "published": documents.gathered([each.published for each in segments]),
        "languages": documents.gathered([each.languages for each in segments]),
        "titles": ChainedTitles([each.titles for each in segments], documents),
        "vectors": ChainedVectors([each.vectors for each in segments], passages),
        "sentences": chained_sentences([each.sentences for each in segments], starts, sentences),
        "sentence_vectors": ChainedVectors(
            [each.sentence_vectors for each in segments], sentences
        ),
        "tokens": ChainedTokens([each.tokens for each in segments], passages, pieces),
        "terms": chained,
        "document_terms": ChainedTerms(
            [each.document_terms for each in segments], documents, document_terms
        ),
        "lexical": ChainedLexical(
            indexes=[each.lexical for each in segments],
            own=[each.terms.statistics for each in segments],
            terms=chained,
            placement=passages,
        ),
    }
