"""PDF by PDFium (pypdfium2): its pages' lines, put together again as paragraphs."""

from __future__ import annotations

import ctypes
import math
import re
from contextlib import closing
from typing import TYPE_CHECKING

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from index.readers.base import Extract, ReadingError, tidy
from index.readers.layout import blocks_of_lines
from index.readers.lines import Line, Word
from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PdfReader"]

_END_MARK, _END_MARK_WITHIN = b"%%EOF", 4096
_NO_TITLE = re.compile(
    r"^(?:untitled|document|microsoft word\b.*|.*\.(?:docx?|odt|rtf|indd|tex|dvi|pdf|html?))\d*$",
    re.IGNORECASE,
)
_BOLD = re.compile(rb"bold|black|heavy", re.IGNORECASE)
_MAX_FONT_NAME = 128
_FURTHEST = 1e6
_ANY_SIZE = 10.0  # for text that is scaled to nothing, as invisible text is
_LINE_END, _HYPHENATED_END = frozenset("\r\n"), frozenset("\x02\ufffe")
"""PDFium writes a hyphen that parts a word at a line's end as one of the latter."""


class PdfReader:
    """Reads `.pdf`; each block says on which page it begins."""

    def read(self, data: bytes) -> Extract:
        """Extract the paragraphs; the document information is metadata."""
        if _END_MARK not in data[-_END_MARK_WITHIN:]:
            raise ReadingError("is cut short: a PDF's end mark is missing")
        try:
            with closing(pdfium.PdfDocument(data)) as document:
                pages = [list(_lines(document, at)) for at in range(len(document))]
                metadata = _metadata(document.get_metadata_dict())
        except pdfium.PdfiumError as error:
            raise ReadingError(_reason(error)) from error
        if not any(pages):
            raise ReadingError("holds no text, only pictures: put it through text recognition")
        return Extract(blocks=list(blocks_of_lines(pages)), metadata=metadata)


def _lines(document: pdfium.PdfDocument, at: int) -> Iterator[Line]:
    """Give the lines of a page, in the order of its content."""
    with closing(document[at]) as page, closing(page.get_textpage()) as text:
        words: list[Word] = []
        word, start, end = "", 0, 0
        for index in range(text.count_chars()):
            character = chr(pdfium_c.FPDFText_GetUnicode(text, index))
            ends_line = character in _LINE_END or character in _HYPHENATED_END
            if not (ends_line or character.isspace()):
                start, end = (start if word else index), index
                word += character
                continue
            is_hyphenated = character in _HYPHENATED_END or (ends_line and word.endswith("\xad"))
            if shown := tidy(word):
                words.append(_word(text, shown, start, end))
            word = ""
            if ends_line and words:
                yield Line(words=tuple(words), is_hyphenated=is_hyphenated)
                words = []
        if shown := tidy(word):
            words.append(_word(text, shown, start, end))
        if words:
            yield Line(words=tuple(words))


def _word(text: pdfium.PdfTextPage, characters: str, start: int, end: int) -> Word:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFText_GetMatrix(text, start, ctypes.byref(matrix))
    across, up = ctypes.c_double(), ctypes.c_double()
    pdfium_c.FPDFText_GetCharOrigin(text, start, ctypes.byref(across), ctypes.byref(up))
    box = pdfium_c.FS_RECTF()
    pdfium_c.FPDFText_GetLooseCharBox(text, end, ctypes.byref(box))
    size = abs(pdfium_c.FPDFText_GetFontSize(text, start)) * math.hypot(matrix.c, matrix.d)
    return Word(
        text=characters,
        left=_place(across.value),
        right=_place(box.right),
        bottom=_place(up.value),
        size=round(_place(size), 1) or _ANY_SIZE,
        is_bold=_is_bold(text, start),
    )


def _place(points: float) -> float:
    """Return a measure of a page; a damaged file can put things nowhere."""
    return points if abs(points) < _FURTHEST else 0.0  # NaN is not less either


def _is_bold(text: pdfium.PdfTextPage, index: int) -> bool:
    """Whether the font's name says that it is bold; few fonts state their weight otherwise."""
    name, flags = ctypes.create_string_buffer(_MAX_FONT_NAME), ctypes.c_int()
    pdfium_c.FPDFText_GetFontInfo(text, index, name, _MAX_FONT_NAME, ctypes.byref(flags))
    return bool(_BOLD.search(name.value))


def _metadata(information: dict[str, str]) -> Metadata:
    """Take title and authors from the document information.

    Its date is left out: it is when the file was made, by a printer's or a converter's clock, and
    for an old text saved today that would be cited as the day of publication.
    """
    title = tidy(" ".join(information.get("Title", "").split()))
    authors = tidy(" ".join(information.get("Author", "").split()))
    return Metadata.from_loose(
        {
            "title": None if _NO_TITLE.match(title) else title,
            "authors": [name for name in re.split(r"\s*;\s*", authors) if name],
        }
    )


def _reason(error: pdfium.PdfiumError) -> str:
    message = str(error)
    if "password" in message.lower():
        return "is encrypted: save it without a password"
    return "is damaged, or is no PDF"
