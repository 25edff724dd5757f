"""Lines as they stand on a page, and which of them belong to the pages and not to the text."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Line", "Word", "without_running_lines"]

_EDGE_LINES = 2  # how many lines at a page's head, and at its foot, may be the page's own
_MIN_REPEATS = 3
_SAME_HEIGHT_POINTS = 3.0
_NUMBER = re.compile(r"\d{1,5}")
_ROMAN_NUMBER = re.compile(r"^\W*[ivxl]{1,7}\W*$", re.IGNORECASE)
_LIST_MARK = re.compile(r"^(?:[-*•‣◦▪●○■–]|\(?\d{1,3}[.)]|\(?[a-z][.)])$")
_COLUMN_GAP = 1.5  # times the height of the font


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word where it stands: in points, from the page's lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    size: float
    is_bold: bool = False


@dataclass(frozen=True, kw_only=True)
class Line:
    """Words side by side. `is_hyphenated` tells that the last one goes on in the next line."""

    words: tuple[Word, ...]
    is_hyphenated: bool = False

    @cached_property
    def text(self) -> str:
        """The words, parted by spaces."""
        return " ".join(word.text for word in self.words)

    @cached_property
    def size(self) -> float:
        """The height of its font: of most of its letters, where there are several."""
        letters: Counter[float] = Counter()
        for word in self.words:
            letters[round(word.size, 1)] += len(word.text)
        return letters.most_common(1)[0][0]

    @cached_property
    def bottom(self) -> float:
        """Where it stands on the page; one number for words of the same line."""
        return median(word.bottom for word in self.words)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.words[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return self.words[-1].right

    @property
    def is_bold(self) -> bool:
        """Whether all of it is."""
        return all(word.is_bold for word in self.words)

    @property
    def is_list_entry(self) -> bool:
        """Whether it begins with a bullet or a number in a list."""
        return len(self.words) > 1 and bool(_LIST_MARK.match(self.words[0].text))

    @cached_property
    def cells(self) -> list[str]:
        """The words between gaps too wide for a space, as between a table's columns."""
        cells = [[self.words[0].text]]
        for one, other in pairwise(self.words):
            is_gap = other.left - one.right > _COLUMN_GAP * self.size
            if is_gap and not (one is self.words[0] and self.is_list_entry):
                cells.append([])
            cells[-1].append(other.text)
        return [" ".join(cell) for cell in cells]


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """Leave out what the pages have in common at head and foot, and their numbers."""
    edges = [_edge_lines(lines) for lines in pages]
    repeats: Counter[str] = Counter()
    for at, lines in enumerate(edges):
        repeats.update({key for line in lines for key in _running_keys(line, at)})
    least = min(_MIN_REPEATS, max(2, len(pages)))

    def is_running(line: Line, at: int) -> bool:
        return (
            any(repeats[key] >= least for key in _running_keys(line, at))
            or line.text.strip("-–— ") == str(at + 1)
            or bool(_ROMAN_NUMBER.match(line.text))
        )

    return [
        [line for line in lines if not (line in edges[at] and is_running(line, at))]
        for at, lines in enumerate(pages)
    ]


def _edge_lines(lines: Sequence[Line]) -> list[Line]:
    by_height = sorted(lines, key=lambda line: line.bottom)
    return by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:]


def _running_keys(line: Line, at: int) -> Iterator[str]:
    """Give what an edge line may have in common with other pages': its words and its height.

    A number counts by how far it is from the page's own.
    """
    height = round(line.bottom / _SAME_HEIGHT_POINTS)
    yield f"{height} {line.text}"
    for number in _NUMBER.finditer(line.text):
        masked = f"#{int(number[0]) - at}"
        yield f"{height} {line.text[: number.start()]}{masked}{line.text[number.end() :]}"
