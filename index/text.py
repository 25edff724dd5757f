"""What is true of any text: whether it is valid, its hash, its words."""

from __future__ import annotations

import hashlib
import re

__all__ = ["is_valid_text", "sha256_hex", "words"]

_WORD = re.compile(r"\w+(?:['’]\w+)*")


def is_valid_text(text: str) -> bool:
    """Whether every character has a code in UTF-8; lone halves of a surrogate pair have none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def sha256_hex(text: str) -> str:
    """Return the SHA-256 of the text's UTF-8 bytes, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def words(text: str) -> list[str]:
    """Return the words of `text`, case-folded (Unicode letters and digits, inner apostrophes)."""
    return _WORD.findall(text.casefold())
