"""What a reader gives: the blocks of a file in order, and what the file says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Block", "BlockKind", "Extract", "MissingExtra", "Reader", "ReadingError", "tidy"]

_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\ud800-\udfff\ufeff\ufffe\uffff]")


class ReadingError(ValueError):
    """The bytes can't be read as this format; the message is the reason, for one line."""


class MissingExtra(ReadingError):  # noqa: N818 - what is missing is no fault of the file
    """The format's library is not installed; `extra` names what installs it."""

    def __init__(self, extra: str) -> None:
        super().__init__(f"needs more to be installed: pip install 'verbatim[{extra}]'")
        self.extra = extra


class BlockKind(StrEnum):
    """What a block is, as far as the format itself says."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LINES = "lines"
    """Lines that belong together (a list, a table, an address, code): kept whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A stretch of plain text as the format divides it. `level` is a heading's, 1 the highest."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int = 0
    page: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """A file's blocks in reading order, and the metadata that the file itself carries.

    `is_page` tells of formats that a web page is saved in, so that lines of it may be about the
    page; in a manuscript or a list of answers every line was written to be read.
    """

    blocks: Sequence[Block]
    metadata: Metadata = field(default_factory=Metadata)
    is_page: bool = True


class Reader(Protocol):
    """One file format."""

    def read(self, data: bytes) -> Extract:
        """Extract the blocks of one file.

        Raises:
            ReadingError: the bytes are not of this format, or are damaged.
        """


def tidy(text: str) -> str:
    """Return `text` with Unix line ends, and without the characters that nobody can see or need.

    These are control characters, halves of surrogate pairs, byte-order marks and soft hyphens.
    """
    if any("\ud800" <= character <= "\udfff" for character in text):  # pairs, from UTF-16 units
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return _NOT_TEXT.sub("", _LINE_ENDS.sub("\n", text)).strip()
