"""The documents, ten at a time, each with a button that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.cards.markup import MAX_BYTES, linked
from bot.cards.reading import PER_PAGE, Bookmark, list_press
from bot.cards.windows import clipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.replies import Keyboard
    from bot.texts import Texts
    from index.library import Library
    from index.types import Document

__all__ = ["closest_sources", "found_sources", "sources_page"]

_PER_ROW = 5
_MAX_DATE_UNITS = 40  # a time of day may stand in it, and what files say of it has no bound
_MOST_BYTES = MAX_BYTES - 1000  # what stands above and below the lines is shorter
_LINE = Markup("\n")
_BACK, _ON = "◀", "▶"


def sources_page(library: Library, number: int, texts: Texts) -> tuple[Markup, Keyboard]:
    """Return the page with a document, counted from 0, or the last where there are not so many."""
    documents = library.documents
    pages = max(1, -(-len(documents) // PER_PAGE))
    page = min(number // PER_PAGE, pages - 1)
    first = page * PER_PAGE
    shown = list(enumerate(documents[first : first + PER_PAGE], first + 1))
    heading = texts.html("sources-heading", documents=len(documents))
    head = Markup("<b>{}</b>").format(heading)
    foot = Markup()
    if pages > 1:
        foot = Markup("\n\n{}").format(texts("sources-page", page=page + 1, pages=pages))
    listed = _listed(head, shown, library, texts)
    return listed + foot, [*_numbers(shown), *_turning(page, pages)]


def closest_sources(
    said: str, library: Library, closest: Sequence[Document], texts: Texts
) -> tuple[Markup, Keyboard]:
    """Return what is said of a title that there is not, and the documents closest to it."""
    closest_are = texts("closest-titles") if closest else ""
    return found_sources(escape(f"{said} {closest_are}"), library, closest, texts)


def found_sources(
    said: Markup, library: Library, found: Sequence[Document], texts: Texts
) -> tuple[Markup, Keyboard]:
    """Return documents to choose from, by their numbers in the whole list; `said` is put first."""
    places = [(library.place_of(document.id), document) for document in found[:PER_PAGE]]
    shown = [(place + 1, document) for place, document in places if place is not None]
    return _listed(said, shown, library, texts), _numbers(shown)


def _listed(
    head: Markup, shown: list[tuple[int, Document]], library: Library, texts: Texts
) -> Markup:
    """Return a line for each document under a head; without links where those are too long."""
    listed = _LINE.join([head, *_lines(shown, library, texts)])
    if len(listed.encode()) <= _MOST_BYTES:
        return listed
    return _LINE.join([head, *_lines(shown, library, texts, has_links=False)])


def _lines(
    shown: list[tuple[int, Document]], library: Library, texts: Texts, *, has_links: bool = True
) -> list[Markup]:
    return [
        Markup("{}. {}{} – {}").format(
            number,
            linked(document.source.title, document.source.url if has_links else None),
            f" · {clipped(published, _MAX_DATE_UNITS)}" if published else "",
            texts("passages", count=len(library.passages_of(document.id))),
        )
        for number, document in shown
        for published in (document.source.published,)
    ]


def _numbers(shown: list[tuple[int, Document]]) -> Keyboard:
    buttons = [
        {"text": str(number), "callback_data": Bookmark(document_id=document.id).press}
        for number, document in shown
    ]
    return [buttons[at : at + _PER_ROW] for at in range(0, len(buttons), _PER_ROW)]


def _turning(page: int, pages: int) -> Keyboard:
    row = []
    if page > 0:
        row.append({"text": _BACK, "callback_data": list_press((page - 1) * PER_PAGE)})
    if page + 1 < pages:
        row.append({"text": _ON, "callback_data": list_press((page + 1) * PER_PAGE)})
    return [row] if row else []
