"""What can be looked up in a generation on an engine, each time with a few bounded requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from index.errors import EngineRefusedError
from index.library import Library, Place
from index.served.shelf import Documents
from index.served.titles import having_all
from index.titles import folded
from index.types import Passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.served.engine import Engine
    from index.served.shelf import Shelf
    from index.types import Document, Hit, Span

__all__ = ["ServedLibrary"]

_MOST_TITLED = 1000
_MOST_COPIES = 256
_MOST_AROUND = 64
_READ_AT_ONCE = 100


class ServedLibrary(Library):
    """A generation on an engine to look things up in; see `Library`.

    Every method may raise an `EngineError`.
    """

    def __init__(self, engine: Engine, shelf: Shelf) -> None:
        self._engine = engine
        self._shelf = shelf

    def get_ready(self) -> None:
        """Do nothing: what looking up needs is the engine's."""

    @property
    def generation(self) -> str:
        """The generation's name."""
        return self._shelf.facts.generation

    @property
    def documents(self) -> Sequence[Document]:
        """Every document, in the order of their paths, read when it is asked for."""
        return Documents(self._shelf, range(self._shelf.facts.documents))

    def document(self, document_id: str) -> Document | None:
        """Return a document by its id."""
        row = self._row("documents", document_id)
        return None if row is None else self._shelf.whole_documents([row])[0]

    def passages_of(self, document_id: str) -> Sequence[Passage]:
        """Return the passages of a document in order; of an unknown one there are none.

        Each is read when it is asked for.
        """
        row = self._row("documents", document_id)
        if row is None:
            return ()
        piece = self._shelf.documents([row])[row]
        return _Passages(self, range(piece.first, piece.first + piece.count))

    def row_of(self, passage_id: str) -> int | None:
        """Return a passage's row in the generation; None where it is not there."""
        row = self._row("passages", passage_id)
        return row if row is not None and self.verbatim([row]) else None

    def place(self, passage_id: str) -> Place | None:
        """Return where a passage stands, None where it is gone."""
        row = self.row_of(passage_id)
        if row is None:
            return None
        piece = self._shelf.passages([row])[row]
        document = self._shelf.documents([piece.document])[piece.document]
        return Place(
            passage=piece.passage,
            source=document.document.source,
            document_id=document.document.id,
            index=row - document.first,
        )

    def around(self, passage_id: str, *, before: int, after: int) -> Sequence[Passage]:
        """Return a passage with up to so many before and after it in its document.

        Each part of an over-long paragraph counts. Without the passage there is nothing.
        """
        row = self.row_of(passage_id)
        if row is None:
            return ()
        at = self._shelf.passages([row])[row].document
        document = self._shelf.documents([at])[at]
        start = max(row - min(max(before, 0), _MOST_AROUND), document.first)
        end = min(row + min(max(after, 0), _MOST_AROUND) + 1, document.first + document.count)
        return self.verbatim(range(start, end))

    def place_of(self, document_id: str) -> int | None:
        """Return a document's place in the order of their paths, from 0; None where it is gone."""
        return self._row("documents", document_id)

    def newest(self, count: int) -> Sequence[Document]:
        """Return the documents that were published last, those without a date at the end.

        Of more than were noted when it was pushed, the first of them.
        """
        return self._shelf.whole_documents(list(self._shelf.facts.newest[:count]))

    def titled(self, words: str) -> Sequence[Document]:
        """Return the documents whose title, or else file name, holds all the words, in any order.

        Case and accents don't matter; the shortest title comes first, ties go by path. Of very
        many, a thousand are looked at.
        """
        asked = set(folded(words))
        if not asked:
            return ()
        found = self._engine.rows(
            self._shelf.name_of("documents"),
            having_all(asked),
            ["row", "title", "file"],
            most=_MOST_TITLED,
        )
        rows = sorted(
            int(each["row"])
            for each in found
            if any(asked <= set(each[name].split()) for name in ("title", "file"))
        )
        pieces = self._shelf.documents(rows)
        rows.sort(key=lambda row: len(pieces[row].document.source.title))
        return Documents(self._shelf, rows)

    def hit_of(self, passage_id: str, highlight: Span | None = None) -> Hit | None:
        """Return a passage as a hit that nothing was asked for, as `Library.hit_of` does."""
        row = self._row("passages", passage_id)
        if row is None:
            return None
        rows = {row}
        piece = self._shelf.passages([row])[row]
        if piece.copies > 1:
            name = self._shelf.name_of("passages")
            where = f"alike == {piece.alike}"
            alike = self._engine.rows(name, where, ["row"], most=_MOST_COPIES)
            rows |= {int(each["row"]) for each in alike}
        generation, _ = self._shelf.generation(rows)
        return Library(generation).hit_of(passage_id, highlight)

    def verbatim(self, rows: Sequence[int]) -> list[Passage]:
        """Return those of these passages that stand in their documents, word for word."""
        generation, places = self._shelf.generation(rows)
        library = Library(generation)
        passages = [generation.passages[places[row]] for row in rows]
        return [each for each in passages if library.row_of(each.id) is not None]

    def read(self, rows: Sequence[int]) -> list[Passage]:
        """Return these passages, each of which stands in its document.

        Raises:
            EngineRefusedError: one doesn't.
        """
        found = self.verbatim(rows)
        if len(found) != len(rows):
            reason = f"a passage of {self.generation} is damaged: run `verbatim build`"
            raise EngineRefusedError(self._engine.address, reason)
        return found

    def _row(self, collection: str, id_: str) -> int | None:
        return self._shelf.rows_of(collection, [id_]).get(id_)

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage, document by document, read when it is asked for."""
        return _Passages(self, range(self._shelf.facts.passages))


class _Passages(Sequence[Passage]):
    """Passages that stand together, each read when it is asked for."""

    def __init__(self, library: ServedLibrary, rows: range) -> None:
        self._library = library
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> Passage: ...
    @overload
    def __getitem__(self, at: slice) -> list[Passage]: ...
    def __getitem__(self, at: int | slice) -> Passage | list[Passage]:
        """Read one passage, or several at once."""
        if isinstance(at, slice):
            return self._library.read(self._rows[at])
        return self._library.read([self._rows[at]])[0]

    def __iter__(self) -> Iterator[Passage]:
        """Read all of them, many at once."""
        for start in range(0, len(self), _READ_AT_ONCE):
            yield from self[start : start + _READ_AT_ONCE]
