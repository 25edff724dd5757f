"""Containers that would fill the memory are refused before they are unpacked."""

import io
import zipfile

import pytest

from index.readers import ReadingError
from index.readers.archive import MAX_ENTRIES, MAX_UNPACKED_BYTES, open_archive, read_member
from index.readers.docx import DocxReader
from index.readers.epub import EpubReader


def _archive(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def _bomb() -> bytes:
    """Return a few hundred kilobytes that would be 300 MB."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as part,
    ):
        for _ in range(300):
            part.write(bytes(1024 * 1024))
    return target.getvalue()


@pytest.mark.parametrize("reader", [DocxReader(), EpubReader()])
def test_a_bomb_is_refused(reader: DocxReader | EpubReader) -> None:
    """Posing as a document or as a book."""
    with pytest.raises(ReadingError, match=r"^unpacks to more than 256 MB$"):
        reader.read(_bomb())


def test_a_bomb_that_lies_about_its_size_unpacks_to_no_more_than_it_says() -> None:
    """The part is then damaged: its checksum is that of the whole."""
    data = _archive({"large": bytes(MAX_UNPACKED_BYTES // 64)})
    size = (MAX_UNPACKED_BYTES // 64).to_bytes(4, "little")
    lying = data.replace(size, (1000).to_bytes(4, "little"))
    assert lying != data
    with open_archive(lying) as archive, pytest.raises(ReadingError, match="can't be unpacked"):
        read_member(archive, "large")


def test_too_many_parts_are_refused() -> None:
    """Each costs memory even when it is empty."""
    data = _archive({str(number): b"" for number in range(MAX_ENTRIES + 1)})
    with pytest.raises(ReadingError, match=r"^holds more than 10000 parts$"):
        open_archive(data)


def test_an_encrypted_container_is_refused() -> None:
    """The first bit of a part's flags says so."""
    data = bytearray(_archive({"part": b"text"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    with pytest.raises(ReadingError, match=r"^is encrypted"):
        open_archive(bytes(data))


def test_a_missing_part_is_named() -> None:
    """By its name in the container."""
    with open_archive(_archive({})) as archive, pytest.raises(ReadingError, match="'nowhere'"):
        read_member(archive, "nowhere")
