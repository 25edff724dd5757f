"""Which part of which collection was trained on, so that no figure passes for more than it is.

Every second article of SQuAD's development set, by sorted title, is for training: articles 0, 2,
4 and so on. SQuAD 2.0's and XQuAD's paragraphs are of the same articles, so the same halves hold
there. Everything else is as `TRAINED_ON` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.beir import load_collection

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.collection import Benchmark

__all__ = ["SQUAD", "TRAINED_ON", "Halves"]

SQUAD = "squad_dev"

TRAINED_ON = {
    "squad_dev": "half: projection, fusion, highlight, confidence",
    "squad2_dev": "half: its answerable questions are squad_dev's",
    "xquad_en": "half: highlight, and as a part of squad_dev",
    "xquad_ar-en": "no question; half of its paragraphs, as xquad_en's",
    "stackfaq_answers": "yes: fusion, confidence",
    "clapnq_dev": "answerable part: fusion, confidence",
}
"""What was learned from a collection; from one that isn't named, nothing."""


class Halves:
    """Tells the articles that are trained on by a paragraph's title, or else by its text."""

    def __init__(self, titles_by_text: dict[str, str]) -> None:
        self._titles = titles_by_text
        self._trained = frozenset(sorted(set(titles_by_text.values()))[::2])

    @classmethod
    def from_data(cls, data: Path) -> Halves:
        """Read the articles from the folder's squad_dev; without it no half can be told."""
        if not (data / SQUAD).is_dir():
            return cls({})
        documents = load_collection(data / SQUAD).documents.values()
        return cls({each.document.text: each.document.source.title for each in documents})

    def trained_queries(self, benchmark: Benchmark) -> frozenset[str]:
        """Return the queries about articles that are trained on; none of other collections."""
        documents = benchmark.collection.documents
        trained = {
            key
            for key, parsed in documents.items()
            if parsed.document.source.title in self._trained
            or self._titles.get(parsed.document.text) in self._trained
        }
        return frozenset(query for query, key in benchmark.about.items() if key in trained)
