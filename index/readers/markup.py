"""Marked-up text (an lxml tree) to blocks: HTML's element names, and those of trafilatura.

Nothing here calls itself, so a page may be nested as deep as it likes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from lxml import etree

from index.readers.base import Block, BlockKind, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    Element: TypeAlias = etree._Element  # noqa: SLF001 - the only name lxml has for it

__all__ = ["blocks_of_tree", "words_of"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = {"ul", "ol", "dl", "list", "menu"}
_ITEM_MARKS = {"li": "- ", "item": "- ", "dt": "", "dd": "  "}
_ROWS = {"tr", "row"}
_CELLS = {"td", "th", "cell"}
_BREAKS = {"br", "lb"}
_PASSED_OVER = {
    *("audio", "button", "canvas", "form", "iframe", "input", "math", "nav", "noscript", "object"),
    *("rp", "rt", "script", "select", "style", "svg", "template", "textarea", "title", "video"),
}
_INLINE = {
    *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "data", "del", "dfn", "em"),
    *("font", "hi", "i", "img", "ins", "kbd", "label", "mark", "q", "rb", "ref", "ruby", "s"),
    *("samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
    *("code", "graphic", *_BREAKS),
}
_SPACE = re.compile(r"[ \t\n\r\f]+")
_BREAK = "\v"  # a line break, until white space is collapsed; no XML or HTML text holds one


def blocks_of_tree(root: Element) -> Iterator[Block]:
    """Give the blocks of an element and all below it, in order; what nobody reads is left out.

    `head` is a heading, as trafilatura has it; a page's own `head` must not be part of the tree.
    """
    loose: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, node in walk:
        name = _name(node)
        if event == "start":
            if name in _BREAKS:
                loose.append(_BREAK)
            elif name in _INLINE:
                loose.append(node.text or "")
            elif name in _PASSED_OVER:
                walk.skip_subtree()
            else:
                yield from _paragraph(loose)
                whole = _whole_block(node, name)
                if whole is None:
                    loose.append(node.text or "")
                else:
                    walk.skip_subtree()
                    yield from (whole,) if whole.text else ()
        else:
            if event == "end" and name not in _INLINE | _PASSED_OVER:
                yield from _paragraph(loose)
            loose.append((node.tail or "") if node is not root else "")
    yield from _paragraph(loose)


def words_of(node: Element, *, line_break: str = "\n") -> str:
    """Return all text of an element, white space collapsed as a browser does."""
    parts: list[str] = []
    walk = etree.iterwalk(node, events=("start", "end", "comment", "pi"))
    for event, inner in walk:
        name = _name(inner)
        if event == "start" and name in _PASSED_OVER:
            walk.skip_subtree()
        elif event == "start":
            is_apart = name not in _INLINE and inner is not node
            parts.append(_BREAK if name in _BREAKS else " " if is_apart else "")
            parts.append(inner.text or "")
        else:
            is_apart = name not in _INLINE and inner is not node
            parts.append(" " if is_apart else "")
            parts.append((inner.tail or "") if inner is not node else "")
    return _collapsed(parts, line_break)


def _whole_block(node: Element, name: str) -> Block | None:
    """Return the block that the whole element makes, or None where it only holds others."""
    if name in _HEADINGS or name == "head":
        level = _HEADINGS.get(name) or _HEADINGS.get(node.get("rend") or "", 2)
        return Block(text=words_of(node, line_break=" "), kind=BlockKind.HEADING, level=level)
    if name == "pre" or (name == "code" and "\n" in (node.text or "")):
        return Block(text=tidy("".join(map(str, node.itertext()))), kind=BlockKind.LINES)
    if name in _LISTS and not _holds(node, "table", "pre", "head", *_HEADINGS):
        return Block(text="\n".join(_list_lines(node)), kind=BlockKind.LINES)
    if name == "table" and not _holds(node, "table", "head", *_LISTS, *_HEADINGS):
        rows = [
            [words_of(cell, line_break=" ") for cell in row if _name(cell) in _CELLS]
            for row in node.iter(*(f"{{*}}{row_name}" for row_name in _ROWS))
        ]
        if max(map(len, rows), default=0) > 1:  # one cell a row: a table for the looks of it
            lines = [" | ".join(row) for row in rows if any(row)]
            return Block(text="\n".join(lines), kind=BlockKind.LINES)
    return None


def _list_lines(top: Element) -> Iterator[str]:
    """Give a list's entries, one a line, those of a list within a list indented."""
    counters: list[int | None] = []
    mark, loose = "", [""]
    for event, node in etree.iterwalk(top, events=("start", "end")):
        name = _name(node)
        if name in _INLINE:
            is_start = event == "start"
            loose.append((_BREAK if name in _BREAKS else node.text or "") if is_start else "")
            loose.append("" if is_start else node.tail or "")
            continue
        for line in filter(None, _collapsed(loose, "\n").split("\n")):
            yield "  " * (len(counters) - 1) + mark + line
            mark = " " * len(mark)
        loose.clear()
        if event == "end":
            loose.append((node.tail or "") if node is not top else "")
            if name in _LISTS:
                counters.pop()
        else:
            if name in _LISTS:
                is_numbered = name == "ol" or node.get("rend") == "ol"
                counters.append(0 if is_numbered else None)
            elif name in _ITEM_MARKS:
                count = counters[-1]
                counters[-1] = None if count is None else count + 1
                mark = _ITEM_MARKS[name] if count is None else f"{count + 1}. "
            loose.append(node.text or "")


def _paragraph(loose: list[str]) -> Iterator[Block]:
    text = _collapsed(loose, "\n")
    loose.clear()
    if text:
        yield Block(text=text)


def _collapsed(parts: list[str], line_break: str) -> str:
    lines = (_SPACE.sub(" ", line).strip(" ") for line in "".join(parts).split(_BREAK))
    return tidy(line_break.join(lines))


def _holds(node: Element, *names: str) -> bool:
    return any(inner is not node for inner in node.iter(*(f"{{*}}{name}" for name in names)))


def _name(node: Element) -> str:
    """Return an element's name without its namespace; comments and the like have none."""
    tag: object = node.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
