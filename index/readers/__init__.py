"""One small module for each file format, all behind the `Reader` protocol."""

from __future__ import annotations

from index.readers.base import Block, BlockKind, Extract, Reader, ReadingError
from index.readers.markdown import MarkdownReader
from index.readers.plain import PlainTextReader

__all__ = ["Block", "BlockKind", "Extract", "Reader", "ReadingError", "reader_for", "suffixes"]

_READERS: tuple[Reader, ...] = (PlainTextReader(), MarkdownReader())
_BY_SUFFIX = {suffix: reader for reader in _READERS for suffix in reader.suffixes}


def suffixes() -> list[str]:
    """Return every file name ending that can be read, sorted."""
    return sorted(_BY_SUFFIX)


def reader_for(suffix: str) -> Reader | None:
    """Return the reader of files with this ending (any case), or None."""
    return _BY_SUFFIX.get(suffix.lower())
