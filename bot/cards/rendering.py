"""Cards as Telegram messages: HTML, escaped, within the limits of the Bot API, whatever they hold.

A card is rendered from the library that is live now. Every part of a message has a bound of its
own, and the sum of them is below Telegram's; only links may be too much, and are then left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.cards.buttons import Ways, keyboard
from bot.cards.markup import MAX_UNITS, fits, linked, units_of
from bot.cards.quoting import Block, context_blocks, quote
from bot.cards.sourcing import source_lines
from bot.cards.windows import clipped, parts_of, utf16_units, window
from index.types import Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.memory.cards import Card
    from bot.replies import Keyboard
    from bot.texts import Texts
    from index.library import Library
    from index.types import Hit

__all__ = ["render"]

_WHOLE_UNITS = 1400  # up to this length a passage is quoted whole
_SIDE_BY_SIDE_UNITS = 600
_PART_UNITS = 2200
_MAX_UNDERSTOOD_UNITS = 200
_MAX_TITLES = 3
_GAP = Markup("\n\n")
_LINE = Markup("\n")


def render(card: Card, library: Library, texts: Texts, *, me: str) -> tuple[Markup, Keyboard]:
    """Return a card's message and its buttons; `me` is the bot's username."""
    if card.verdict == Verdict.NO_ANSWER:
        return _refusal(card, library, texts), keyboard(card, texts, Ways())
    shown = [library.hit_of(each.passage_id, each.highlight) for each in card.on_screen]
    hits = [hit for hit in shown if hit is not None]
    if not hits:
        return texts.html("passage-gone"), keyboard(card, texts, Ways(is_gone=True))
    html = Markup()
    ways = Ways()
    # Titles always fit; links are the one thing without a bound that is small enough.
    for has_links in (True, False):
        page = _Page(card, texts, me=me, has_links=has_links)
        if len(hits) > 1:
            html, ways = page.side_by_side(hits), Ways()
        else:
            html, ways = page.alone(hits[0], library)
        if fits(html):
            break
    return html, keyboard(card, texts, ways)


class _Page:
    """What one page of a card says."""

    def __init__(self, card: Card, texts: Texts, *, me: str, has_links: bool) -> None:
        self._card = card
        self._texts = texts
        self._me = me
        self._has_links = has_links

    def side_by_side(self, hits: Sequence[Hit]) -> Markup:
        """Return hits that state different things, in the order of the card."""
        quotes = [
            quote(text, window(text, hit.highlight, _SIDE_BY_SIDE_UNITS), hit.highlight)
            + _LINE
            + self._source(hit, has_also_in=False)
            for hit in hits
            for text in (hit.passage.text,)
        ]
        return _GAP.join([*self._head(*self._doubt()[:1], "sources-differ"), *quotes])

    def alone(self, hit: Hit, library: Library) -> tuple[Markup, Ways]:
        """Return one hit, with what of its context and of its length is asked for."""
        card, passage = self._card, hit.passage
        head, source = self._head(*self._doubt()), self._source(hit)
        shown, parts = window(passage.text, hit.highlight, _WHOLE_UNITS), Ways()
        if utf16_units(passage.text) > _WHOLE_UNITS:
            spans, first = parts_of(passage.text, hit.highlight, _PART_UNITS)
            if card.part is None:
                parts = Ways(opening=first)
            else:
                at = max(0, min(card.part, len(spans) - 1))
                shown = spans[at]
                parts = Ways(
                    earlier=at - 1 if at > 0 else None,
                    further=at + 1 if at + 1 < len(spans) else None,
                )
        block = Block(passage.number, quote(passage.text, shown, hit.highlight))
        each_way = max(card.before, card.after)
        around = library.around(passage.id, before=each_way + 1, after=each_way + 1)
        room = MAX_UNITS - units_of(_GAP.join([*head, block.html, source])) - len(_GAP)
        before, after, has_more = context_blocks(around, passage.id, each_way=each_way, units=room)
        blocks = [*before, block, *after]
        html = self._labelled(blocks) if len(blocks) > 1 else block.html
        ways = Ways(
            source=hit.source,
            context=each_way + 1 if has_more else None,
            opening=parts.opening,
            earlier=parts.earlier,
            further=parts.further,
        )
        return _GAP.join([*head, html + _LINE + source]), ways

    def _labelled(self, blocks: Sequence[Block]) -> Markup:
        lines: list[Markup] = []
        number = None
        for block in blocks:
            if block.number != number:
                number = block.number
                label = self._texts("paragraph-number", number=number)
                lines.append(Markup("<i>{}</i>").format(label))
            lines.append(block.html)
        return _LINE.join(lines)

    def _head(self, *names: str) -> list[Markup]:
        card, texts = self._card, self._texts
        head: list[Markup] = []
        if card.understood != card.question:
            words = clipped(card.understood, _MAX_UNDERSTOOD_UNITS)
            head.append(texts.html("understood", question=words))
        if card.limits:
            head.append(escape(card.limits))
        if names:
            head.append(Markup(" ").join(texts.html(name) for name in names))
        return head

    def _doubt(self) -> tuple[str, ...]:
        if self._card.verdict == Verdict.ANSWERED:
            return ()
        return ("unsure", "another-passage" if self._card.at else "closest-passage")

    def _source(self, hit: Hit, *, has_also_in: bool = True) -> Markup:
        return source_lines(
            hit, self._texts, me=self._me, has_links=self._has_links, has_also_in=has_also_in
        )


def _refusal(card: Card, library: Library, texts: Texts) -> Markup:
    """Return that there is no answer; where asked for, the documents that came closest."""
    refusal = texts.html("not-in-documents")
    if card.limits:
        refusal = escape(card.limits) + _LINE + refusal
    if not card.lists_titles:
        return refusal
    hits = [library.hit_of(each.passage_id) for each in card.shown]
    sources = {hit.source.path: hit.source for hit in hits if hit is not None}
    if not sources:
        return refusal + " " + texts.html("passage-gone")
    listed = [
        Markup("• {}").format(linked(each.title, each.url))
        for each in list(sources.values())[:_MAX_TITLES]
    ]
    return refusal + " " + texts.html("closest-titles") + _LINE + _LINE.join(listed)
