"""Answers as Telegram messages: HTML, escaped, within the limits of the Bot API.

Limits (Bot API, sendMessage and "Formatting options"): 4096 characters after the markup is
parsed, counted here in UTF-16 units, which is never too few; and 32,768 bytes of markup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from bot.citations import also_in, link_to, source_line
from bot.selection import closest_titles, hits_to_show
from index.types import Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts import Texts
    from index.types import Answer, Document, Hit

__all__ = ["answer_card", "sources_messages", "utf16_units"]

_MAX_MESSAGE_UNITS = 4096
_MAX_MARKUP_BYTES = 32_768
_MAX_QUOTE_CHARS = 1400
_MAX_FIELD_CHARS = 200
_MAX_ALSO_IN = 3
_OMISSION = "[…]"
_SPACE = re.compile(r"\s")
_QUOTE = Markup("<blockquote>{quote}</blockquote>\n{source}")
_TITLE = Markup("— <i>{}</i>")
_TAG = re.compile(r"<[^>]*>|&(?:lt|gt|amp|#34|#39);")  # an entity counts as its one character


def answer_card(answer: Answer, texts: Texts) -> Markup:
    """Return the message for an answer: its verdict, and each quote with its source."""
    if answer.verdict == Verdict.NO_ANSWER:
        return _no_answer(answer, texts)
    card = Markup()
    if answer.verdict == Verdict.UNSURE:
        card = texts.html("unsure") + " " + texts.html("closest-passage")
    for at, hit in enumerate(hits_to_show(answer)):
        quote = _QUOTE.format(quote=_quote(hit), source=_source(hit, texts))
        longer = card + "\n\n" + quote if card else quote
        if _fits(longer):
            card = longer
            continue
        if at == 0:  # an answer is never empty: the place alone is given, without links
            bare = _TITLE.format(_clipped(hit.source.title))
            quote = _QUOTE.format(quote=_quote(hit), source=bare)
            card = card + "\n\n" + quote if card else quote
        break
    return card


def sources_messages(documents: Sequence[tuple[Document, int]], texts: Texts) -> list[Markup]:
    """Return the list of documents, in as few messages as hold it."""
    heading = texts.html("sources-heading", documents=len(documents))
    messages = [Markup("<b>{}</b>").format(heading)]
    for number, (document, passages) in enumerate(documents, 1):
        title = _linked(document.source.title, document.source.url)
        line = Markup("{}. {} – {}").format(number, title, texts("passages", count=passages))
        longer = messages[-1] + "\n" + line
        if _fits(longer):
            messages[-1] = longer
        else:
            messages.append(line)
    return messages


def utf16_units(text: str) -> int:
    """Return the length of `text` in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _fits(html: Markup) -> bool:
    parsed = _TAG.sub(lambda tag: "" if tag[0].startswith("<") else "x", html)
    return utf16_units(parsed) <= _MAX_MESSAGE_UNITS and len(html.encode()) <= _MAX_MARKUP_BYTES


def _no_answer(answer: Answer, texts: Texts) -> Markup:
    titles = closest_titles(answer)
    refusal = texts.html("not-in-documents")
    if not titles:
        return refusal
    listed = Markup("\n").join(Markup("• {}").format(_clipped(title)) for title in titles)
    return refusal + " " + texts.html("closest-titles") + "\n" + listed


def _quote(hit: Hit) -> Markup:
    """Return the passage with its highlight in bold, around the highlight where it is long."""
    text, bold = hit.passage.text, hit.highlight
    window = _window(text, bold)
    bold = Span(max(bold.start, window.start), min(bold.end, window.end))
    return Markup("{}{}<b>{}</b>{}{}").format(
        f"{_OMISSION} " if window.start > 0 else "",
        text[window.start : bold.start],
        text[bold.start : bold.end],
        text[bold.end : window.end],
        f" {_OMISSION}" if window.end < len(text) else "",
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


def _source(hit: Hit, texts: Texts) -> Markup:
    title = _TITLE.format(_linked(hit.source.title, link_to(hit)))
    lines = [title, escape(_clipped(source_line(hit, texts)))]
    lines += [
        escape(also_in(_linked(other.source.title, link_to(other)), other, texts))
        for other in hit.also_in[:_MAX_ALSO_IN]
    ]
    return Markup("\n").join(lines)


def _linked(title: str, url: str | None) -> Markup:
    shown = escape(_clipped(title))
    return Markup('<a href="{}">{}</a>').format(url, shown) if url else shown


def _clipped(text: str) -> str:
    return text if len(text) <= _MAX_FIELD_CHARS else text[: _MAX_FIELD_CHARS - 1] + "…"
