"""Full-text search by BM25: the one module that imports tantivy.

Texts come analysed, so that one field with white space between terms serves every language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import tantivy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["LexicalIndex", "LexicalWriter"]

_TERMS = "terms"
_ROW = "row"
_TOKENIZER = "verbatim"
_WRITER_BYTES = 64 * 1024 * 1024


class LexicalIndex:
    """A tantivy index on disk, memory-mapped. Source of BM25: Robertson and Zaragoza, 2009."""

    def __init__(self, engine: tantivy.Index) -> None:
        _let_it_read_terms(engine)
        # A finished index never changes: nobody need watch its folder, and lock it to look again.
        engine.config_reader(reload_policy="manual")
        self._engine = engine
        self._searcher = engine.searcher()

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open an index that a `LexicalWriter` wrote."""
        return cls(tantivy.Index.open(str(folder)))

    def search(self, terms: Sequence[str], k: int) -> list[int]:
        """Return the rows of the `k` texts with the best BM25 for these terms, best first."""
        return self.weighed(dict.fromkeys(terms, 1.0), k)

    def weighed(self, terms: Mapping[str, float], k: int) -> list[int]:
        """Do the same where each term's own weight is to be multiplied by another one."""
        if not terms or k < 1:
            return []
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._query(term, weight)) for term, weight in terms.items()]
        )
        hits = self._searcher.search(query, k, count=False).hits
        rows = self._searcher.fast_field_values(_ROW, [address for _, address in hits])
        return [row for row in rows if isinstance(row, int)]

    def _query(self, term: str, weight: float) -> tantivy.Query:
        query = tantivy.Query.term_query(self._engine.schema, _TERMS, term)
        return query if weight == 1 else tantivy.Query.boost_query(query, weight)


class LexicalWriter:
    """Writes an index of texts, one after another, each given as its terms."""

    def __init__(self, folder: Path) -> None:
        """Begin an index in an empty folder."""
        engine = tantivy.Index(_schema(), path=str(folder))
        _let_it_read_terms(engine)
        self._writer = engine.writer(_WRITER_BYTES, 1)  # one thread: rows keep their order
        self._count = 0

    def append(self, texts: Iterable[Sequence[str]]) -> None:
        """Add texts at the end."""
        for terms in texts:
            document = tantivy.Document()
            document.add_text(_TERMS, " ".join(terms))
            document.add_unsigned(_ROW, self._count)
            self._writer.add_document(document)
            self._count += 1

    def close(self) -> None:
        """End the index."""
        self._writer.commit()
        self._writer.wait_merging_threads()


def _let_it_read_terms(engine: tantivy.Index) -> None:
    engine.register_tokenizer(
        _TOKENIZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_TERMS, stored=False, tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_unsigned_field(_ROW, stored=False, fast=True)
    return builder.build()
