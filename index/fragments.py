"""Links that lead to the very words: text fragments (WICG, Scroll To Text Fragment).

A text directive is `:~:text=[prefix-,]textStart[,textEnd][,-suffix]`, where `-`, `,` and `&` are
syntax and stand percent-encoded in the words themselves. Browsers that don't know it open the
page as ever. https://wicg.github.io/scroll-to-text-fragment/#syntax
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from index.types import Span

__all__ = ["text_fragment_url"]

_MARK = ":~:"
_MAX_EXACT_CHARS = 150  # beyond, a small difference in the page is likelier to break the match
_RANGE_WORDS = 6  # at either end
_RANGE_CHARS = 30  # at either end, where words aren't parted by spaces
_MIN_WORDS = 4  # fewer may well stand elsewhere on the page: their neighbours tell them apart
_CONTEXT_WORDS = 3
_CELL_MARK = " | "  # what readers put between the cells of a table's row
_LIST_MARK = re.compile(r"^(?:[-*•‣◦▪]|\d{1,3}\.)\s+")


def text_fragment_url(url: str, text: str, span: Span) -> str:
    """Return `url` with the directive that leads to `text[span.start:span.end]`.

    Args:
        url: the document's address; a fragment of its own is kept, a text directive replaced.
        text: the passage, as it stands in the page.
        span: the part to lead to. A blank one leaves the address without a directive.
    """
    address = url.split(_MARK, 1)[0]
    lines = [_unmarked(line) for line in text[span.start : span.end].splitlines() if line.strip()]
    if not lines:
        return address.removesuffix("#")
    words = [word for line in lines for word in line.split()]
    exact = " ".join(words)
    # textStart must stand within one block of the page: lines, and a table's cells, are a range.
    if len(exact) <= _MAX_EXACT_CHARS and len(lines) == 1 and _CELL_MARK not in exact:
        directive = _exact(exact, len(words), text, span)
    else:
        head, tail = lines[0].split(_CELL_MARK)[0], lines[-1].split(_CELL_MARK)[-1]
        directive = f"{_encoded(_head(head))},{_encoded(_tail(tail))}"
    separator = "" if "#" in address else "#"
    return f"{address}{separator}{_MARK}text={directive}"


def _exact(exact: str, words: int, text: str, span: Span) -> str:
    if words >= _MIN_WORDS:
        return _encoded(exact)
    before = text[: span.start].rsplit("\n", 1)[-1].split()[-_CONTEXT_WORDS:]
    after = text[span.end :].split("\n", 1)[0].split()[:_CONTEXT_WORDS]
    prefix = f"{_encoded(' '.join(before))}-," if before else ""
    suffix = f",-{_encoded(' '.join(after))}" if after else ""
    return prefix + _encoded(exact) + suffix


def _head(line: str) -> str:
    words = line.split()
    if len(words) < _RANGE_WORDS:
        return line[:_RANGE_CHARS] if len(words) == 1 else " ".join(words)
    return " ".join(words[:_RANGE_WORDS])


def _tail(line: str) -> str:
    words = line.split()
    if len(words) < _RANGE_WORDS:
        return line[-_RANGE_CHARS:] if len(words) == 1 else " ".join(words)
    return " ".join(words[-_RANGE_WORDS:])


def _unmarked(line: str) -> str:
    """Return a line without the mark that stands before a list's entry, no text of the page's."""
    return _LIST_MARK.sub("", line.strip())


def _encoded(words: str) -> str:
    """Percent-encode everything but letters, digits, `_`, `.` and `~` (RFC 3986), as UTF-8."""
    return quote(words, safe="", errors="replace").replace("-", "%2D")
