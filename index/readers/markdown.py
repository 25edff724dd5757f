"""Markdown (CommonMark and tables, by markdown-it-py) to plain text: words without the marks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from index.frontmatter import split_front_matter
from index.readers.base import Block, BlockKind, Extract
from index.readers.plain import decoded

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MarkdownReader"]

_PARSER = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")


class MarkdownReader:
    """Reads `.md`: headings, paragraphs, lists, quotes, tables and code; raw HTML is left out."""

    def read(self, data: bytes) -> Extract:
        """Extract the blocks; front matter is metadata."""
        metadata, body = split_front_matter(decoded(data))
        tree = SyntaxTreeNode(_PARSER.parse(body))
        return Extract(blocks=list(_blocks(tree)), metadata=metadata)


def _blocks(node: SyntaxTreeNode) -> Iterator[Block]:
    for child in node.children:
        if child.type == "heading":
            text = _inline_text(child)
            if text:
                yield Block(text=text, kind=BlockKind.HEADING, level=int(child.tag[1:]))
        elif child.type == "paragraph":
            text = _inline_text(child)
            if text:
                yield Block(text=text)
        elif child.type in {"bullet_list", "ordered_list", "table", "fence", "code_block"}:
            text = "\n".join(_lines(child)).strip("\n")
            if text.strip():
                yield Block(text=text, kind=BlockKind.LINES)
        elif child.type == "blockquote":
            yield from _blocks(child)


def _lines(node: SyntaxTreeNode, indent: str = "") -> Iterator[str]:
    """Give the lines of a list, a table or code as they are read, one list entry a line."""
    if node.type in {"fence", "code_block"}:
        yield from (indent + line for line in node.content.rstrip("\n").split("\n"))
    elif node.type == "table":
        for row in node.walk():
            if row.type == "tr":
                yield indent + " | ".join(_inline_text(cell) for cell in row.children)
    elif node.type in {"bullet_list", "ordered_list"}:
        first = int(node.attrs.get("start", 1))
        for number, entry in enumerate(node.children, first):
            mark = f"{number}. " if node.type == "ordered_list" else "- "
            lines = [line for child in entry.children for line in _lines(child)]
            yield from (
                indent + (mark if at == 0 else " " * len(mark)) + line
                for at, line in enumerate(lines)
            )
    elif node.type in {"paragraph", "heading"}:
        yield from (indent + line for line in _inline_text(node).split("\n"))
    else:
        for child in node.children:
            yield from _lines(child, indent)


def _inline_text(node: SyntaxTreeNode) -> str:
    """Return a block's words: marks gone, links as their text, wrapped lines joined."""
    parts: list[str] = []
    for inner in node.walk(include_self=False):
        if inner.type in {"text", "code_inline"}:
            parts.append(inner.content)
        elif inner.type == "softbreak":
            parts.append(" ")
        elif inner.type == "hardbreak":
            parts.append("\n")
    return "".join(parts).strip()
