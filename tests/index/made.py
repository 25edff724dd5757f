"""Small indexes for tests: made of paragraphs, by an encoder without a model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.build import index_documents
from index.documents import parse_document
from index.generations import Generations
from index.readers import Block, Extract
from index.sources import Metadata
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.generation import Generation

ENCODER = FakeEncoder(dimension=200)  # no two words of these tests are alike to it


def document(
    name: str, *paragraphs: str, title: str | None = None, published: str | None = None
) -> ParsedDocument:
    """Return an English document of paragraphs."""
    return parse_document(
        Extract(blocks=[Block(text=text) for text in paragraphs], metadata=Metadata()),
        name=name,
        folder="seeds",
        stated=Metadata(title=title or f"About {name}", published=published, language="en"),
    )


def make(
    state_dir: Path, *documents: ParsedDocument, seeds: dict[str, str] | None = None
) -> Generation:
    """Make an index of documents live and return it; `seeds` are its files' checksums."""
    index_documents(documents, state_dir, ENCODER, seeds=seeds or {})
    return Generations(state_dir).load()[0]
