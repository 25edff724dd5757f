"""Word documents (`.docx`) by python-docx: the text as it is shown, and the core properties."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, TypeAlias

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.parts.coreprops import CorePropertiesPart
from docx.oxml.ns import qn
from lxml import etree

from index.readers.archive import open_archive, read_member
from index.readers.base import Block, BlockKind, Extract, ReadingError, tidy
from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docx.document import Document as WordDocument

    Element: TypeAlias = etree._Element  # noqa: SLF001 - the only name lxml has for it

__all__ = ["DocxReader"]

_HEADING = re.compile(r"^heading (\d)$", re.IGNORECASE)
_HOLDERS = {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:ins"), qn("w:moveTo")}
_DELETED = {qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent"), qn("w:pict"), qn("w:drawing")}
_MARKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


class DocxReader:
    """Reads `.docx`: what the final text shows, changes accepted."""

    def read(self, data: bytes) -> Extract:
        """Extract the blocks; the core properties are metadata."""
        with open_archive(data) as archive:
            for name in archive.namelist():
                read_member(archive, name)  # damage found here has a name
        try:
            document = Document(io.BytesIO(data))
        except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError) as error:
            raise ReadingError("is damaged, or is no Word document") from error
        blocks = list(_merged(_blocks(document)))
        return Extract(blocks=blocks, metadata=_metadata(document), is_page=False)


def _blocks(document: WordDocument) -> Iterator[tuple[Block, bool]]:
    """Give each block, and whether it is an entry of a list."""
    styles = _Styles(document)
    waiting = [*reversed(document.element.body)]
    while waiting:
        element = waiting.pop()
        if element.tag in _HOLDERS:
            waiting.extend(reversed(element))
        elif element.tag == qn("w:tbl"):
            rows = [
                [" ".join(_text(cell).split()) for cell in row.iter(qn("w:tc"))]
                for row in element.iter(qn("w:tr"))
            ]
            text = "\n".join(" | ".join(row) for row in rows if any(row))
            if text:
                yield Block(text=text, kind=BlockKind.LINES), False
        elif element.tag == qn("w:p"):
            text = _text(element)
            if not text:
                continue
            level = styles.heading_level(element)
            if level is not None:
                text = " ".join(text.split())
                yield Block(text=text, kind=BlockKind.HEADING, level=level), False
            elif styles.is_list_entry(element):
                yield Block(text=f"- {text}", kind=BlockKind.LINES), True
            else:
                yield Block(text=text), False


class _Styles:
    """What the document's named styles make of a paragraph."""

    def __init__(self, document: WordDocument) -> None:
        styles = [style for style in document.styles if style.style_id]
        self._names = {style.style_id: (style.name or "").lower() for style in styles}
        self._numbered = {
            style.style_id
            for style in styles
            if style.element.find(f".//{qn('w:numPr')}") is not None
        }

    def heading_level(self, paragraph: Element) -> int | None:
        name = self._names.get(_style_id(paragraph), "")
        if name == "title":
            return 1
        match = _HEADING.match(name)
        # The title stands over the headings, so those begin at the second level.
        return min(int(match[1]) + 1, 6) if match else None

    def is_list_entry(self, paragraph: Element) -> bool:
        style_id = _style_id(paragraph)
        is_numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        return (
            is_numbered
            or style_id in self._numbered
            or self._names.get(style_id, "").startswith("list ")
        )


def _style_id(paragraph: Element) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return str(style.get(qn("w:val"), "")) if style is not None else ""


def _text(element: Element) -> str:
    """Return the text shown: with insertions, without deletions and what floats beside it."""
    parts: list[str] = []
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if event == "start" and node.tag in _DELETED:
            walk.skip_subtree()
        elif event == "start" and node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif event == "start" and node.tag in _MARKS:
            parts.append(_MARKS[node.tag])
        elif event == "end" and node.tag == qn("w:p"):
            parts.append("\n")
    return tidy("".join(parts))


def _merged(blocks: Iterator[tuple[Block, bool]]) -> Iterator[Block]:
    """Join the entries of a list into one block."""
    entries: list[str] = []
    for block, is_entry in blocks:
        if is_entry:
            entries.append(block.text)
            continue
        if entries:
            yield Block(text="\n".join(entries), kind=BlockKind.LINES)
            entries = []
        yield block
    if entries:
        yield Block(text="\n".join(entries), kind=BlockKind.LINES)


def _metadata(document: WordDocument) -> Metadata:
    """Take title, authors and language from the core properties.

    When it was created is left out: documents inherit it from the template they began as.
    """
    # Not `document.core_properties`: LibreOffice names the relation to them in another case, and
    # where python-docx finds none it makes some up, with a title and an author of its own.
    parts = document.part.package.iter_parts() if document.part.package else ()
    found = [part for part in parts if isinstance(part, CorePropertiesPart)]
    if not found:
        return Metadata()
    properties = found[0].core_properties
    return Metadata.from_loose(
        {
            "title": tidy(" ".join(properties.title.split())),
            "authors": [name for name in re.split(r"\s*;\s*", tidy(properties.author)) if name],
            "language": properties.language.strip(),
        }
    )
