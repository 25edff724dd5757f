"""Which language is a text in? Detected by py3langid, in the one module that imports it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import py3langid

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["detect_language", "primary", "settle"]

_SAMPLE_CHARS = 1000
_MIN_LETTER_BYTES = 80  # below, a guess is worth less than what the rest of the corpus is in
_UNDETERMINED = "und"  # ISO 639-2's own code
_MACROLANGUAGE = {"arz": "ar", "nb": "no", "nn": "no"}


def primary(tag: str) -> str:
    """Return the primary language of a BCP 47 tag, in lower case: `en` for `en-GB`."""
    language = tag.split("-", maxsplit=1)[0].lower()
    return _MACROLANGUAGE.get(language, language)


def settle(found: Sequence[str]) -> list[str]:
    """Give texts that were too short to tell the language that most of the others are in."""
    known = Counter(language for language in found if language != _UNDETERMINED)
    usual = min(known, key=lambda language: (-known[language], language), default=_UNDETERMINED)
    return [usual if language == _UNDETERMINED else language for language in found]


def detect_language(text: str) -> str:
    """Return the language of one text, or `und` where it is too short to tell."""
    sample = text[:_SAMPLE_CHARS]
    # Counted in bytes of UTF-8: a Chinese character says as much as three Latin letters.
    if len("".join(filter(str.isalpha, sample)).encode()) < _MIN_LETTER_BYTES:
        return _UNDETERMINED
    language, _ = py3langid.classify(sample)
    return primary(str(language))
