"""How a generation lies on the engine: four collections, all named by it.

passages    a row for each passage: its vector, its index terms, and what scopes ask for
sentences   the same for each sentence's vector
documents   a row for each document, to be found by its id or the words of its title
pieces      everything else, in pieces that are fetched by their keys

One alias stands for the `pieces` of the live generation, from whose name all others follow: so a
promotion is one step. A generation is whole once its facts are among its pieces, which come last.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from index.types import EncoderIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "COLUMNS",
    "LIVE",
    "SERVED_FORMAT",
    "Column",
    "Facts",
    "Kind",
    "Names",
    "Piece",
    "as_words",
    "generation_of",
]

SERVED_FORMAT = 1
"""Bump when a collection's columns or a piece's contents change their meaning."""

LIVE = "verbatim_live"


class Kind(StrEnum):
    """What a column holds. `TERMS` are words parted by white space, found by BM25."""

    NUMBER = "number"
    TEXT = "text"
    TERMS = "terms"
    VECTOR = "vector"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a collection; the first one of each is its key."""

    name: str
    kind: Kind


_NAME = re.compile(
    r"verbatim_(\d{8}T\d{6}Z)_([0-9a-f]{8})_(?:passages|sentences|documents|pieces)"
)

_SCOPED = (
    Column(name="document", kind=Kind.NUMBER),
    Column(name="first_day", kind=Kind.NUMBER),
    Column(name="last_day", kind=Kind.NUMBER),
)
_ROW = Column(name="row", kind=Kind.NUMBER)
_ID = Column(name="id", kind=Kind.TEXT)
_VECTOR = Column(name="vector", kind=Kind.VECTOR)

COLUMNS: dict[str, Sequence[Column]] = {
    "passages": (
        _ROW,
        _ID,
        _VECTOR,
        Column(name="terms", kind=Kind.TERMS),
        Column(name="alike", kind=Kind.NUMBER),
        *_SCOPED,
    ),
    "sentences": (_ROW, _VECTOR, Column(name="passage", kind=Kind.NUMBER), *_SCOPED),
    "documents": (
        _ROW,
        _ID,
        _VECTOR,
        Column(name="title", kind=Kind.TEXT),
        Column(name="file", kind=Kind.TEXT),
    ),
    "pieces": (
        Column(name="key", kind=Kind.TEXT),
        Column(name="parts", kind=Kind.NUMBER),
        Column(name="body", kind=Kind.TEXT),
        _VECTOR,
    ),
}
"""The columns of each collection, the key first."""


class Piece:
    """The kinds of pieces."""

    PASSAGE = "passage"
    DOCUMENT = "document"
    TEXT = "text"
    STATISTICS = "statistics"
    FACTS = "facts"


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a generation's collections."""

    generation: str

    def of(self, collection: str) -> str:
        """Return the name of one of `COLUMNS` on the engine, where a name has no hyphens."""
        return f"verbatim_{self.generation.replace('-', '_')}_{collection}"


def generation_of(name: str) -> str | None:
    """Return the generation that a collection belongs to, None where it is none of ours."""
    found = _NAME.fullmatch(name)
    return f"{found[1]}-{found[2]}" if found else None


class Facts(BaseModel):
    """What a generation on the engine says of itself."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    generation: str
    created: dt.datetime
    encoder: EncoderIdentity
    documents: int
    passages: int
    sentences: int
    languages: tuple[str, ...]
    newest: tuple[int, ...]
    """The rows of the newest documents, in order."""


def as_words(hashes: Sequence[int]) -> str:
    """Return hashes of index terms as words that every analyser of texts leaves alone."""
    return " ".join(f"x{each:08x}" for each in hashes)
