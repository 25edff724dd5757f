"""What a document says, as far as it can be told before it is built in."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.errors import NotAddedError
from index.errors import SourcesFileError, UnreadableFileError
from index.language import detect_language, primary
from index.reading import ReaderPool
from index.sources import load_sources

if TYPE_CHECKING:
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.sources import Metadata

__all__ = ["Review", "review"]

_SHOWN = 3
_SHOWN_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """A document's title, language (ISO 639, or `und`) and paragraphs; `begins` are the first."""

    title: str
    language: str
    paragraphs: int
    begins: tuple[str, ...]


async def review(seeds_dir: Path, name: str, data: bytes) -> Review:
    """Read a file as a build would, in a process of its own with limits, and say what is in it.

    Raises:
        NotAddedError: it can't be read.
    """
    with ReaderPool(workers=1) as pool:  # leaving it, for whatever reason, ends the reading
        stated = await asyncio.to_thread(_stated, seeds_dir, name)
        try:
            parsed = await asyncio.to_thread(
                pool.read, name, data, folder=seeds_dir.name, stated=stated
            )
        except UnreadableFileError as error:
            raise NotAddedError("not-added-unreadable", file=name, reason=error.reason) from None
        return await asyncio.to_thread(_review, parsed)


def _stated(seeds_dir: Path, name: str) -> Metadata | None:
    try:
        return load_sources(seeds_dir).get(name)
    except SourcesFileError:
        return None  # the build names it


def _review(parsed: ParsedDocument) -> Review:
    document = parsed.document
    stated = document.source.language
    spans = [paragraph.span for paragraph in parsed.paragraphs[:_SHOWN]]
    return Review(
        title=document.source.title,
        language=primary(stated) if stated else detect_language(document.text),
        paragraphs=len(parsed.paragraphs),
        begins=tuple(_first_words(document.text[start:end]) for start, end in spans),
    )


def _first_words(text: str) -> str:
    """Return the beginning of a text on one line, cut between words where it has some."""
    line = " ".join(text[: 4 * _SHOWN_CHARS].split())
    if len(line) <= _SHOWN_CHARS and len(text) <= 4 * _SHOWN_CHARS:
        return line
    cut = line[: _SHOWN_CHARS + 1].rpartition(" ")[0] or line[:_SHOWN_CHARS]
    return f"{cut}…"
