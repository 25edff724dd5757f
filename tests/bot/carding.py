"""Cards for tests: rendered, taken apart, and checked against the Bot API's rules."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from bot.cards.making import card_of
from bot.cards.rendering import render
from bot.handlers.pages import changed_by
from bot.incoming import Incoming
from bot.texts import texts_for
from tests.bot.samples import ScriptedLibrary
from tests.botapi.checking import typed_arguments
from tests.botapi.entities import utf16_length, utf16_slice
from tests.botapi.keyboards import check_markup
from tests.botapi.markup import parse_html
from tests.botapi.text import formatted_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.memory.cards import Card
    from index.library import Library
    from index.types import Answer, Hit

ME = "verbatim_test_bot"
OMISSION = "[…]"
QUESTION = "was the gate open?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """What a card shows: its text before Telegram cleans it, its marks and its buttons."""

    card: Card
    html: str
    text: str
    quotes: list[str]
    bold: list[str]
    links: list[str]
    rows: list[list[dict[str, Any]]]

    @property
    def labels(self) -> list[list[str]]:
        """The texts of the buttons."""
        return [[button["text"] for button in row] for row in self.rows]

    @property
    def presses(self) -> list[str]:
        """What the buttons that are pressed send."""
        buttons = [button for row in self.rows for button in row]
        return [each["callback_data"] for each in buttons if "callback_data" in each]


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


def screen(card: Card, hits: Sequence[Hit]) -> Screen:
    """Render a card among hits, and hold that Telegram would take it."""
    library = cast("Library", ScriptedLibrary(hits))
    markup, keyboard = render(card, library, texts_for(card.language), me=ME)
    html = str(markup)
    formatted_text(html, parse_mode="HTML")
    text, entities = parse_html(html)
    assert utf16_length(text) <= 4096
    assert len(html.encode()) <= 32_768
    check_markup({"inline_keyboard": keyboard})
    sent = {"inline_keyboard": keyboard}
    typed_arguments(
        "sendMessage", {"chat_id": "1", "text": html, "reply_markup": json.dumps(sent)}
    )

    def marked(kinds: set[str]) -> list[str]:
        return [
            utf16_slice(text, each.offset, each.length) for each in entities if each.type in kinds
        ]

    return Screen(
        card=card,
        html=html,
        text=text,
        quotes=marked({"blockquote", "expandable_blockquote"}),
        bold=marked({"bold"}),
        links=[each.url for each in entities if each.type == "text_link"],
        rows=keyboard,
    )


def press(shown: Screen, label: str, hits: Sequence[Hit]) -> Screen:
    """Press the button with this label."""
    [data] = [
        button["callback_data"] for row in shown.rows for button in row if button["text"] == label
    ]
    return screen(changed_by(shown.card, data), hits)
