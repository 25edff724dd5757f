"""A document, read one passage at a time: where it comes from, the passage, and where to go on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from markupsafe import Markup

from bot.cards.markup import linked
from bot.cards.windows import clipped, parts_of
from bot.questions.permalinks import permalink
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.replies import Keyboard
    from bot.texts import Texts
    from index.library import Library
    from index.types import Document, Passage

__all__ = ["LIST_PRESS", "READ_PRESS", "Bookmark", "list_press", "reading"]

LIST_PRESS = re.compile(r"lst:([0-9]{1,9})")
"""What the buttons that open the list of documents send."""
READ_PRESS = re.compile(r"src:([0-9a-f]{1,32}):([0-9]{1,7}):([0-9]{1,4})")
"""What the buttons that turn the pages of a document send."""

_TAG = "source:"
PER_PAGE = 10
"""How many documents a page of their list has."""
_PART_UNITS = 2200
_MAX_HEADING_UNITS = 200
_MAX_ORIGIN_UNITS = 300
_BACK, _ON = "◀", "▶"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A place in a document: its `index`-th passage, and the part of it where that is long."""

    document_id: str
    index: int = 0
    part: int = 0

    @classmethod
    def from_press(cls, pressed: re.Match[str]) -> Self:
        """Return the place that a button names, as `READ_PRESS` has matched it."""
        return cls(document_id=pressed[1], index=int(pressed[2]), part=int(pressed[3]))

    @property
    def press(self) -> str:
        """What a button sends that opens this place; 64 bytes at most."""
        return f"src:{self.document_id}:{self.index}:{self.part}"

    @property
    def tag(self) -> str:
        """By what a message that shows the document is found."""
        return _TAG + self.document_id

    @staticmethod
    def document_of(tag: str) -> str | None:
        """Return the document that a message with this tag shows, None where it shows none."""
        return tag.removeprefix(_TAG) if tag.startswith(_TAG) else None


def list_press(number: int) -> str:
    """Return what a button sends that opens the list where it has a document, counted from 0."""
    return f"lst:{number}"


def reading(
    library: Library, at: Bookmark, texts: Texts, *, me: str
) -> tuple[Markup, Keyboard] | None:
    """Return a document opened at a place, or at the nearest one that it has; None if it is gone.

    `me` is the bot's user name.
    """
    document = library.document(at.document_id)
    if document is None:
        return None
    passages = library.passages_of(document.id)
    message = _head(document, passages, texts)
    turning: list[dict[str, str]] = []
    if places := _places(passages, at):
        here = min(places, key=lambda place: _distance(place, at))
        now = places.index(here)
        message += Markup("\n\n") + _page(passages[here.index], here.part, texts, me)
        around = ((_BACK, places[:now][-1:]), (_ON, places[now + 1 :][:1]))
        turning = [
            {"text": label, "callback_data": place.press}
            for label, found in around
            for place in found
        ]
    number = library.place_of(document.id)
    everything = {"text": texts("all-sources"), "callback_data": list_press(number or 0)}
    return message, [row for row in (turning, [everything]) if row]


def _places(passages: Sequence[Passage], at: Bookmark) -> list[Bookmark]:
    """Return the places around one, in order: those of its passage and of the two beside it."""
    index = min(at.index, len(passages) - 1)
    return [
        Bookmark(document_id=at.document_id, index=each, part=part)
        for each in range(max(index - 1, 0), min(index + 2, len(passages)))
        for part in range(len(_parts(passages[each])))
    ]


def _parts(passage: Passage) -> list[Span]:
    return parts_of(passage.text, Span(0, 0), _PART_UNITS)[0]


def _distance(place: Bookmark, wanted: Bookmark) -> tuple[int, int]:
    return abs(place.index - wanted.index), abs(place.part - wanted.part)


def _head(document: Document, passages: Sequence[Passage], texts: Texts) -> Markup:
    source = document.source
    known = (source.publisher, ", ".join(source.authors), source.published, source.licence)
    told = [*(each for each in known if each), texts("passages", count=len(passages))]
    title = Markup("<b>{}</b>").format(linked(source.title, source.url))
    return Markup("{}\n{}").format(title, clipped(" · ".join(told), _MAX_ORIGIN_UNITS))


def _page(passage: Passage, part: int, texts: Texts, me: str) -> Markup:
    text = passage.text[slice(*_parts(passage)[part])]
    place = texts("paragraph", number=passage.number, total=passage.of)
    page = texts("page", page=passage.page) if passage.page is not None else None
    return Markup('{}<blockquote>{}</blockquote>\n<a href="{}">{}</a>{}').format(
        Markup("<i>{}</i>\n").format(clipped(passage.heading, _MAX_HEADING_UNITS))
        if passage.heading
        else "",
        text,
        permalink(me, passage.id),
        place,
        f" · {page}" if page else "",
    )
