"""EPUB: chapters in the spine's order, their headings, metadata, and books that are bad."""

import io
import zipfile
from pathlib import Path

import pytest

from index.readers import Block, BlockKind, Extract, ReadingError
from index.readers.epub import EpubReader

FILES = Path(__file__).parent / "files"

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="book/package.opf"/></rootfiles></container>'
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf" xmlns:opf="http://www.idpf.org/2007/opf"
 xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><metadata>
<dc:title>The Weir</dc:title><dc:creator opf:role="aut">Oona Farrelly</dc:creator>
<dc:creator opf:role="ill">Bilal Ahmadi</dc:creator>
<dc:date opf:event="modification">2020-01-01</dc:date>
<dc:date opf:event="publication">1968-05-02T00:00:00Z</dc:date>
<dc:identifier>urn:isbn:1</dc:identifier><dc:identifier>https://books.example/7</dc:identifier>
</metadata><manifest>
<item id="two" href="text/second%20part.xhtml" media-type="application/xhtml+xml"/>
<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>
</manifest><spine toc="ncx"><itemref idref="one"/><itemref idref="two"/></spine></package>"""
NCX = """<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>
<navPoint><navLabel><text>Low water</text></navLabel><content src="text/one.xhtml#a"/></navPoint>
<navPoint><navLabel><text>High water</text></navLabel>
<content src="text/second%20part.xhtml"/></navPoint></navMap></ncx>"""


def _page(body: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
        f"<body>{body}</body></html>"
    )


def _book(**changes: str) -> bytes:
    parts = {
        "META-INF/container.xml": CONTAINER,
        "book/package.opf": PACKAGE,
        "book/toc.ncx": NCX,
        "book/text/one.xhtml": _page("<p>At low water.</p>"),
        "book/text/second part.xhtml": _page("<h1>Flood</h1><p>At&nbsp;high &amp; low.</p>"),
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (parts | changes).items():
            archive.writestr(name, content)
    return target.getvalue()


def _read(name: str) -> Extract:
    return EpubReader().read((FILES / name).read_bytes())


def test_chapters_are_headings_in_the_order_of_the_spine() -> None:
    """Whatever order they have in the manifest or the container."""
    assert EpubReader().read(_book()).blocks == [
        Block(text="Low water", kind=BlockKind.HEADING, level=1),
        Block(text="At low water."),
        Block(text="Flood", kind=BlockKind.HEADING, level=1),
        Block(text="At\N{NO-BREAK SPACE}high & low."),
    ]


def test_dublin_core_is_metadata() -> None:
    """Authors without illustrators, the publication's day, an identifier that is an address."""
    assert EpubReader().read(_book()).metadata.model_dump(exclude_defaults=True) == {
        "title": "The Weir",
        "authors": ("Oona Farrelly",),
        "published": "1968-05-02",
        "url": "https://books.example/7",
    }


def test_pandocs_book_has_everything() -> None:
    """EPUB 3, with roles in refining elements."""
    extract = _read("pandoc.epub")
    assert extract.metadata.model_dump(exclude_defaults=True) == {
        "title": "Tide tables for beginners – a short guide",
        "publisher": "Harbour Press",
        "authors": ("Márta Kővári", "Jonas Weber"),
        "published": "2024-03-18",
        "language": "en-GB",
        "licence": "CC BY 4.0",
    }
    assert [block.text for block in extract.blocks if block.kind == BlockKind.HEADING] == [
        "Tide tables for beginners – a short guide",
        "Why the water moves",
        "Reading the table",
        "What the table leaves out",
        "Wind",
        "Further inland",
    ]
    assert "Place | High water | Range\nSaltmarsh | 06:14 | 4.1 m" in "\n".join(
        block.text for block in extract.blocks
    )


def test_a_heading_that_is_set_as_a_paragraph_is_told_by_the_table_of_contents() -> None:
    """LibreOffice's chapters have no heading elements; the title doesn't come twice."""
    blocks = _read("libreoffice.epub").blocks
    texts = [block.text for block in blocks if block.text == "Why the water moves"]
    headings = [block.text for block in blocks if block.kind == BlockKind.HEADING]
    assert texts == ["Why the water moves"]
    assert "Why the water moves" in headings


def test_a_page_that_is_no_xml_is_read_as_a_browser_would() -> None:
    """Many books have some."""
    changed = _book(**{"book/text/one.xhtml": "<html><body><p>Cast off<br>and go.</body></html>"})
    assert EpubReader().read(changed).blocks[1] == Block(text="Cast off\nand go.")


def test_entities_of_a_books_own_are_not_expanded() -> None:
    """Ten lines of them can make a billion laughs."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(10))
    page = f"<!DOCTYPE html [{laughs}]>{_page('<p>Before &l9; after.</p>')}"
    blocks = EpubReader().read(_book(**{"book/text/one.xhtml": page})).blocks
    assert sum(len(block.text) for block in blocks) < 100


def test_a_copy_protected_book_is_refused() -> None:
    """Its chapters are noise; fonts may be scrambled, as many are."""
    locked = (
        '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
        '<enc:CipherReference URI="{}"/></encryption>'
    )
    name = "META-INF/encryption.xml"
    assert EpubReader().read(_book(**{name: locked.format("book/font.otf")})).blocks
    with pytest.raises(ReadingError, match=r"^is protected against copying"):
        EpubReader().read(_book(**{name: locked.format("book/text/one.xhtml")}))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"META-INF/container.xml": "<container/>"}, "its part '' is missing"),
        ({"META-INF/container.xml": "no XML"}, "a part is no XML"),
        ({"book/package.opf": PACKAGE.replace("one.xhtml", "gone.xhtml")}, "gone.xhtml"),
    ],
)
def test_a_damaged_book_is_refused(changes: dict[str, str], reason: str) -> None:
    """A book without a chapter of its spine is not read by halves."""
    with pytest.raises(ReadingError, match=reason):
        EpubReader().read(_book(**changes))
