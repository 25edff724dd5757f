"""EPUB 2 and 3: a ZIP container of XHTML chapters, read in the order of the book's spine.

On `zipfile` and lxml, since no EPUB library is both kept and under a licence that leaves ours as
it is. The format: https://www.w3.org/TR/epub-33/, sections 4 (container) and 5 (package document).
"""

from __future__ import annotations

import re
from html.entities import html5
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote, urlsplit

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from index.readers.archive import open_archive, read_member
from index.readers.base import Block, BlockKind, Extract, ReadingError, tidy
from index.readers.markup import blocks_of_tree, words_of
from index.sources import Metadata

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator

    Element: TypeAlias = etree._Element  # noqa: SLF001 - the only name lxml has for it

__all__ = ["EpubReader"]

_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_NAMED_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30};)")
_XML_ENTITIES = {"amp;", "lt;", "gt;", "quot;", "apos;"}
_OPF_ROLE = "{http://www.idpf.org/2007/opf}role"
_OPF_EVENT = "{http://www.idpf.org/2007/opf}event"
_AUTHOR_ROLES = {"", "aut"}


class EpubReader:
    """Reads `.epub`; a chapter without a heading gets the one the table of contents has for it."""

    def read(self, data: bytes) -> Extract:
        """Extract the chapters; the package's Dublin Core is metadata."""
        with open_archive(data) as archive:
            container = _xml(read_member(archive, _CONTAINER))
            package_path = _first_attribute(container, "rootfile", "full-path")
            package = _xml(read_member(archive, package_path))
            manifest = {entry.get("id"): entry for entry in _all(package, "item")}
            folder = dirname(package_path)
            chapters = [
                _resolved(folder, entry.get("href") or "")
                for reference in _all(package, "itemref")
                if (entry := manifest.get(reference.get("idref"))) is not None
                and "nav" not in (entry.get("properties") or "").split()
            ]
            _refuse_protected(archive, chapters)
            labels = _labels(archive, folder, manifest)
            blocks = [
                block
                for path in dict.fromkeys(chapters)
                for block in _chapter(read_member(archive, path), labels.get(path))
            ]
        return Extract(blocks=blocks, metadata=_metadata(package), is_page=False)


def _chapter(data: bytes, label: str | None) -> Iterator[Block]:
    root = _xhtml(data)
    body = next(iter(_all(root, "body")), root)
    blocks = list(blocks_of_tree(body))
    if label and blocks and all(block.kind != BlockKind.HEADING for block in blocks):
        yield Block(text=label, kind=BlockKind.HEADING, level=1)
        if blocks[0].text == label:  # it has one after all, but only for the eye
            del blocks[0]
    yield from blocks


def _labels(
    archive: zipfile.ZipFile, folder: str, manifest: dict[str | None, Element]
) -> dict[str, str]:
    """Return what the table of contents calls each chapter, by path."""
    labels: dict[str, str] = {}
    for entry in manifest.values():
        is_nav = "nav" in (entry.get("properties") or "").split()
        if not is_nav and entry.get("media-type") != "application/x-dtbncx+xml":
            continue
        path = _resolved(folder, entry.get("href") or "")
        try:
            root = _xhtml(read_member(archive, path))
        except ReadingError:
            continue  # a book can be read without its table of contents
        links = _all(root, "a") if is_nav else _all(root, "navPoint")
        for link in links:
            target = link.get("href") if is_nav else _first_attribute(link, "content", "src")
            label = link if is_nav else next(iter(_all(link, "text")), None)
            if target and label is not None:
                text = words_of(label, line_break=" ")
                labels.setdefault(_resolved(dirname(path), target), text)
    return {path: text for path, text in labels.items() if text}


def _metadata(package: Element) -> Metadata:
    roles = {
        (meta.get("refines") or "").lstrip("#"): (meta.text or "").strip()
        for meta in _all(package, "meta")
        if meta.get("property") == "role"
    }
    dates = _all(package, "date")
    dates.sort(key=lambda date: date.get(_OPF_EVENT) != "publication")

    def first(elements: list[Element]) -> str | None:
        return next((text for text in map(_words, elements) if text), None)

    return Metadata.from_loose(
        {
            "title": first(_all(package, "title")),
            "authors": [
                name.strip()
                for creator in _all(package, "creator")
                if (creator.get(_OPF_ROLE) or roles.get(creator.get("id") or "", ""))
                in _AUTHOR_ROLES
                for name in _words(creator).split(";")
                if name.strip()
            ],
            "publisher": first(_all(package, "publisher")),
            "published": (first([date for date in dates if _is_issue(date)]) or "")[:10],
            "language": first(_all(package, "language")),
            "licence": first(_all(package, "rights")),
            "url": first([each for each in _all(package, "identifier") if _is_url(each)]),
        }
    )


def _is_issue(date: Element) -> bool:
    return date.get(_OPF_EVENT) in {None, "publication"}


def _is_url(identifier: Element) -> bool:
    return _words(identifier).startswith(("http://", "https://"))


def _words(element: Element) -> str:
    return tidy(" ".join("".join(map(str, element.itertext())).split()))


def _refuse_protected(archive: zipfile.ZipFile, chapters: list[str]) -> None:
    if _ENCRYPTION in archive.namelist():
        locked = _all(_xml(read_member(archive, _ENCRYPTION)), "CipherReference")
        if {unquote(part.get("URI") or "") for part in locked} & set(chapters):
            raise ReadingError("is protected against copying: only its own reader can open it")


def _xhtml(data: bytes) -> Element:
    """Parse a page as XML, or as a browser would where it is none."""
    numbered = _NAMED_ENTITY.sub(_as_number, data)
    try:
        return _xml(numbered)
    except ReadingError:
        try:
            return document_fromstring(numbered, parser=HTMLParser(remove_comments=True))
        except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
            raise ReadingError("is damaged: a chapter is no XHTML") from error


def _as_number(entity: re.Match[bytes]) -> bytes:
    """Return a named character as its number; XML by itself knows five names."""
    name = entity[1].decode("ascii")
    if name in _XML_ENTITIES or name not in html5:
        return entity[0]
    return "".join(f"&#{ord(character)};" for character in html5[name]).encode()


def _xml(data: bytes) -> Element:
    # No entity is resolved and nothing is loaded: neither is for a book to ask.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    try:
        root = etree.fromstring(data, parser=parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadingError(f"is damaged: a part is no XML ({str(error)[:80]})") from error
    return root


def _all(root: Element, name: str) -> list[Element]:
    """Return the elements below of a name, whatever their namespace."""
    return [*root.iterfind(f".//{{*}}{name}")]


def _first_attribute(root: Element, name: str, attribute: str) -> str:
    return next((found.get(attribute) or "" for found in _all(root, name)), "")


def _resolved(folder: str, reference: str) -> str:
    """Return the path within the container that a reference from a folder leads to."""
    return normpath(join(folder, unquote(urlsplit(reference).path)))
