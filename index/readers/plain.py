"""Plain text: which line ends are paragraph ends?

Three conventions are common, and a file may mix them: a blank line between paragraphs, each
paragraph on a line of its own, and lines wrapped at a fixed width. A blank line always ends a
paragraph. Within a block of lines, a line was wrapped if the first word of the next one would
not have fitted on it; that is how every wrapping program works, so no width has to be guessed.
What remains, lines that are mostly no sentences (a list, an address, a poem), stays whole.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from index.decoding import UndecodableError, decode
from index.frontmatter import split_front_matter
from index.prose import NO_SPACE_SCRIPTS, ends_sentence
from index.readers.base import Block, BlockKind, Extract, ReadingError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PlainTextReader", "blocks_of", "decoded"]

_BLANK_LINES = re.compile(r"\n[ \t\u00a0\u3000]*(?:\n[ \t\u00a0\u3000]*)+")
_WRAP_WIDTHS = range(30, 141)  # narrower is a list, wider is a paragraph on a line of its own
_WRAP_SLACK = 0.12  # `fmt` and people leave some lines short
_MIN_WRAPPED_SHARE = 0.6
_HYPHENATED = re.compile(r"\w-$")
_LIST_MARK = re.compile(r"^\s*(?:[-*•‣◦–]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+")


class PlainTextReader:
    """Reads `.txt`."""

    def read(self, data: bytes) -> Extract:
        """Extract the paragraphs; a front matter block is metadata, as in Markdown."""
        metadata, body = split_front_matter(decoded(data))
        return Extract(blocks=list(blocks_of(body)), metadata=metadata)


def decoded(data: bytes) -> str:
    """Decode, or say in the reader's own error why not."""
    try:
        return decode(data)
    except UndecodableError as error:
        raise ReadingError(str(error)) from error


def blocks_of(text: str) -> Iterator[Block]:
    """Divide plain text into blocks, hard-wrapped lines joined."""
    groups = [
        [line.strip() for line in group.split("\n") if line.strip()]
        for group in _BLANK_LINES.split(text)
    ]
    groups = [group for group in groups if group]
    width = _wrap_width(groups)
    for group in groups:
        lines = _unwrapped(group, width) if width else group
        if len(lines) > 1 and not _are_paragraphs(lines):
            yield Block(text="\n".join(lines), kind=BlockKind.LINES)
        else:
            yield from (Block(text=line) for line in lines)


def _are_paragraphs(lines: list[str]) -> bool:
    """Whether most of the text stands in lines that end as sentences do."""
    ended = sum(len(line) for line in lines if ends_sentence(line))
    return 2 * ended >= sum(map(len, lines))


def _wrap_width(groups: list[list[str]]) -> int | None:
    """Return the width at which the whole text was wrapped, or None if it was not."""
    lines = [line for group in groups for line in group]
    lengths = [len(line) for line in lines if " " in line or NO_SPACE_SCRIPTS.search(line)]
    width = max(lengths, default=0)
    if width not in _WRAP_WIDTHS:
        return None
    pairs = [pair for group in groups for pair in pairwise(group)]
    full = [pair for pair in pairs if _was_full(*pair, width)]
    if len(full) < max(2, _MIN_WRAPPED_SHARE * len(pairs)):
        return None
    # In wrapped prose few lines happen to end with a sentence, and the next seldom starts as one.
    ended = sum(ends_sentence(first) for first, _ in full)
    capital = sum(second[0].isupper() or bool(_LIST_MARK.match(second)) for _, second in full)
    return width if 2 * ended < len(full) and 2 * capital < len(full) else None


def _was_full(line: str, following: str, width: int) -> bool:
    """Whether the first word of `following` would not have fitted on `line`."""
    first_word = following.split(maxsplit=1)[0]
    if NO_SPACE_SCRIPTS.match(following):
        first_word = following[0]
    return len(line) + 1 + len(first_word) > width * (1 - _WRAP_SLACK)


def _unwrapped(lines: list[str], width: int) -> list[str]:
    paragraphs = [lines[0]]
    for line, following in pairwise(lines):
        is_full = _was_full(line, following, width)
        if not is_full or (_LIST_MARK.match(following) and _may_end(line, paragraphs[-1])):
            paragraphs.append(following)
            continue
        joined_before = paragraphs[-1]
        is_unspaced = NO_SPACE_SCRIPTS.match(following) and NO_SPACE_SCRIPTS.match(line[-1])
        # A hyphen at a line end stays: whether the word has one anyway can't be known.
        glue = "" if is_unspaced or _HYPHENATED.search(joined_before) else " "
        paragraphs[-1] = joined_before + glue + following
    return paragraphs


def _may_end(line: str, paragraph: str) -> bool:
    """Whether a list entry may follow: not in the midst of a sentence that is no entry itself."""
    return ends_sentence(line) or bool(_LIST_MARK.match(paragraph))
