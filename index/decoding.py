"""Bytes to characters: encodings, line ends, marks that are not text."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

__all__ = ["UndecodableError", "decode"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it starts with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x85\u2028]")
_PARAGRAPH_ENDS = re.compile(r"[\x0c\u2029]")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_MAX_CONTROL_SHARE = 0.01
_WESTERN = ("cp1252", "latin_1")
_CLOSE = 0.04


class UndecodableError(ValueError):
    """The bytes are not text in any encoding we know."""


def decode(data: bytes) -> str:
    """Return the text in `data`: Unix line ends, no byte-order mark, no control characters.

    UTF-8 is tried first, since text that decodes as UTF-8 almost surely is; other encodings are
    detected (charset-normalizer). Characters are otherwise kept as they are, so that quotes stay
    verbatim.

    Raises:
        UndecodableError: the bytes look like a binary file.
    """
    text = _to_characters(data)
    controls = len(_CONTROLS.findall(text))
    if controls > max(1, _MAX_CONTROL_SHARE * len(text)):
        raise UndecodableError("looks like a binary file, not text")
    text = _PARAGRAPH_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", text))
    return _CONTROLS.sub("", text)


def _to_characters(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise UndecodableError(f"is damaged: not valid {encoding}") from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        candidates = from_bytes(data)
    best = candidates.best()
    if best is None:
        raise UndecodableError("looks like a binary file, not text")
    # Western European text is often as good Central European to a detector, and far more common.
    western = next((each for each in candidates if each.encoding in _WESTERN), best)
    return str(western if western.chaos <= best.chaos + _CLOSE else best)
