"""HTML: the article and its blocks, the metadata a page states, and pages that are bad."""

from pathlib import Path

import pytest

from index.readers import BlockKind, Extract, ReadingError
from index.readers.html import HtmlReader

FILES = Path(__file__).parent / "files"
SENTENCE = "The harbour office recorded eleven gales between 2015 and 2022, and none since then. "


def _page(body: str, head: str = "", attributes: str = "") -> bytes:
    return (
        f"<!DOCTYPE html><html {attributes}><head>{head}</head><body>{body}</body></html>".encode()
    )


def _read(data: bytes) -> Extract:
    return HtmlReader().read(data)


def test_an_article_comes_as_its_headings_paragraphs_lists_and_tables() -> None:
    """The menu, the footer and the invitation to subscribe are not in it."""
    blocks = _read((FILES / "ferry.html").read_bytes()).blocks
    assert [(block.kind, block.level) for block in blocks] == [
        (BlockKind.HEADING, 1),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.LINES, 0),
        (BlockKind.LINES, 0),
        (BlockKind.HEADING, 2),
        (BlockKind.PARAGRAPH, 0),
        (BlockKind.PARAGRAPH, 0),
    ]
    assert blocks[6].text == (
        "- Monday to Friday: every hour from six to nineteen o'clock\n"
        "- Saturday: every two hours from eight\n"
        "- Sunday: no service"
    )
    assert blocks[7].text == (
        "From | To | Minutes\nSaltmarsh | Gull Point | 26\nGull Point | Weir Bridge | 41"
    )


def test_json_ld_and_open_graph_are_metadata() -> None:
    """Title without the site's name, every author, day, site, address and language."""
    assert _read((FILES / "ferry.html").read_bytes()).metadata.model_dump() == {
        "title": "Ferry returns to Gull Point after nine years",
        "publisher": "Saltmarsh Courier",
        "authors": ("Ada Thorne", "Piotr Lisowski"),
        "published": "2021-06-04",
        "url": "https://courier.example/2021/06/ferry-returns",
        "language": "en-GB",
        "licence": None,
    }


def test_a_page_without_an_article_element_keeps_lists_headings_and_column_names() -> None:
    """Pandoc's page has none of HTML's sectioning elements."""
    extract = _read((FILES / "pandoc.html").read_bytes())
    assert [block.text for block in extract.blocks if block.kind == BlockKind.HEADING] == [
        "Why the water moves",
        "Reading the table",
        "What the table leaves out",
        "Wind",
        "Further inland",
    ]
    assert [block.text.split("\n")[0] for block in extract.blocks if "\n" in block.text] == [
        "- Times are in Greenwich Mean Time; add one hour in summer.",
        "Place | High water | Range",
    ]
    assert extract.metadata.model_dump(exclude_defaults=True) == {
        "title": "Tide tables for beginners – a short guide",
        "authors": ("Márta Kővári", "Jonas Weber"),
        "published": "2024-03-18",
        "language": "en-GB",
    }


def test_a_date_that_the_text_mentions_is_no_day_of_publication() -> None:
    """What is not stated as the page's date is not taken for it."""
    page = _page(f"<article><p>On 1986-04-26 it began. {SENTENCE * 3}</p></article>")
    assert _read(page).metadata.published is None


def test_the_address_a_browser_saved_the_page_from_is_known() -> None:
    """Browsers note it in a comment."""
    comment = b"<!-- saved from url=(0029)https://courier.example/tides -->\n"
    page = comment + _page(f"<article><p>{SENTENCE * 3}</p></article>")
    assert _read(page).metadata.url == "https://courier.example/tides"


def test_a_page_is_decoded_by_its_own_charset() -> None:
    """Windows-1251 without its label would be taken for another alphabet."""
    text = "Паром вернулся в Солончак после девяти лет, и его встречали все жители посёлка. " * 3
    page = f'<html><head><meta charset="windows-1251"></head><body><p>{text}</p></body></html>'
    assert _read(page.encode("cp1251")).blocks[0].text == text.strip()


def test_nested_lists_are_indented_and_numbered() -> None:
    """An entry's own list follows it, a step further in."""
    body = (
        f"<article><p>{SENTENCE * 2}</p><ol><li>Cast off<ul><li>bow first</li><li>then stern"
        f"</li></ul></li><li>Steer north</li></ol><p>{SENTENCE}</p></article>"
    )
    texts = [block.text for block in _read(_page(body)).blocks]
    assert "1. Cast off\n  - bow first\n  - then stern\n2. Steer north" in texts


@pytest.mark.parametrize("element", ["<div>", "<b>", "<ul><li>", "<table><tr><td>"])
def test_a_page_nested_100_000_deep_is_refused_in_a_line(element: str) -> None:
    """The parser leaves out what is too deep, so the page may not be taken for whole."""
    page = _page(f"<p>{SENTENCE}</p>{element * 100_000}{SENTENCE}")
    with pytest.raises(ReadingError, match=r"^is nested too deep"):
        _read(page)


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (b"   <!-- -->  ", "is no HTML page"),
        (_page("<img src='a.png'>"), "holds no article"),
        (bytes(range(256)) * 10, "looks like a binary file"),
    ],
)
def test_what_holds_no_article_is_refused_with_a_reason(page: bytes, reason: str) -> None:
    """Each reason fits on the line that names the file."""
    with pytest.raises(ReadingError, match=reason):
        _read(page)
