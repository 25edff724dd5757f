"""Lists of names and sentences within what a message holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bot.texts import Texts

__all__ = ["bounded", "clipped", "listed"]

_MAX_LINE_CHARS = 200
_MAX_CHARS = 4000  # a message holds 4096
_MOST_NAMED = 10


def clipped(text: str) -> str:
    """Return a text on one line of a bounded length, what nobody sees in it made visible."""
    line = printable(" ".join(text[: 2 * _MAX_LINE_CHARS].split()))
    return line if len(line) <= _MAX_LINE_CHARS else f"{line[: _MAX_LINE_CHARS - 1]}…"


def listed(mark: str, names: Sequence[str], texts: Texts) -> Iterator[str]:
    """Give a line for each of the first names, and how many more there are."""
    yield from (f"{mark} {clipped(name)}" for name in names[:_MOST_NAMED])
    if len(names) > _MOST_NAMED:
        yield f"{mark} {texts('and-more', count=len(names) - _MOST_NAMED)}"


def bounded(lines: Iterable[str]) -> str:
    """Return as many whole lines as a message holds."""
    text = "\n".join(lines)
    return text if len(text) <= _MAX_CHARS else text[:_MAX_CHARS].rpartition("\n")[0]
