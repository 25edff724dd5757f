"""Passages as results of inline mode: what is listed, and what choosing one posts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from telegram.constants import ParseMode

from bot.cards.quoting import quote
from bot.cards.sourcing import source_lines
from bot.cards.windows import clipped, window
from bot.citations import source_line

if TYPE_CHECKING:
    from bot.texts import Texts
    from index.types import Hit

__all__ = ["article", "quoted"]

_MAX_TITLE_UNITS = 100
_MAX_DESCRIPTION_UNITS = 200
_QUOTE_UNITS = 1400
_MAX_ID_BYTES = 64  # Bot API, InlineQueryResultArticle


def article(hit: Hit, texts: Texts, *, me: str, is_document: bool = False) -> dict[str, Any]:
    """Return a passage as a result: its title, the sentence that answers, and the post.

    Of a document, what is known of it stands in the place of the sentence.
    """
    sentence = hit.passage.text[slice(*hit.highlight)] or hit.passage.text
    described = source_line(hit, texts) if is_document else sentence
    title = clipped(hit.source.title, _MAX_TITLE_UNITS)
    return {
        "type": "article",
        "id": hit.passage.id[:_MAX_ID_BYTES],
        "title": title or clipped(hit.source.path, _MAX_TITLE_UNITS),  # one without is refused
        "description": clipped(described, _MAX_DESCRIPTION_UNITS),
        "input_message_content": {
            "message_text": str(quoted(hit, texts, me=me)),
            "parse_mode": ParseMode.HTML.value,
            "link_preview_options": {"is_disabled": True},
        },
    }


def quoted(hit: Hit, texts: Texts, *, me: str, units: int = _QUOTE_UNITS) -> Markup:
    """Return a passage around its highlight, `units` long at most, with its source under it."""
    shown = window(hit.passage.text, hit.highlight, units)
    source = source_lines(hit, texts, me=me, has_also_in=False)
    return Markup("{}\n{}").format(quote(hit.passage.text, shown, hit.highlight), source)
