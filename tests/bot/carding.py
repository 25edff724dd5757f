"""What the bot shows, for tests: drawn, rendered, taken apart, held against the Bot API's rules.

Whatever stands in a document may be shown: so texts are drawn that are HTML, run from right to
left, are of characters that are several code points, or are very long.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, cast

import regex
from hypothesis import strategies as st
from markupsafe import Markup

from bot.cards.making import card_of
from bot.cards.rendering import render
from bot.handlers.pages import changed_by
from bot.incoming import Incoming
from bot.replies import content
from bot.texts import texts_for
from index.types import Source, Span
from tests.bot.samples import ScriptedLibrary, make_hit
from tests.botapi.checking import typed_arguments
from tests.botapi.entities import utf16_length, utf16_slice
from tests.botapi.keyboards import check_markup
from tests.botapi.markup import parse_html
from tests.botapi.text import formatted_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.memory.cards import Card
    from bot.replies import Keyboard
    from index.library import Library
    from index.types import Answer, Hit

ME = "verbatim_test_bot"
OMISSION = "[…]"
QUESTION = "was the gate open?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a message shows: its text before Telegram cleans it, its marks and its buttons."""

    html: str
    text: str
    quotes: list[str]
    bold: list[str]
    links: list[str]
    rows: Keyboard

    @property
    def labels(self) -> list[list[str]]:
        """The texts of the buttons."""
        return [[button["text"] for button in row] for row in self.rows]

    @property
    def presses(self) -> list[str]:
        """What the buttons that are pressed send."""
        buttons = [button for row in self.rows for button in row]
        return [each["callback_data"] for each in buttons if "callback_data" in each]


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen(Shown):
    """What a card shows."""

    card: Card


def incoming(language: str = "en", **place: Any) -> Incoming:
    """Return a message in a private chat."""
    given = Incoming(
        update_id=1,
        chat_id=7,
        is_private=True,
        thread_id=None,
        user_id=7,
        reply_to_id=None,
        message_id=3,
        sent_at=0.0,
        text=QUESTION,
        texts=texts_for(language),
    )
    return replace(given, **place)


def card_for(answer: Answer, *, language: str = "en", **given: Any) -> Card:
    """Return the card for an answer."""
    return card_of(answer, incoming(language), **given)


def taken(text: str | Markup, keyboard: Keyboard | None = None) -> Shown:
    """Return what a message shows, and hold that Telegram would take it."""
    given = content(text, keyboard)
    raw, mode = given["text"], given.get("parse_mode", "")
    formatted_text(raw, parse_mode=mode)
    check_markup(given.get("reply_markup"))
    sent = {
        name: each if isinstance(each, str) else json.dumps(each) for name, each in given.items()
    }
    typed_arguments("sendMessage", {"chat_id": "1"} | sent)
    plain, entities = parse_html(raw) if isinstance(text, Markup) else (raw, [])
    assert not entities or utf16_length(plain) <= 4096

    def marked(kinds: set[str]) -> list[str]:
        return [
            utf16_slice(plain, each.offset, each.length) for each in entities if each.type in kinds
        ]

    return Shown(
        html=raw,
        text=plain,
        quotes=marked({"blockquote", "expandable_blockquote"}),
        bold=marked({"bold"}),
        links=[each.url for each in entities if each.type == "text_link"],
        rows=keyboard or [],
    )


def screen(card: Card, hits: Sequence[Hit]) -> Screen:
    """Render a card among hits, and hold that Telegram would take it."""
    library = cast("Library", ScriptedLibrary(hits))
    shown = taken(*render(card, library, texts_for(card.language), me=ME))
    given = {each.name: getattr(shown, each.name) for each in fields(shown)}
    return Screen(card=card, **given)


def press(shown: Screen, label: str, hits: Sequence[Hit]) -> Screen:
    """Press the button with this label."""
    [data] = [
        button["callback_data"] for row in shown.rows for button in row if button["text"] == label
    ]
    return screen(changed_by(shown.card, data), hits)


def unmarked(quote: str) -> str:
    """Return a quote without the marks of what was left out."""
    return quote.removeprefix(f"{OMISSION} ").removesuffix(f" {OMISSION}")


CHARACTERS = (
    "a",
    "é",
    "e\u0301",
    "א",
    "ل",
    "👍🏽",
    "👩‍👩‍👧‍👦",
    "🇸🇾",
    "门",
    " ",
    "\n",
    "<",
    "&",
    "\u202e",
)
any_text = st.text(min_size=1, max_size=300)
mixed = st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=300).map("".join)
html_text = st.lists(
    st.sampled_from(
        ("<b>", "</b>", "</blockquote>", "<a href='x'>", "&lt;", "&amp;", "&#x41;", "a ", "\n\n")
    ),
    min_size=1,
    max_size=200,
).map("".join)
long_text = st.builds(
    lambda part, count: (part * count)[:100_000],
    st.text(min_size=3, max_size=40) | mixed,
    st.integers(min_value=40, max_value=1200),
)
field_text = st.text(max_size=300) | st.sampled_from(CHARACTERS).map(lambda each: each * 300)
optional_text = st.none() | field_text
languages = st.sampled_from(["en", "ar"])
addresses = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Z"], exclude_characters='<>"'), max_size=300
).map("https://example.org/{}".format) | st.text(max_size=30)


sources = st.builds(
    Source,
    title=st.text(min_size=1, max_size=500) | field_text.filter(bool),
    path=st.just("seeds/a.txt"),
    publisher=optional_text,
    authors=st.lists(st.text(max_size=80), max_size=4).map(tuple),
    published=optional_text,
    url=st.none() | addresses,
    licence=optional_text,
)


@st.composite
def hits(draw: st.DrawFn, rank: int = 1) -> Hit:
    """Draw a hit of any text, highlight and source."""
    text = draw(any_text | mixed | html_text | long_text)
    start = draw(st.integers(0, len(text)))
    highlight = Span(start, draw(st.integers(start, len(text))))
    heading, source = draw(optional_text), draw(sources)
    return make_hit(text, highlight, source=source, heading=heading, rank=rank, number=rank)


def boundaries(text: str) -> set[int]:
    """Return where characters that people see begin and end; of the endless ones, anywhere."""
    found = {0}
    for match in regex.finditer(r"\X", text):
        is_endless = match.end() - match.start() > 32
        found |= set(range(*match.span())) if is_endless else set()
        found.add(match.end())
    return found


def holds(quote: str, text: str) -> bool:
    """Tell whether a quote is a part of a text, its ends marked where they are not the text's."""
    for begins in (True, False):
        for ends in (True, False):
            part = quote if begins else quote.removeprefix(f"{OMISSION} ")
            part = part if ends else part.removesuffix(f" {OMISSION}")
            starts = (
                [found.start() for found in re.finditer(f"(?={re.escape(part)})", text)]
                if len(part) < len(text)
                else [0] * (part == text)
            )
            cuts = boundaries(text)
            if any(
                (start == 0 or not begins)
                and (start + len(part) == len(text) or not ends)
                and {start, start + len(part)} <= cuts
                for start in starts
            ):
                return True
    return False
