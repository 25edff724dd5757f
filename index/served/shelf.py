"""One generation on the engine, read as far as it is needed; what was read is kept for a while."""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Generic, TypeVar, overload

from pydantic import ValidationError

from index.errors import EngineGoneError, EngineRefusedError
from index.served.assembling import assembled
from index.served.layout import Names, Piece
from index.served.pieces import DocumentPiece, PassagePiece, joined, key_of
from index.served.statistics import STATISTICS, statistics_of
from index.types import Document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from index.generation import Generation
    from index.served.engine import Engine
    from index.served.layout import Facts

__all__ = ["Documents", "Shelf"]

_T = TypeVar("_T")
_KEPT_BYTES = 32 * 1024 * 1024  # of each kind of piece
_ASKED_AT_ONCE = 256  # pieces in one request
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


class Shelf:
    """The passages and documents of one generation, by row; it never changes."""

    def __init__(self, engine: Engine, facts: Facts) -> None:
        """Read what weighs words.

        Raises:
            EngineError: the engine can't give it.
        """
        self._engine = engine
        self.facts = facts
        self._names = Names(facts.generation)
        self._passages: _Kept[PassagePiece] = _Kept()
        self._documents: _Kept[DocumentPiece] = _Kept()
        self._texts: _Kept[str] = _Kept()
        pieces = self._pieces(Piece.STATISTICS, STATISTICS)
        self.statistics = self._read(statistics_of, pieces)

    def name_of(self, collection: str) -> str:
        """Return the name of one of this generation's collections."""
        return self._names.of(collection)

    def passages(self, rows: Iterable[int]) -> dict[int, PassagePiece]:
        """Return passages by their rows."""
        return self._fetched(self._passages, Piece.PASSAGE, rows, PassagePiece.from_bytes)

    def documents(self, rows: Iterable[int]) -> dict[int, DocumentPiece]:
        """Return documents by their rows, without their texts."""
        return self._fetched(self._documents, Piece.DOCUMENT, rows, DocumentPiece.from_bytes)

    def whole_documents(self, rows: Sequence[int]) -> list[Document]:
        """Return documents with their texts, in the order of `rows`."""
        found = self.documents(rows)
        texts = self._fetched(self._texts, Piece.TEXT, rows, bytes.decode)
        return [replace(found[row].document, text=texts[row]) for row in rows]

    def rows_of(self, collection: str, ids: Iterable[str]) -> dict[str, int]:
        """Return the rows of the passages, or documents, that have these ids."""
        asked = [each for each in dict.fromkeys(ids) if _ID.fullmatch(each)]
        rows: dict[str, int] = {}
        for start in range(0, len(asked), _ASKED_AT_ONCE):
            listed = ", ".join(f'"{each}"' for each in asked[start : start + _ASKED_AT_ONCE])
            found = self._engine.rows(self.name_of(collection), f"id in [{listed}]", ["id", "row"])
            rows |= {str(each["id"]): int(each["row"]) for each in found}
        return rows

    def generation(self, rows: Iterable[int]) -> tuple[Generation, dict[int, int]]:
        """Return these passages as a generation of their own, and its row for each of theirs."""
        passages = self.passages(rows)
        documents = self.documents({each.document for each in passages.values()})
        generation = assembled(
            self.facts.generation,
            passages,
            documents,
            Documents(self, sorted(documents)),
            self.statistics,
        )
        return generation, {row: at for at, row in enumerate(sorted(passages))}

    def _fetched(
        self,
        kept: _Kept[_T],
        kind: str,
        rows: Iterable[int],
        parse: Callable[[bytes], _T],
    ) -> dict[int, _T]:
        asked = list(dict.fromkeys(rows))
        known = kept.get(asked)
        missing = [row for row in asked if row not in known]
        for start in range(0, len(missing), _ASKED_AT_ONCE):
            pieces = self._pieces(kind, missing[start : start + _ASKED_AT_ONCE])
            for row, data in pieces.items():
                known[row] = self._read(parse, data)
                kept.put(row, known[row], len(data))
        return known

    def _pieces(self, kind: str, names: Sequence[_Name]) -> dict[_Name, bytes]:
        """Return pieces by their names, whatever number of parts each has."""
        collection = self.name_of("pieces")
        columns = ["key", "parts", "body"]
        by_key = {key_of(kind, name): name for name in names}
        found = self._engine.by_key(collection, list(by_key), columns)
        bodies = {str(row["key"]): str(row["body"]) for row in found}
        more = [
            key_of(kind, by_key[row["key"]], part)
            for row in found
            for part in range(1, row["parts"])
        ]
        for start in range(0, len(more), _ASKED_AT_ONCE):
            rest = self._engine.by_key(collection, more[start : start + _ASKED_AT_ONCE], columns)
            bodies |= {str(row["key"]): str(row["body"]) for row in rest}
        parts = {by_key[str(row["key"])]: int(row["parts"]) for row in found}
        try:
            return {
                name: self._read(
                    joined, [bodies[key_of(kind, name, part)] for part in range(parts[name])]
                )
                for name in names
            }
        except KeyError as error:
            what = f"a part of {self.facts.generation}"
            raise EngineGoneError(self._engine.address, what) from error

    def _read(self, parse: Callable[[_P], _T], data: _P) -> _T:
        try:
            return parse(data)
        except (ValueError, KeyError, ValidationError) as error:
            reason = f"what it holds of {self.facts.generation} is damaged: run `verbatim build`"
            raise EngineRefusedError(self._engine.address, reason) from error


_Name = TypeVar("_Name", str, int)
_P = TypeVar("_P")


class Documents(Sequence[Document]):
    """Some documents of a shelf, whole, each read when it is asked for."""

    def __init__(self, shelf: Shelf, rows: Sequence[int]) -> None:
        self._shelf = shelf
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Document: ...
    @overload
    def __getitem__(self, at: slice) -> list[Document]: ...
    def __getitem__(self, at: int | slice) -> Document | list[Document]:
        """Read one document, or several at once."""
        if isinstance(at, slice):
            return self._shelf.whole_documents(self._rows[at])
        return self._shelf.whole_documents([self._rows[at]])[0]


class _Kept(Generic[_T]):
    """The values that were used last, as many as there is room for; threads may share it."""

    def __init__(self) -> None:
        self._values: OrderedDict[int, tuple[_T, int]] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, rows: Iterable[int]) -> dict[int, _T]:
        with self._lock:
            found = {row: self._values[row][0] for row in rows if row in self._values}
            for row in found:
                self._values.move_to_end(row)
        return found

    def put(self, row: int, value: _T, size: int) -> None:
        with self._lock:
            if row not in self._values:
                self._values[row] = value, size
                self._bytes += size
            while self._bytes > _KEPT_BYTES:
                _, (_, gone) = self._values.popitem(last=False)
                self._bytes -= gone
