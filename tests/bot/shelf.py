"""A small corpus with a real index and an encoder without a model, to be looked up and read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.retriever import LocalRetriever
from tests.index.made import ENCODER, document, make

if TYPE_CHECKING:
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.library import Library
    from index.types import Document

HAMA = document(
    "hama.txt",
    "The army shelled the city of Hama with tanks on Sunday. Three hundred people were killed.",
    "Colonel Harmoush had deserted with 150 soldiers <before> that. He fled to Turkey.",
    "Nobody can leave the city now.",
    title="The Siege of Hama",
    published="2011-08-03",
)
FERRY = document(
    "ferry.txt",
    "The ferry ran aground near Beirut on Monday night. Nobody was hurt, and tugs pulled it free.",
    "Captain Haddad blamed the fog.",
    title="A Ferry in the Fog",
    published="1996-04",
)
ARABIC = document(
    "zz-hama.txt",
    "قصفت الدبابات مدينة حماة يوم الأحد. قتل ثلاثمئة شخص.",
    title="حصار حماة",
)
SHELF = (FERRY, HAMA, ARABIC)


def shelf(state_dir: Path, *documents: ParsedDocument) -> LocalRetriever:
    """Make an index of documents, those above unless others are given, and answer from it."""
    in_order = sorted(documents or SHELF, key=lambda each: each.document.source.path)
    return LocalRetriever(make(state_dir, *in_order), ENCODER)


def numbered(count: int) -> list[ParsedDocument]:
    """Return documents in the order of their titles, each of one passage."""
    names = [f"{number:03}" for number in range(1, count + 1)]
    return [document(f"{each}.txt", f"Word{each} stands here.", title=each) for each in names]


def titled(library: Library, words: str) -> Document:
    """Return the one document with words in its title."""
    (found,) = library.titled(words)
    return found
