"""One small module for each file format, all behind the `Reader` protocol.

A reader's module imports its engine, which can cost most of a second and a hundred megabytes, so
a module is imported when the first file of its format is read and not before. What is known of a
format without that stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, cast

from index.readers.base import Block, BlockKind, Extract, MissingExtra, Reader, ReadingError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "FORMATS",
    "Block",
    "BlockKind",
    "Extract",
    "Format",
    "MissingExtra",
    "Reader",
    "ReadingError",
    "is_known",
    "reader_for",
    "suffixes",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A file format: the endings of its file names (lower case, with the dot) and its reader.

    `extra` names the optional dependency the reader needs, where it needs one.
    """

    suffixes: tuple[str, ...]
    module: str
    reader: str
    extra: str | None = None


FORMATS = (
    Format(suffixes=(".txt", ".text"), module="plain", reader="PlainTextReader"),
    Format(suffixes=(".md", ".markdown"), module="markdown", reader="MarkdownReader"),
    Format(suffixes=(".html", ".htm", ".xhtml"), module="html", reader="HtmlReader"),
    Format(suffixes=(".pdf",), module="pdf", reader="PdfReader"),
    Format(suffixes=(".docx",), module="docx", reader="DocxReader", extra="docx"),
    Format(suffixes=(".epub",), module="epub", reader="EpubReader"),
    Format(suffixes=(".jsonl",), module="faq", reader="JsonLinesReader"),
    Format(suffixes=(".csv",), module="faq", reader="CsvReader"),
)
_BY_SUFFIX = {suffix: known for known in FORMATS for suffix in known.suffixes}


def suffixes() -> list[str]:
    """Return every file name ending that can be read, sorted."""
    return sorted(_BY_SUFFIX)


def is_known(suffix: str) -> bool:
    """Whether files with this ending (any case) can be read."""
    return suffix.lower() in _BY_SUFFIX


def reader_for(suffix: str) -> Reader | None:
    """Return the reader of files with this ending (any case), or None.

    Raises:
        MissingExtra: the reader's library is not installed.
    """
    known = _BY_SUFFIX.get(suffix.lower())
    return None if known is None else _reader(known)


@cache
def _reader(known: Format) -> Reader:
    try:
        module = import_module(f"{__name__}.{known.module}")
    except ModuleNotFoundError as error:
        if known.extra is None:
            raise
        raise MissingExtra(known.extra) from error
    reader_class = cast("Callable[[], Reader]", getattr(module, known.reader))
    return reader_class()
