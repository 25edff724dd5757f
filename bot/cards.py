"""Answers as Telegram messages: HTML, escaped, within the limits of the Bot API.

Limits (Bot API, sendMessage and "Formatting options"): 4096 characters after the markup is
parsed, counted here in UTF-16 units, which is never too few; and 32,768 bytes of markup.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from bot import texts
from bot.selection import closest_titles, hits_to_show
from index.types import Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Answer, Document, Hit

__all__ = ["answer_card", "sources_messages", "utf16_units"]

_MAX_MESSAGE_UNITS = 4096
_MAX_MARKUP_BYTES = 32_768
_MAX_QUOTE_CHARS = 1400
_MAX_FIELD_CHARS = 200
_MAX_ALSO_IN = 3
_OMISSION = "[…]"
_SPACE = re.compile(r"\s")
_TAG = re.compile(r"<[^>]*>|&(?:lt|gt|amp|quot|#x27);")  # an entity counts as its one character


def answer_card(answer: Answer) -> str:
    """Return the message for an answer: its verdict, and each quote with its source."""
    if answer.verdict == Verdict.NO_ANSWER:
        return _no_answer(answer)
    card = f"{texts.UNSURE} {texts.CLOSEST_PASSAGE}" if answer.verdict == Verdict.UNSURE else ""
    for hit in hits_to_show(answer):
        quote = f"<blockquote>{_quote(hit)}</blockquote>\n{_source(hit)}"
        longer = f"{card}\n\n{quote}" if card else quote
        if not _fits(longer):
            break
        card = longer
    return card


def sources_messages(documents: Sequence[tuple[Document, int]]) -> list[str]:
    """Return the list of documents, in as few messages as hold it."""
    messages = [f"<b>{texts.sources_heading(len(documents))}</b>"]
    for number, (document, passages) in enumerate(documents, 1):
        title = _linked(document.source.title, document.source.url)
        line = f"{number}. {title} – {texts.passages(passages)}"
        longer = f"{messages[-1]}\n{line}"
        if _fits(longer):
            messages[-1] = longer
        else:
            messages.append(line)
    return messages


def utf16_units(text: str) -> int:
    """Return the length of `text` in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fits(html: str) -> bool:
    parsed = _TAG.sub(lambda tag: "" if tag[0].startswith("<") else "x", html)
    return utf16_units(parsed) <= _MAX_MESSAGE_UNITS and len(html.encode()) <= _MAX_MARKUP_BYTES


def _no_answer(answer: Answer) -> str:
    titles = closest_titles(answer)
    if not titles:
        return texts.NOT_IN_DOCUMENTS
    listed = "\n".join(f"• {escape(_clipped(title))}" for title in titles)
    return f"{texts.NOT_IN_DOCUMENTS} {texts.CLOSEST_TITLES}\n{listed}"


def _quote(hit: Hit) -> str:
    """Return the passage with its highlight in bold, around the highlight where it is long."""
    text, bold = hit.passage.text, hit.highlight
    window = _window(text, bold)
    bold = Span(max(bold.start, window.start), min(bold.end, window.end))
    before = f"{_OMISSION} " if window.start > 0 else ""
    after = f" {_OMISSION}" if window.end < len(text) else ""
    return (
        f"{before}{escape(text[window.start : bold.start])}"
        f"<b>{escape(text[bold.start : bold.end])}</b>"
        f"{escape(text[bold.end : window.end])}{after}"
    )


def _window(text: str, highlight: Span) -> Span:
    """Return the part of a text to show: all of it, or whole words around the highlight.

    The highlight is always within it, unless that alone is too long; then its beginning is.
    """
    if len(text) <= _MAX_QUOTE_CHARS:
        return Span(0, len(text))
    start, end = highlight
    if end - start >= _MAX_QUOTE_CHARS:
        return Span(start, _word_end(text, start + 1, start + _MAX_QUOTE_CHARS))
    spare = _MAX_QUOTE_CHARS - (end - start)
    first = max(0, min(start - spare // 2, len(text) - _MAX_QUOTE_CHARS))
    last = min(len(text), first + _MAX_QUOTE_CHARS)
    return Span(_word_start(text, first, start), _word_end(text, end, last))


def _word_start(text: str, first: int, last: int) -> int:
    """Return the earliest place from `first` to `last` where a word starts; `last` if none."""
    if first == 0:
        return 0
    space = _SPACE.search(text, first - 1, last)
    return space.end() if space else last


def _word_end(text: str, first: int, last: int) -> int:
    """Return the latest place from `first` to `last` where a word ends.

    Where there is no space at all, as in Chinese, any place will do: `last`.
    """
    if last == len(text) or text[last].isspace():
        return last
    spaces = [match.start() for match in _SPACE.finditer(text, first, last)]
    return spaces[-1] if spaces else last


def _source(hit: Hit) -> str:
    title = _linked(hit.source.title, hit.source.url)
    lines = [f"— <i>{title}</i>", escape(_clipped(texts.source_line(hit)))]
    lines += [
        texts.also_in(_linked(other.source.title, other.source.url), other)
        for other in hit.also_in[:_MAX_ALSO_IN]
    ]
    return "\n".join(lines)


def _linked(title: str, url: str | None) -> str:
    shown = escape(_clipped(title))
    return f'<a href="{escape(url)}">{shown}</a>' if url else shown


def _clipped(text: str) -> str:
    return text if len(text) <= _MAX_FIELD_CHARS else text[: _MAX_FIELD_CHARS - 1] + "…"
