"""Lines as they stand on pages to paragraphs, headings, lists and tables, by geometry alone.

What every page-making program does is undone: a paragraph ends where the next line is further
down than lines of that size mostly are, stands in, is set in another size, or where a sentence
ends on a line that still had room for the next word. Lines that come again at the head or foot of
pages, their numbers aside, belong to the pages and are left out. A word parted at a line's end is
joined, with its hyphen where the document has it so elsewhere.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from index.prose import NO_SPACE_SCRIPTS, ends_sentence
from index.readers.base import Block, BlockKind
from index.readers.lines import without_running_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.readers.lines import Line

__all__ = ["blocks_of_lines"]

_COLUMN_MARK = " | "
_HYPHENATED = re.compile(r"\w+(?:-\w+)+")
_WORD = re.compile(r"\w+")
_TENS = re.compile(r"^(?:twen|thir|for|fif|six|seven|eigh|nine)ty$")

_HEADING_RATIO = 1.12  # to the size of most letters
_MAX_HEADING_CHARS = 200
_MAX_HEADING_LEVEL = 6
_SAME_SIZE_RATIO = 1.08
_LEADING_RATIO = 1.2
# In sizes of the font: 0.8 is eight tenths of its height.
_INDENT = 0.8
_SPACE = 0.25
_COLUMN_EDGE = 3.0
_USUAL_LEADING = 1.2
_LEADINGS = (0.7, 3.0)


def blocks_of_lines(pages: Sequence[Sequence[Line]]) -> Iterator[Block]:
    """Give the blocks of a document: its pages' lines in reading order, running lines left out."""
    kept = [
        _Placed(line=line, page=number, column_right=right)
        for number, lines in enumerate(without_running_lines(pages), 1)
        for line, right in zip(lines, _column_rights(lines), strict=True)
    ]
    if not kept:
        return
    style = _Style.of([placed.line for placed in kept])
    groups = [[kept[0]]]
    for above, below in pairwise(kept):
        if _parts(above, below, groups[-1], style):
            groups.append([])
        groups[-1].append(below)
    yield from _merged([_block(group, style) for group in groups])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """A line, the page it is on (1-based), and where the lines of its column end."""

    line: Line
    page: int
    column_right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """What is usual in a document: the text's size, the distance of its lines, its words."""

    size: float
    leading: float
    heading_sizes: tuple[float, ...]
    words: frozenset[str]
    compounds: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> _Style:
        letters: Counter[float] = Counter()
        for line in lines:
            letters[line.size] += len(line.text)
        size = letters.most_common(1)[0][0]
        distances = sorted(
            (one.bottom - other.bottom) / size
            for one, other in pairwise(lines)
            if one.size == other.size == size
            and _LEADINGS[0] < (one.bottom - other.bottom) / size < _LEADINGS[1]
        )
        texts = [line.text.casefold() for line in lines]
        return cls(
            size=size,
            # Among lines of one paragraph it is least, and a page has more such than others.
            leading=distances[len(distances) // 4] if distances else _USUAL_LEADING,
            heading_sizes=tuple(
                sorted((each for each in letters if each >= _HEADING_RATIO * size), reverse=True)
            ),
            words=frozenset(word for text in texts for word in _WORD.findall(text)),
            compounds=frozenset(word for text in texts for word in _HYPHENATED.findall(text)),
        )


def _column_rights(lines: Sequence[Line]) -> list[float]:
    """Return for each line how far right those reach that begin about where it does."""
    return [
        max(
            other.right
            for other in lines
            if abs(other.left - line.left) <= _COLUMN_EDGE * line.size
        )
        for line in lines
    ]


def _parts(above: _Placed, below: _Placed, group: Sequence[_Placed], style: _Style) -> bool:
    """Whether a paragraph ends between two lines."""
    one, other = above.line, below.line
    is_other_kind = len(one.cells) > 1 or len(other.cells) > 1 or other.is_list_entry
    if is_other_kind or max(one.size, other.size) > _SAME_SIZE_RATIO * min(one.size, other.size):
        return True
    if one.is_hyphenated:
        return False
    is_end = ends_sentence(one.text)
    had_room = _had_room(above, below)
    is_larger = one.size > style.size * _SAME_SIZE_RATIO  # the lines of a title may be centred
    may_hang = is_larger or group[0].line.is_list_entry
    down = one.bottom - other.bottom
    if above.page != below.page or down < -one.size:  # on to another page or column
        return is_end or had_room or is_larger
    stands_in = other.left - one.left > _INDENT * one.size and not may_hang
    return (
        down > _LEADING_RATIO * style.leading * max(one.size, style.size)
        or (one.is_bold != other.is_bold and (is_end or had_room))
        or stands_in
        or (is_end and had_room)
    )


def _had_room(above: _Placed, below: _Placed) -> bool:
    """Whether the first word of the line below would have fitted above: a line end meant so."""
    one, word = above.line, below.line.words[0]
    needed = _SPACE * one.size + word.right - word.left
    return one.right + needed < above.column_right - _INDENT * one.size


def _block(group: Sequence[_Placed], style: _Style) -> Block:
    lines = [placed.line for placed in group]
    first, page = lines[0], group[0].page
    if len(first.cells) > 1:
        return Block(text=_COLUMN_MARK.join(first.cells), kind=BlockKind.LINES, page=page)
    text = first.text
    for one, other in pairwise(group):
        text += _glue(one, other, style) + other.line.text
    if first.is_list_entry:
        return Block(text=text.replace("\n", " "), kind=BlockKind.LINES, page=page)
    if len(text) <= _MAX_HEADING_CHARS and any(map(str.isalpha, text)):
        level = None
        if first.size in style.heading_sizes:
            level = style.heading_sizes.index(first.size) + 1
        elif all(line.is_bold for line in lines) and not ends_sentence(text):
            level = len(style.heading_sizes) + 1
        if level is not None:
            level = min(level, _MAX_HEADING_LEVEL)
            text = text.replace("\n", " ")
            return Block(text=text, kind=BlockKind.HEADING, level=level, page=page)
    kind = BlockKind.LINES if "\n" in text else BlockKind.PARAGRAPH
    return Block(text=text, kind=kind, page=page)


def _glue(above: _Placed, below: _Placed, style: _Style) -> str:
    """Return what stands between two lines of a paragraph."""
    one, other = above.line.text, below.line.text
    if above.line.is_hyphenated:
        return _hyphen(one, other, style)
    if _had_room(above, below) and not other[0].islower():
        return "\n"
    is_unspaced = NO_SPACE_SCRIPTS.match(one[-1]) and NO_SPACE_SCRIPTS.match(other)
    return "" if is_unspaced or one.endswith("-") else " "


def _hyphen(one: str, other: str, style: _Style) -> str:
    """Return the hyphen that the word over two lines has anyway, or nothing."""
    heads, tails = _WORD.findall(one.casefold()), _WORD.findall(other.casefold())
    if not heads or not tails:
        return "-"
    head, tail = heads[-1], tails[0]
    if f"{head}-{tail}" in style.compounds or _TENS.match(head):
        return "-"
    is_word = head + tail in style.words or (head.isalpha() and other[0].islower())
    return "" if is_word else "-"


def _merged(blocks: Sequence[Block]) -> Iterator[Block]:
    """Join the entries of a list, and the rows of a table, into one block of lines.

    A row by itself is a line of prose with a gap in it.
    """
    for is_table, run in groupby(blocks, key=_is_row):
        rows = list(run)
        if not is_table:
            for is_list, entries in groupby(rows, key=_is_entry):
                if is_list:
                    yield _joined(list(entries))
                else:
                    yield from entries
        elif len(rows) == 1:
            text = rows[0].text.replace(_COLUMN_MARK, " ")
            yield replace(rows[0], text=text, kind=BlockKind.PARAGRAPH)
        else:
            yield _joined(rows)


def _is_row(block: Block) -> bool:
    return block.kind == BlockKind.LINES and _COLUMN_MARK in block.text


def _is_entry(block: Block) -> bool:
    return block.kind == BlockKind.LINES and "\n" not in block.text


def _joined(lines: Sequence[Block]) -> Block:
    return replace(lines[0], text="\n".join(line.text for line in lines))
