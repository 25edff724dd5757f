"""Word documents: blocks, properties, and containers that are bad."""

import io
import zipfile
from pathlib import Path

import pytest
from docx import Document

from index.readers import BlockKind, Extract, ReadingError
from index.readers.docx import DocxReader

FILES = Path(__file__).parent / "files"
MADE = ("pandoc.docx", "libreoffice.docx")


def _read(name: str) -> Extract:
    return DocxReader().read((FILES / name).read_bytes())


def _rewritten(name: str, old: str, new: str) -> bytes:
    """Return a document with a change in its main part."""
    target = io.BytesIO()
    with zipfile.ZipFile(FILES / name) as source, zipfile.ZipFile(target, "w") as copy:
        for part in source.namelist():
            content = source.read(part)
            if part == "word/document.xml":
                assert old.encode() in content
                content = content.replace(old.encode(), new.encode())
            copy.writestr(part, content)
    return target.getvalue()


@pytest.mark.parametrize("name", MADE)
def test_headings_have_levels_below_the_title(name: str) -> None:
    """The title is the first level, so a first-level heading is the second."""
    headings = [
        (block.level, block.text)
        for block in _read(name).blocks
        if block.kind == BlockKind.HEADING
    ]
    assert headings == [
        (1, "Tide tables for beginners – a short guide"),
        (2, "Why the water moves"),
        (3, "Reading the table"),
        (2, "What the table leaves out"),
        (3, "Wind"),
        (3, "Further inland"),
    ]


@pytest.mark.parametrize("name", MADE)
def test_lists_and_tables_are_kept_together(name: str) -> None:
    """A line for an entry, a line for a row."""
    assert [block.text for block in _read(name).blocks if block.kind == BlockKind.LINES] == [
        (
            "- Times are in Greenwich Mean Time; add one hour in summer.\n"
            "- Heights assume ordinary air pressure.\n"
            "- A strong onshore wind can add thirty centimetres."
        ),
        (
            "Place | High water | Range\nSaltmarsh | 06:14 | 4.1 m\n"
            "Gull Point | 06:40 | 3.8 m\nWeir Bridge | 07:55 | 2.2 m"
        ),
    ]


@pytest.mark.parametrize("name", MADE)
def test_core_properties_are_metadata_without_the_day_of_creation(name: str) -> None:
    """A document inherits that from its template."""
    assert _read(name).metadata.model_dump(exclude_defaults=True) == {
        "title": "Tide tables for beginners – a short guide",
        "authors": ("Márta Kővári", "Jonas Weber"),
        "language": "en-GB",
    }


def test_a_document_without_properties_gets_none_made_up() -> None:
    """python-docx would call it "Word Document"."""
    target = io.BytesIO()
    with zipfile.ZipFile(FILES / "pandoc.docx") as source, zipfile.ZipFile(target, "w") as copy:
        for part in source.namelist():
            content = source.read(part)
            if part == "_rels/.rels":
                content = content.replace(b"docProps/core.xml", b"docProps/app.xml")
            copy.writestr(part, content)
    metadata = DocxReader().read(target.getvalue()).metadata
    assert metadata.model_dump(exclude_defaults=True) == {}


def test_changes_that_are_tracked_count_as_accepted() -> None:
    """What was inserted is there, what was deleted is not."""
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    data = _rewritten(
        "pandoc.docx",
        "<w:body>",
        "<w:body><w:p>"
        + run.format("The ferry costs ")
        + "<w:del>"
        + "<w:r><w:delText>two</w:delText></w:r>"
        + "</w:del>"
        + "<w:ins>"
        + run.format("three")
        + "</w:ins>"
        + run.format(" pounds.")
        + "</w:p>",
    )
    assert DocxReader().read(data).blocks[0].text == "The ferry costs three pounds."


def test_text_in_a_content_control_is_read() -> None:
    """Forms and templates hold their paragraphs in such."""
    data = _rewritten(
        "pandoc.docx",
        "<w:body>",
        "<w:body><w:sdt><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p>"
        "</w:sdtContent></w:sdt>",
    )
    assert DocxReader().read(data).blocks[0].text == "In a control."


def test_a_document_made_by_python_docx_is_read() -> None:
    """Lists by style name, line breaks within a paragraph."""
    document = Document()
    document.add_heading("Quay rules", level=1)
    document.add_paragraph("No swimming.", style="List Bullet")
    document.add_paragraph("No fires.", style="List Bullet")
    document.add_paragraph("Harbour Office\nPier Road")
    target = io.BytesIO()
    document.save(target)
    blocks = DocxReader().read(target.getvalue()).blocks
    assert [block.text for block in blocks] == [
        "Quay rules",
        "- No swimming.\n- No fires.",
        "Harbour Office\nPier Road",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 and no more", "is no ZIP container"),
        ((FILES / "pandoc.docx").read_bytes()[:6000], "is no ZIP container"),
        ((FILES / "pandoc.epub").read_bytes(), "is no Word document"),
    ],
)
def test_damaged_documents_are_refused(data: bytes, reason: str) -> None:
    """A truncated container has lost its table of contents."""
    with pytest.raises(ReadingError, match=reason):
        DocxReader().read(data)


def test_a_flipped_byte_is_noticed() -> None:
    """Each part has a checksum."""
    data = bytearray((FILES / "pandoc.docx").read_bytes())
    with zipfile.ZipFile(FILES / "pandoc.docx") as archive:
        start = archive.getinfo("word/document.xml").header_offset
    data[start + 200] ^= 0xFF
    with pytest.raises(ReadingError, match=r"is damaged: its part 'word/document.xml'"):
        DocxReader().read(bytes(data))
