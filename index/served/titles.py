"""Documents by words of their titles, as an expression that the engine can filter by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.titles import folded

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["having_all", "words_between"]

_MAX_BYTES = 60_000  # what a column of text holds is 65,535
_MOST_WORDS = 32


def words_between(text: str) -> str:
    """Return the folded words of a title, each once, with a space on both sides of each."""
    words = " ".join(dict.fromkeys(folded(text)))
    return f" {words.encode()[:_MAX_BYTES].decode(errors='ignore')} "


def having_all(words: Collection[str]) -> str:
    """Return what is true of documents with all of these words in the title, or in the file name.

    Words hold letters, digits and marks alone; what is a pattern's sign among them finds too
    much, and must be looked at again.
    """
    asked = [word.replace("\\", "").replace('"', "") for word in list(words)[:_MOST_WORDS]]
    return " or ".join(
        "(" + " and ".join(f'{name} like "% {word} %"' for word in asked) + ")"
        for name in ("title", "file")
    )
