"""What is kept of passages and documents on the engine, as bytes in pieces of text."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import TypeAdapter

from index.packing import pack, unpack
from index.types import Document, Passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from index.generation import Generation
    from index.served.engine import Row

__all__ = [
    "DocumentPiece",
    "PassagePiece",
    "joined",
    "key_of",
    "rows_of",
]

_CHARS = 65_000  # of one body; the engine's limit is 65,535
_FLAT = np.zeros(2, np.float32)  # every collection must have vectors
_PASSAGE = TypeAdapter(Passage)
_DOCUMENT = TypeAdapter(Document)


def key_of(kind: str, name: str | int, part: int = 0) -> str:
    """Return the key of a part of a piece."""
    return f"{kind}/{name}/{part}"


def rows_of(kind: str, name: str | int, data: bytes) -> Iterator[Row]:
    """Give the rows that hold a piece, one for each of its parts."""
    text = base64.b64encode(data).decode("ascii")
    starts = range(0, max(len(text), 1), _CHARS)
    for part, start in enumerate(starts):
        body = text[start : start + _CHARS]
        key = key_of(kind, name, part)
        yield {"key": key, "parts": len(starts), "body": body, "vector": _FLAT}


def joined(parts: Iterable[str]) -> bytes:
    """Return a piece from the bodies of its parts, in order.

    Raises:
        ValueError: they are not what `rows_of` gave.
    """
    return base64.b64decode("".join(parts), validate=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class PassagePiece:
    """A passage with all that its evidence is worked out from, as in `Generation`.

    `alike` is the first of the passages that say the same, `copies` how many they are.
    """

    passage: Passage
    document: int
    alike: int
    copies: int
    length: int
    vector: NDArray[np.float16]
    spans: NDArray[np.int32]
    sentences: NDArray[np.float16]
    codes: NDArray[np.int8]
    scales: NDArray[np.float16]
    segment: NDArray[np.int16]
    hashes: NDArray[np.uint32]
    counts: NDArray[np.uint16]

    @classmethod
    def of(cls, generation: Generation, row: int) -> Self:
        """Take a passage out of a generation."""
        sentences = slice(*generation.sentences.start[row : row + 2].tolist())
        alike = int(generation.first_alike[row])
        itself, rows = np.array([row]), np.arange(sentences.start, sentences.stop)
        words, terms = generation.tokens.of_rows(itself).words, generation.terms.of_rows(itself)
        return cls(
            passage=generation.passages[row],
            document=int(generation.document_rows[row]),
            alike=alike,
            copies=max(1, len(generation.alike(row))),
            length=int(terms.lengths[0]),
            vector=generation.vectors.vectors(itself).astype(np.float16),
            spans=generation.sentences.spans[sentences],
            sentences=generation.sentence_vectors.vectors(rows).astype(np.float16),
            codes=words["codes"],
            scales=words["scale"],
            segment=words["segment"],
            hashes=terms.hashes,
            counts=terms.counts,
        )

    def to_bytes(self) -> bytes:
        """Return it as bytes."""
        record = np.frombuffer(_PASSAGE.dump_json(self.passage), np.uint8)
        numbers = np.array([self.document, self.alike, self.copies, self.length], np.int64)
        return pack([*(getattr(self, name) for name in _PASSAGE_ARRAYS), record, numbers])

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return what `to_bytes` was made of.

        Raises:
            ValueError: the bytes hold something else.
        """
        *arrays, record, numbers = unpack(data, [*_PASSAGE_ARRAYS.values(), np.uint8, np.int64])
        document, alike, copies, length = map(int, numbers)
        return cls(
            passage=_PASSAGE.validate_json(record.tobytes()),
            document=document,
            alike=alike,
            copies=copies,
            length=length,
            **dict(zip(_PASSAGE_ARRAYS, arrays, strict=True)),
        )


_PASSAGE_ARRAYS: dict[str, Any] = {
    "vector": np.float16,
    "spans": np.int32,
    "sentences": np.float16,
    "codes": np.int8,
    "scales": np.float16,
    "segment": np.int16,
    "hashes": np.uint32,
    "counts": np.uint16,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPiece:
    """A document without its text, and what its passages' evidence takes from it.

    `first` is the row of its first passage, `count` how many it has; `days` are those of
    `Generation.published`.
    """

    document: Document
    first: int
    count: int
    days: tuple[int, int]
    length: int
    vector: NDArray[np.float32]
    hashes: NDArray[np.uint32]
    counts: NDArray[np.uint16]

    @classmethod
    def of(cls, generation: Generation, row: int) -> Self:
        """Take a document out of a generation."""
        itself = np.array([row])
        terms = generation.document_terms.of_rows(itself)
        first, end = np.searchsorted(generation.document_rows, [row, row + 1]).tolist()
        earliest, latest = generation.published[row].tolist()
        return cls(
            document=replace(generation.documents[row], text=""),
            first=first,
            count=end - first,
            days=(earliest, latest),
            length=int(terms.lengths[0]),
            vector=generation.document_vectors[itself][0],
            hashes=terms.hashes,
            counts=terms.counts,
        )

    def to_bytes(self) -> bytes:
        """Return it as bytes."""
        record = np.frombuffer(_DOCUMENT.dump_json(self.document), np.uint8)
        numbers = np.array([self.first, self.count, *self.days, self.length], np.int64)
        return pack([self.vector, self.hashes, self.counts, record, numbers])

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return what `to_bytes` was made of.

        Raises:
            ValueError: the bytes hold something else.
        """
        dtypes = [np.float32, np.uint32, np.uint16, np.uint8, np.int64]
        vector, hashes, counts, record, numbers = unpack(data, dtypes)
        first, count, earliest, latest, length = map(int, numbers)
        return cls(
            document=_DOCUMENT.validate_json(record.tobytes()),
            first=first,
            count=count,
            days=(earliest, latest),
            length=length,
            vector=vector,
            hashes=hashes,
            counts=counts,
        )
