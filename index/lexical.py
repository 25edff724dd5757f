"""Full-text search by BM25: the one module that imports tantivy.

Texts come analysed, so that one field with white space between terms serves every language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import tantivy

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["LexicalIndex"]

_TERMS = "terms"
_ROW = "row"
_TOKENIZER = "verbatim"
_WRITER_BYTES = 64 * 1024 * 1024


class LexicalIndex:
    """A tantivy index on disk, memory-mapped. Source of BM25: Robertson and Zaragoza, 2009."""

    def __init__(self, engine: tantivy.Index) -> None:
        engine.register_tokenizer(
            _TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        )
        # A finished index never changes: nobody need watch its folder, and lock it to look again.
        engine.config_reader(reload_policy="manual")
        self._engine = engine
        self._searcher = engine.searcher()

    @classmethod
    def create(cls, folder: Path, texts: Iterable[Sequence[str]]) -> None:
        """Write an index of texts, each given as its terms, into an empty folder."""
        engine = tantivy.Index(_schema(), path=str(folder))
        index = cls(engine)
        writer = index._engine.writer(_WRITER_BYTES, 1)  # one thread: rows keep their order
        for row, terms in enumerate(texts):
            document = tantivy.Document()
            document.add_text(_TERMS, " ".join(terms))
            document.add_unsigned(_ROW, row)
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open an index that `create` wrote."""
        return cls(tantivy.Index.open(str(folder)))

    def search(self, terms: Sequence[str], k: int) -> list[int]:
        """Return the rows of the `k` texts with the best BM25 for these terms, best first."""
        if not terms or k < 1:
            return []
        query = tantivy.Query.boolean_query(
            [
                (tantivy.Occur.Should, tantivy.Query.term_query(self._engine.schema, _TERMS, term))
                for term in terms
            ]
        )
        hits = self._searcher.search(query, k, count=False).hits
        rows = self._searcher.fast_field_values(_ROW, [address for _, address in hits])
        return [row for row in rows if isinstance(row, int)]


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TERMS, stored=False, tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_unsigned_field(_ROW, stored=False, fast=True)
    return builder.build()
