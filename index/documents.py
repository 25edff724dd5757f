"""From a file's blocks to a document: its title, its canonical text, and where its body stands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from index.furniture import furniture_of, is_link_line, same_words
from index.prose import ends_sentence
from index.readers.base import Block, BlockKind
from index.text import sha256_hex
from index.types import Document, Source, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.readers.base import Extract
    from index.sources import Metadata

__all__ = [
    "EXTRACTION_VERSION",
    "Paragraph",
    "ParsedDocument",
    "document_id",
    "one_paragraph",
    "parse_document",
]

EXTRACTION_VERSION = 2  # bump when the same file comes out as other text, paragraphs or titles

BLOCK_SEPARATOR = "\n\n"
_TITLE_AMONG_FIRST = 5
_MAX_TITLE_CHARS = 200
_HEADING_SEPARATOR = " › "


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph of the body: where it stands in the document's text, and under which heading."""

    span: Span
    heading: str | None
    page: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedDocument:
    """A document, the paragraphs of its body in order, and the lines set aside as furniture."""

    document: Document
    paragraphs: tuple[Paragraph, ...]
    furniture: tuple[str, ...]


def document_id(path: str) -> str:
    """Return the id of the document at `path` (relative to the folder): 16 hexadecimal digits."""
    return sha256_hex(path)[:16]


def parse_document(
    extract: Extract, *, name: str, folder: str, stated: Metadata
) -> ParsedDocument:
    """Compose a document from what its reader extracted.

    Args:
        extract: the blocks and the file's own metadata.
        name: the file's path below the folder, with forward slashes.
        folder: the folder's name, which begins the path that is cited.
        stated: what `sources.toml` says; it wins over the file's own metadata.
    """
    blocks = extract.blocks
    metadata = stated.over(extract.metadata)
    furniture = furniture_of(blocks) if extract.is_page else frozenset()
    title, title_at = _title(blocks, metadata.title, furniture)
    text, spans = _canonical(blocks)
    headings = _headings(blocks, title_at)
    return ParsedDocument(
        document=_document(text, name=name, folder=folder, metadata=metadata, title=title),
        paragraphs=tuple(
            Paragraph(span=span, heading=heading, page=block.page)
            for at, (block, span, heading) in enumerate(zip(blocks, spans, headings, strict=True))
            if at not in furniture and at != title_at and block.kind != BlockKind.HEADING
        ),
        furniture=tuple(blocks[at].text for at in sorted(furniture - {title_at})),
    )


def one_paragraph(text: str, *, name: str, folder: str, stated: Metadata) -> ParsedDocument:
    """Compose a document of one paragraph, whatever it looks like; see `parse_document`."""
    stripped = text.strip()
    document = _document(stripped, name=name, folder=folder, metadata=stated, title=stated.title)
    paragraph = Paragraph(span=Span(0, len(stripped)), heading=None, page=None)
    return ParsedDocument(document=document, paragraphs=(paragraph,), furniture=())


def _document(
    text: str, *, name: str, folder: str, metadata: Metadata, title: str | None
) -> Document:
    source = Source(
        **(metadata.model_dump() | {"title": title or PurePosixPath(name).stem}),
        path=f"{folder}/{name}" if folder else name,
    )
    return Document(id=document_id(name), source=source, text=text, content_hash=sha256_hex(text))


def _canonical(blocks: Sequence[Block]) -> tuple[str, list[Span]]:
    spans: list[Span] = []
    start = 0
    for block in blocks:
        spans.append(Span(start, start + len(block.text)))
        start = spans[-1].end + len(BLOCK_SEPARATOR)
    return BLOCK_SEPARATOR.join(block.text for block in blocks), spans


def _title(
    blocks: Sequence[Block], stated: str | None, furniture: frozenset[int]
) -> tuple[str | None, int | None]:
    """Return the title and the index of the block that shows it, each None where there is none."""
    early = range(min(_TITLE_AMONG_FIRST, len(blocks)))
    if stated is not None:
        shown = (at for at in early if same_words(blocks[at].text, stated))
        return stated, next(shown, None)
    for at in early:
        block = blocks[at]
        if block.kind == BlockKind.HEADING and block.level == 1:
            return block.text, at
    for at in early:
        text = blocks[at].text
        if is_link_line(text):
            continue
        is_title = blocks[at].kind == BlockKind.PARAGRAPH and (
            at in furniture or (len(blocks) > 1 and not ends_sentence(text) and at == 0)
        )
        return (text, at) if is_title and len(text) <= _MAX_TITLE_CHARS else (None, None)
    return None, None


def _headings(blocks: Sequence[Block], title_at: int | None) -> list[str | None]:
    """Return for each block the headings above it, outermost first, the title left out."""
    path: list[Block] = []
    headings: list[str | None] = []
    for at, block in enumerate(blocks):
        if block.kind == BlockKind.HEADING and at != title_at:
            path = [above for above in path if above.level < block.level] + [block]
        headings.append(_HEADING_SEPARATOR.join(above.text for above in path) or None)
    return headings
