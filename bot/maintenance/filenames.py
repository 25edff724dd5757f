"""Names of files that strangers give: made safe for one folder, on every usual system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

__all__ = ["safe_name"]

_MAX_BYTES = 200  # of 255 that file systems take: a name is also put into longer ones
_UNSAFE = re.compile(r'[<>:"|?*\\/]')
_RESERVED = re.compile(r"(con|prn|aux|nul|(com|lpt)[0-9¹²³])", re.IGNORECASE)  # Windows
_JOINERS = "\u200c\u200d"  # they part letters in Persian and hold emoji together
_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_NAMELESS = "document"


def safe_name(given: str) -> str:
    """Return the name to keep a file under: one part, never hidden, its ending as it was.

    Normalised (NFC), without characters that nobody sees, and of 200 bytes at most; applied twice
    it changes nothing. Whether the ending is one that is read is another question.
    """
    last = re.split(r"[\\/]", given)[-1]
    seen = "".join(c for c in last if c in _JOINERS or unicodedata.category(c) not in _UNSEEN)
    clean = _UNSAFE.sub("_", unicodedata.normalize("NFC", " ".join(seen.split())))
    path = PurePosixPath(clean.lstrip(". ").rstrip(". ") or _NAMELESS)
    suffix = _cut(path.suffix.rstrip(), _MAX_BYTES // 4)
    stem = path.name.removesuffix(path.suffix).strip(". ") or _NAMELESS
    if _RESERVED.fullmatch(stem.partition(".")[0].rstrip()):
        stem = f"_{stem}"
    return _cut(stem, _MAX_BYTES - len(suffix.encode())).rstrip(". ") + suffix


def _cut(text: str, max_bytes: int) -> str:
    return text.encode()[:max_bytes].decode(errors="ignore")
