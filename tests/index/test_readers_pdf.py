"""PDF: paragraphs over lines and pages, what belongs to the pages, and files that are bad."""

import re
from pathlib import Path

import pytest

from index.readers import Block, BlockKind, Extract, ReadingError
from index.readers.layout import blocks_of_lines
from index.readers.lines import Line, Word
from index.readers.pdf import PdfReader

FILES = Path(__file__).parent / "files"
TIDES = ("libreoffice.pdf", "groff.pdf")


def _read(name: str) -> Extract:
    return PdfReader().read((FILES / name).read_bytes())


def _article_paragraphs() -> list[str]:
    """Return the paragraphs of the text that the files were made from."""
    body = (FILES / "article.md").read_text("utf-8").split("---\n", 2)[2]
    groups = [" ".join(group.split()) for group in body.split("\n\n")]
    return [text.replace("'", "’") for text in groups if text and text[0] not in "#-|"]


@pytest.mark.parametrize("name", TIDES)
def test_every_paragraph_comes_out_as_it_was_written(name: str) -> None:
    """Lines joined, words parted at a line's end mended, nothing of the pages in between."""
    found = [block.text for block in _read(name).blocks if block.kind == BlockKind.PARAGRAPH]
    assert [text for text in _article_paragraphs() if text not in found] == []


@pytest.mark.parametrize("name", TIDES)
def test_headings_are_told_by_size_or_weight(name: str) -> None:
    """In the order of the text, the title first."""
    headings = [block.text for block in _read(name).blocks if block.kind == BlockKind.HEADING]
    assert headings == [
        "Tide tables for beginners – a short guide",
        "Why the water moves",
        "Reading the table",
        "What the table leaves out",
        "Wind",
        "Further inland",
    ]


def test_lists_and_tables_are_kept_together() -> None:
    """A line for an entry, a line for a row."""
    lines = [block.text for block in _read("libreoffice.pdf").blocks if "\n" in block.text]
    assert lines == [
        (
            "• Times are in Greenwich Mean Time; add one hour in summer.\n"
            "• Heights assume ordinary air pressure.\n"
            "• A strong onshore wind can add thirty centimetres."
        ),
        (
            "Place | High water | Range\nSaltmarsh | 06:14 | 4.1 m\n"
            "Gull Point | 06:40 | 3.8 m\nWeir Bridge | 07:55 | 2.2 m"
        ),
    ]


def test_a_block_knows_the_page_it_begins_on() -> None:
    """The second half of the article stands on the second page."""
    pages = {block.text[:20]: block.page for block in _read("libreoffice.pdf").blocks}
    assert pages["The sea at Saltmarsh"] == 1
    assert pages["Above the bridge the"] == 2


@pytest.mark.parametrize(
    ("name", "running"),
    [
        ("libreoffice.pdf", r"Harbour Press ·|^\d$"),
        ("chromium.pdf", r"file://|\d/2\b|\d+:\d+ [AP]M|Saltmarsh Courier$"),
        ("groff.pdf", r"^-?\d-?$"),
    ],
)
def test_running_lines_and_page_numbers_are_left_out(name: str, running: str) -> None:
    """What is printed on every page is the pages'."""
    blocks = _read(name).blocks
    assert [block.text for block in blocks if re.search(running, block.text)] == []


def test_the_document_information_gives_title_and_authors_and_no_date() -> None:
    """Its date is when the file was made, not when the text was published."""
    assert _read("libreoffice.pdf").metadata.model_dump(exclude_defaults=True) == {
        "title": "Tide tables for beginners – a short guide",
        "authors": ("Márta Kővári", "Jonas Weber"),
    }


def test_an_encrypted_file_is_refused() -> None:
    """The reason says what to do."""
    with pytest.raises(ReadingError, match=r"^is encrypted: save it without a password$"):
        _read("encrypted.pdf")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_file_is_refused_rather_than_half_read(share: float) -> None:
    """PDFium would mend it and give the pages that are left without a word."""
    data = (FILES / "libreoffice.pdf").read_bytes()
    with pytest.raises(ReadingError, match=r"^is cut short"):
        PdfReader().read(data[: int(len(data) * share)])


def test_bytes_that_are_no_pdf_are_refused() -> None:
    """An end mark alone makes none."""
    with pytest.raises(ReadingError, match=r"^is damaged, or is no PDF$"):
        PdfReader().read(b"nothing of the kind %%EOF")


def _line(text: str, *, bottom: float, left: float = 50, size: float = 10, **more: bool) -> Line:
    """Set a line in a font whose every letter and space is half as wide as high."""
    words, at = [], left
    for word in text.split():
        right = at + len(word) * size / 2
        words.append(Word(text=word, left=at, right=right, bottom=bottom, size=size))
        at = right + size / 2
    return Line(words=tuple(words), **more)


def _texts(*pages: list[Line]) -> list[str]:
    return [block.text for block in blocks_of_lines(pages)]


FULL = "a line of words that reaches all the way across the page to its right edge"


@pytest.mark.parametrize(
    ("first", "second", "elsewhere", "joined"),
    [
        ("it was un", "foreseeable then", "", "unforeseeable"),
        ("the north", "east wind", "a north-east wind", "north-east"),
        ("the north", "east wind", "northeast of it", "northeast"),
        ("some sixty", "one of them", "", "sixty-one"),
        ("the Anglo", "Saxon kings", "", "Anglo-Saxon"),
        ("between 2015", "2022 it blew", "", "2015-2022"),
    ],
)
def test_a_word_over_two_lines_is_joined_as_the_document_writes_it(
    first: str, second: str, elsewhere: str, joined: str
) -> None:
    """With the hyphen it has elsewhere; else where what follows can't go on a word."""
    lines = [
        _line(f"{FULL} {first}", bottom=700, is_hyphenated=True),
        _line(f"{second} {elsewhere}", bottom=688),
    ]
    (text,) = _texts(lines)
    assert joined in text.split()


def test_a_paragraph_goes_on_over_a_page_end() -> None:
    """A line that is full, and no sentence's end, goes on."""
    assert _texts([_line(FULL, bottom=100)], [_line("and goes on.", bottom=700)]) == [
        f"{FULL} and goes on."
    ]


def test_first_lines_that_stand_in_begin_paragraphs() -> None:
    """Where no space is left between paragraphs, an indent tells them apart."""
    lines = [
        _line(FULL, bottom=700),
        _line(
            f"It ends here, at the very edge, and so there is no room left at {'a' * 6}.",
            bottom=688,
        ),
        _line(f"The next {FULL[:60]}", bottom=676, left=65),
    ]
    assert len(_texts(lines)) == 2


def test_lines_that_end_early_without_a_full_stop_keep_their_ends() -> None:
    """An address is no sentence."""
    lines = [
        _line(FULL + ".", bottom=730),
        _line("Harbour Office", bottom=700),
        _line("1 Pier Road", bottom=688),
        _line("Saltmarsh", bottom=676),
    ]
    assert list(blocks_of_lines([lines]))[1] == Block(
        text="Harbour Office\n1 Pier Road\nSaltmarsh", kind=BlockKind.LINES, page=1
    )


def test_pages_without_a_line_make_no_block() -> None:
    """An empty page is no error."""
    assert _texts([], []) == []
