"""Which part of a long text is shown: cut between words, never within a character people see.

Lengths are in UTF-16 code units, as Telegram counts entities; a message's length it counts in code
points, which are never more.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import lru_cache
from itertools import accumulate

import regex

from index.types import Span

__all__ = ["Cuts", "clipped", "cuts_of", "parts_of", "utf16_units", "window"]

_CHARACTER = regex.compile(r"\X")  # extended grapheme clusters (Unicode Standard Annex 29)
_MAX_CHARACTER_CHARS = 32  # one of more code points is a prank, and may be cut
_LONGEST_WORD_UNITS = 120  # what is longer is no word but an address, or a script without spaces
_OMITTED = "…"


def utf16_units(text: str) -> int:
    """Return the length of `text` in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


class Cuts:
    """The places where a text may be cut, offsets in code points; all methods speak of those."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = [0]
        for match in _CHARACTER.finditer(text):
            self._places += range(
                match.start() + _MAX_CHARACTER_CHARS, match.end(), _MAX_CHARACTER_CHARS
            )
            self._places.append(match.end())
        units_before = [0, *accumulate(1 if character <= "\uffff" else 2 for character in text)]
        self._units = [units_before[at] for at in self._places]

    def around(self, span: Span) -> Span:
        """Return any span grown to whole characters."""
        first = bisect_right(self._places, span.start) - 1
        last = bisect_left(self._places, max(span.end, span.start))
        return Span(self._places[first], max(self._places[first], self._places[last]))

    def units(self, span: Span) -> int:
        """Return the length of a part."""
        start, end = (self._units[bisect_left(self._places, at)] for at in span)
        return end - start

    def end_within(self, start: int, units: int) -> int:
        """Return the best end of a part that starts there and is at most so long."""
        first = bisect_left(self._places, start)
        last = bisect_right(self._units, self._units[first] + units) - 1
        return self._best(range(last, first, -1), start)

    def start_within(self, end: int, units: int) -> int:
        """Return the best start of a part that ends there and is at most so long."""
        last = bisect_left(self._places, end)
        first = bisect_left(self._units, self._units[last] - units)
        return self._best(range(first, last), end)

    def trimmed(self, span: Span) -> Span:
        """Return the span without the white space around it; a blank one as it is."""
        first, last = (bisect_left(self._places, at) for at in span)
        while first < last and self._is_blank(first):
            first += 1
        while first < last and self._is_blank(last - 1):
            last -= 1
        return Span(self._places[first], self._places[last]) if first < last else span

    def _best(self, candidates: range, otherwise: int) -> int:
        """Return the first place that parts words, or the very first where that is too far."""
        for at in candidates:
            if abs(self._units[at] - self._units[candidates[0]]) > _LONGEST_WORD_UNITS:
                break
            is_outer = at in {0, len(self._places) - 1}
            if is_outer or self._is_blank(at) or self._is_blank(at - 1):
                return self._places[at]
        return self._places[candidates[0]] if candidates else otherwise

    def _is_blank(self, at: int) -> bool:
        return self._text[self._places[at] : self._places[at + 1]].isspace()


@lru_cache(maxsize=8)
def cuts_of(text: str) -> Cuts:
    """Return where a text may be cut; for a long one that takes a while, so it is remembered."""
    return Cuts(text)


def window(text: str, highlight: Span, units: int) -> Span:
    """Return the part of a text to show: all of it, or whole words around the highlight.

    The highlight is always within it, unless that alone is too long; then its beginning is.
    """
    if utf16_units(text) <= units:
        return Span(0, len(text))
    cuts = cuts_of(text)
    shown = cuts.around(highlight)
    spare = units - cuts.units(shown)
    if spare <= 0:
        return Span(shown.start, cuts.end_within(shown.start, units))
    start = cuts.start_within(shown.start, spare // 2)
    end = cuts.end_within(shown.end, units - cuts.units(Span(start, shown.end)))
    if end == len(text):
        start = cuts.start_within(shown.start, units - cuts.units(Span(shown.start, end)))
    outer = cuts.trimmed(Span(start, end))
    return Span(min(outer.start, shown.start), max(outer.end, shown.end))


def parts_of(text: str, highlight: Span, units: int) -> tuple[list[Span], int]:
    """Return the parts in which a long text is read, and which of them is read first.

    That is the one around the highlight; from there they go on to both ends. All of the text that
    is not white space is in one of them.
    """
    cuts = cuts_of(text)
    first = window(text, highlight, units)
    before, after = [], []
    end, start = first
    while end > 0:
        earlier = cuts.start_within(end, units)
        before.append(Span(earlier, end))
        end = earlier
    while start < len(text):
        later = cuts.end_within(start, units)
        after.append(Span(start, later))
        start = later
    earlier_parts = [cuts.trimmed(each) for each in reversed(before) if not _blank(text, each)]
    later_parts = [cuts.trimmed(each) for each in after if not _blank(text, each)]
    return [*earlier_parts, first, *later_parts], len(earlier_parts)


def clipped(text: str, units: int) -> str:
    """Return a text on one line, its end left out where it is too long."""
    line = " ".join(text.split())
    if utf16_units(line) <= units:
        return line
    return line[: cuts_of(line).end_within(0, units - 1)].rstrip() + _OMITTED


def _blank(text: str, span: Span) -> bool:
    return not text[slice(*span)].strip()
