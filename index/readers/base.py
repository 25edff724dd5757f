"""What a reader gives: the blocks of a file in order, and what the file says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Block", "BlockKind", "Extract", "Reader", "ReadingError"]


class ReadingError(ValueError):
    """The bytes can't be read as this format; the message is the reason, for one line."""


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
    """A file's blocks in reading order, and the metadata that the file itself carries."""

    blocks: Sequence[Block]
    metadata: Metadata = field(default_factory=Metadata)


class Reader(Protocol):
    """One file format."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The file name endings it reads: lower case, with the dot."""

    def read(self, data: bytes) -> Extract:
        """Extract the blocks of one file.

        Raises:
            ReadingError: the bytes are not of this format, or are damaged.
        """
