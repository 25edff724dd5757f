"""HTML by trafilatura: the article of a saved page, and what the page says of itself."""

from __future__ import annotations

import codecs
import logging
import re
from copy import deepcopy
from typing import TYPE_CHECKING

from htmldate import find_date  # trafilatura's own, called apart to choose where it looks
from lxml import etree
from lxml.html import HTMLParser, document_fromstring
from trafilatura import bare_extraction

from index.readers.base import Extract, ReadingError, tidy
from index.readers.markup import blocks_of_tree
from index.readers.plain import decoded
from index.sources import Metadata

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

__all__ = ["HtmlReader"]

for _name in ("trafilatura", "htmldate"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # what is wrong with a file, we say

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]{2,40})", re.IGNORECASE
)
_HEAD_BYTES = 4096
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d+\)(https?://[^\s<>\"]+)", re.IGNORECASE)
_STATES_A_DATE = (
    "//time | //abbr[@title] | //script[@type='application/ld+json']"
    " | //*[@itemprop='datePublished' or @itemprop='dateCreated' or @property='datePublished']"
    " | //*[contains(concat(' ', @class, ' '), ' date ') or contains(@class, 'publish')]"
)


class HtmlReader:
    """Reads `.html`: headings, paragraphs, lists and tables; menus and the like are left out."""

    def read(self, data: bytes) -> Extract:
        """Extract the article; JSON-LD, OpenGraph and `meta` elements are metadata."""
        text = _characters(data)
        tree = _parsed(text)
        # In doubt a paragraph is kept: a fact left out can't be found, a stray line is outranked.
        document = bare_extraction(
            tree, include_comments=False, favor_recall=True, with_metadata=True
        )
        if document is None or isinstance(document, dict) or document.body is None:
            raise ReadingError("holds no article that can be told from the page around it")
        return Extract(
            blocks=list(blocks_of_tree(document.body)), metadata=_metadata(document, tree, text)
        )


def _parsed(text: str) -> HtmlElement:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(tidy(text).encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise ReadingError("is no HTML page") from error
    if any("excessive depth" in entry.message.lower() for entry in parser.error_log):
        raise ReadingError("is nested too deep: what stands inside can't be read")
    # A row of column names is no page header, but trafilatura goes by such class names.
    for row in tree.iter("thead", "tr", "th"):
        row.attrib.pop("class", "")
    return tree


def _metadata(document: Document, tree: HtmlElement, text: str) -> Metadata:
    saved_from = _SAVED_FROM.search(text[:_HEAD_BYTES])
    url = document.url or (saved_from[1] if saved_from else None)
    language = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    return Metadata.from_loose(
        {
            "title": tidy(" ".join((document.title or "").split())),
            "publisher": document.sitename if document.sitename != document.hostname else None,
            "authors": [name.strip() for name in (document.author or "").split(";")],
            "published": _published(tree, url),
            "url": url,
            "language": (language or "").strip().replace("_", "-"),
            "licence": document.license,
        }
    )


def _published(tree: HtmlElement, url: str | None) -> str | None:
    """Return the day of publication where the page states it.

    Only what is there to state a date is shown to htmldate: left alone it may settle for a date
    that the article merely mentions.
    """
    page = etree.Element("html")
    page.extend(deepcopy(head) for head in tree.findall("head"))
    body = etree.SubElement(page, "body")
    body.extend(deepcopy(element) for element in tree.xpath(_STATES_A_DATE))
    return find_date(
        etree.tostring(page, encoding="unicode", method="html"),
        original_date=True,
        extensive_search=False,
        url=url,
    )


def _characters(data: bytes) -> str:
    """Decode by the page's own `charset`, where the bytes are not UTF-8 anyway."""
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        if declared is not None:
            name = declared[1].decode("ascii").lower()
            try:
                # Browsers take Latin-1 for Windows-1252 (WHATWG, Encoding Standard, 4.2).
                codec = codecs.lookup(name).name
                codec = {"iso8859-1": "cp1252", "ascii": "cp1252"}.get(codec, codec)
                return data.decode(codec)
            except (LookupError, UnicodeDecodeError):
                pass  # a wrong label; what follows finds out
    return decoded(data)
