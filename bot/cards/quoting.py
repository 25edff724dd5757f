"""Quotes: passages and their context in blockquotes, the sentence that answers in bold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from bot.cards.windows import cuts_of, utf16_units, window
from index.types import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.types import Passage

__all__ = ["Block", "context_blocks", "quote"]

_OMISSION = "[…]"
_COLLAPSED_UNITS = 700  # a longer quote fills a telephone's screen: three lines of it will do
_MIN_UNITS = 160  # of a paragraph of which the rest has no room
_BLOCK_UNITS = 24  # the line above a block, and the ends of lines
_NOTHING = Span(0, 0)


class Block(NamedTuple):
    """A quote, and the number of the paragraph that it is of."""

    number: int
    html: Markup


def quote(text: str, shown: Span, highlight: Span = _NOTHING) -> Markup:
    """Return a part of a text as a quote, what of the highlight is in it in bold.

    Bold begins and ends between characters as people see them.
    """
    html = Markup("{}{}{}{}{}").format(
        f"{_OMISSION} " if shown.start > 0 else "",
        *_with_bold(text, shown, highlight),
        f" {_OMISSION}" if shown.end < len(text) else "",
    )
    is_long = utf16_units(text[slice(*shown)]) > _COLLAPSED_UNITS
    tag = Markup("blockquote expandable") if is_long else Markup("blockquote")
    return Markup("<{}>{}</blockquote>").format(tag, html)


def context_blocks(
    passages: Sequence[Passage], passage_id: str, *, each_way: int, units: int
) -> tuple[list[Block], list[Block], bool]:
    """Return the paragraphs before a passage and those behind it, and whether there is more.

    The nearest are taken first, so many to each side at most and as far as the room goes; of the
    last one the nearer part is shown.

    Args:
        passages: the passage among its neighbours, in order; more of them than `each_way`.
        passage_id: which one it is.
        each_way: how many are asked for before it, and as many behind it.
        units: how much room there is, in UTF-16 units.
    """
    at = next(at for at, each in enumerate(passages) if each.id == passage_id)
    sides = (list(reversed(passages[:at])), list(passages[at + 1 :]))
    blocks: tuple[list[Block], list[Block]] = ([], [])
    is_full = [False, False]
    for far in range(each_way):
        for way, side in enumerate(sides):
            if far >= len(side) or is_full[way]:
                continue
            passage = side[far]
            part = _part(passage.text, units - _BLOCK_UNITS, is_end=way == 0)
            is_full[way] = part != Span(0, len(passage.text))
            if part.start < part.end:
                html = quote(passage.text, part)
                blocks[way].append(Block(passage.number, html))
                units -= utf16_units(passage.text[slice(*part)]) + _BLOCK_UNITS
    has_more = any(
        len(side) > each_way and not is_full[way] and units > _MIN_UNITS + _BLOCK_UNITS
        for way, side in enumerate(sides)
    )
    return blocks[0][::-1], blocks[1], has_more


def _part(text: str, units: int, *, is_end: bool) -> Span:
    """Return all of a text, or what of its end or beginning has room, or nothing."""
    if utf16_units(text) <= units:
        return Span(0, len(text))
    if units < _MIN_UNITS:
        return _NOTHING
    return window(text, Span(len(text), len(text)) if is_end else _NOTHING, units)


def _with_bold(text: str, shown: Span, highlight: Span) -> Iterator[str | Markup]:
    bold = highlight
    if highlight.start < highlight.end:
        bold = cuts_of(text).around(highlight)
    start, end = max(bold.start, shown.start), min(bold.end, shown.end)
    if start >= end:
        yield from (text[slice(*shown)], "", "")
        return
    yield text[shown.start : start]
    yield Markup("<b>{}</b>").format(text[start:end])
    yield text[end : shown.end]
