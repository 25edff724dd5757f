"""The generations on an engine: pushed whole, made live in one step, dropped when too many."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from pydantic import ValidationError

from index.errors import (
    EngineGoneError,
    EngineRefusedError,
    GenerationFormatError,
    NoGenerationError,
)
from index.generations import KEEP
from index.served.layout import COLUMNS, LIVE, SERVED_FORMAT, Facts, Names, Piece, generation_of
from index.served.pieces import joined, key_of
from index.served.rows import document_rows, facts_row, passage_rows, piece_rows, sentence_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.generation import Generation
    from index.manifest import Manifest
    from index.served.engine import Engine, Row
    from index.types import Progress

__all__ = ["ServedGenerations"]

_BATCH_ROWS = 500
_BATCH_BYTES = 4 * 1024 * 1024


class ServedGenerations:
    """The generations on one engine, of which `keep` are kept. One build at a time pushes here."""

    def __init__(self, engine: Engine, *, keep: int = KEEP) -> None:
        self._engine = engine
        self._keep = keep

    def current(self) -> str | None:
        """Return the name of the live generation, None where nothing was pushed yet.

        Raises:
            EngineError: as do all of these methods.
        """
        pieces = self._engine.pointed_at(LIVE)
        return generation_of(pieces) if pieces is not None else None

    def names(self) -> list[str]:
        """Return every whole generation, the newest first."""
        return [name for name in self._all() if self._is_whole(name)]

    def facts(self, name: str | None = None) -> Facts:
        """Return what a generation says of itself, by default the live one.

        Raises:
            NoGenerationError: nothing was pushed yet.
            GenerationFormatError: it was pushed by another version.
            EngineGoneError: it is not whole, or no longer there.
        """
        name = name or self.current()
        if name is None:
            raise NoGenerationError(self._engine.address)
        found = self._facts(name)
        if found is None:
            raise EngineGoneError(self._engine.address, f"the index {name}")
        return found

    def push(
        self, generation: Generation, manifest: Manifest, progress: Progress | None = None
    ) -> None:
        """Put a generation on the engine, row by row; it is not live yet.

        What a killed push left behind is taken away first. One that is there already is left so.

        Raises:
            EngineRefusedError: not as many rows have arrived as were sent.
        """
        self.sweep()
        if self._is_whole(generation.name):
            return
        counts = {
            "passages": len(generation.passages),
            "sentences": len(generation.sentences.spans),
            "documents": len(generation.documents),
        }
        dimension = generation.vectors.dimension
        for collection in COLUMNS:
            self._engine.create(
                Names(generation.name).of(collection),
                COLUMNS[collection],
                dimension=2 if collection == "pieces" else dimension,
                rows=counts.get(collection, 0),
            )
        for collection, rows in (
            ("passages", passage_rows(generation)),
            ("sentences", sentence_rows(generation)),
            ("documents", document_rows(generation)),
            ("pieces", piece_rows(generation, progress)),
        ):
            sent = self._insert(Names(generation.name).of(collection), rows)
            self._check(generation.name, collection, sent)
        pieces = Names(generation.name).of("pieces")
        self._engine.insert(pieces, [facts_row(generation, manifest)])

    def make_live(self, name: str) -> None:
        """Let the alias stand for a whole generation, and drop those that are one too many."""
        self.facts(name)
        self._engine.point(LIVE, Names(name).of("pieces"))
        self.prune()

    def prune(self) -> None:
        """Keep the live generation and the newest, as many as there is room for."""
        live = self.current()
        kept = {live, *self.names()[: self._keep]}
        for name in self._all():
            if name not in kept:
                self._drop(name)

    def sweep(self) -> None:
        """Take away what pushes did not finish."""
        for name in self._all():
            if not self._is_whole(name):
                self._drop(name)

    def _all(self) -> list[str]:
        """Return every generation that has any collection here, the newest first."""
        found = {generation_of(name) for name in self._engine.collections()}
        return sorted((name for name in found if name is not None), reverse=True)

    def _is_whole(self, name: str) -> bool:
        try:
            return self._facts(name) is not None
        except GenerationFormatError:
            return True  # of another version: it may be live for others

    def _facts(self, name: str) -> Facts | None:
        try:
            found = self._engine.by_key(
                Names(name).of("pieces"), [key_of(Piece.FACTS, 0)], ["body"], is_fresh=True
            )
        except EngineGoneError:
            return None
        if not found:
            return None
        try:
            facts = Facts.model_validate_json(joined([found[0]["body"]]))
        except (ValidationError, ValueError):
            raise GenerationFormatError(name, "unknown", SERVED_FORMAT) from None
        if facts.format != SERVED_FORMAT:
            raise GenerationFormatError(name, facts.format, SERVED_FORMAT)
        return facts

    def _drop(self, name: str) -> None:
        # Its facts first: what is left of it, if this is killed, is swept.
        for collection in ("pieces", "documents", "sentences", "passages"):
            with suppress(EngineGoneError):
                self._engine.drop(Names(name).of(collection))

    def _insert(self, collection: str, rows: Iterable[Row]) -> int:
        batch: list[Row] = []
        size = sent = 0
        for row in rows:
            batch.append(row)
            size += sum(len(value) for value in row.values() if isinstance(value, str))
            if len(batch) >= _BATCH_ROWS or size >= _BATCH_BYTES:
                self._engine.insert(collection, batch)
                sent += len(batch)
                batch, size = [], 0
        if batch:
            self._engine.insert(collection, batch)
        return sent + len(batch)

    def _check(self, name: str, collection: str, sent: int) -> None:
        full = Names(name).of(collection)
        self._engine.settle(full)
        found = self._engine.count(full)
        if found != sent:
            reason = f"{found} of {sent} {collection} have arrived; run `verbatim build` again"
            raise EngineRefusedError(self._engine.address, reason)
