"""Page furniture: the lines of a saved page that are about the page, not the story.

A paragraph is set aside, never deleted from the document's text, when one of these holds:

1. *Link.* It is nothing but a web address; or it has no full stop, at most 15 words, and opens as
   buttons and links do ("Click for", "Share", "Read more", "Sign up", "Advertisement", ...).
2. *Credit.* It credits a picture ("Photo: A. Person", "... (photo credit: AGENCY)", "© Agency"),
   or repeats the caption of one that does.
3. *Loose line in prose.* In a document that is mostly sentences, a single line of at most
   15 words that doesn't end as a sentence does: a headline of another story, a menu entry. Lines
   that carry a fact by their form stay: with a digit, an address, `name: value`, a list mark or a
   byline. A document that isn't mostly sentences (notes, lists, verse) keeps all such lines.

Rule 3 looks at sentence marks of all scripts and needs no word list; rules 1 and 2 know the usual
words of English pages. What was set aside is listed by `verbatim build --verbose`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.prose import ends_sentence
from index.readers.base import Block, BlockKind
from index.text import words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["furniture_of", "is_link_line", "same_words"]

_MAX_LOOSE_WORDS = 15
_MIN_PROSE_SHARE = 0.6

_BARE_LINK = re.compile(r"^<?(?:https?://|www\.)\S+>?$", re.IGNORECASE)
_CALL_TO_ACTION = re.compile(
    r"^\W*(?:advertisement|click|connect to|continue reading|download (?:our|the) app|"
    r"follow (?:us|@)|get (?:our|the) (?:app|newsletter)|join (?:us|our)|leave a comment|"
    r"listen to|log in|more from|(?:most|recommended|related|see also|read also|also read|"
    r"read more|watch)\b|print this|read the full|register|scroll|see (?:all|more)|"
    r"share\b|show comments|sign (?:in|up)|skip to|sponsored|subscribe|tap to|tweet\b|"
    r"view (?:all|comments|gallery|more))",
    re.IGNORECASE,
)
_MEDIA = (
    r"(?:photo(?:graph)?|image|picture|pic|illustration|graphic|video|screenshot|file photo)s?"
)
_CREDIT = re.compile(
    rf"^\W*{_MEDIA}\s*(?:credits?|by|courtesy(?: of)?|source)?\s*[:|©/]"
    rf"|^\W*{_MEDIA} (?:credit|by|courtesy)\b"
    rf"|[(\[]\s*{_MEDIA}\s*(?:credits?|by|courtesy(?: of)?|source)?\s*[:|©/][^)\]]*[)\]]\W*$"
    r"|^\W*(?:©|\(c\)|copyright\b)",
    re.IGNORECASE,
)
_BYLINE = re.compile(
    r"^\W*(?i:by|from|words by|text by|story by)\s+(?i:our\b|the\b)"
    r"|^\W*(?i:by|from|words by|text by|story by)\s+[A-Z\u00c0-\u00de]"
    r"|\b(?i:report(?:ed|ing|s|er)?|writ(?:es|ten|ing)|contribut(?:ed|ing|or)|correspondents?|"
    r"edit(?:ed|ing|or)|translat(?:ed|ion))\b",
)
_CARRIES_A_FACT = re.compile(r"\d|@|\w:\s|^\s*[-*•‣◦–]\s")


def furniture_of(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the indices of the blocks that are page furniture, by the rules above."""
    paragraphs = {
        index: block.text
        for index, block in enumerate(blocks)
        if block.kind == BlockKind.PARAGRAPH
    }
    credit_lines = [text for text in paragraphs.values() if _is_credit(text)]
    is_prose = _is_mostly_sentences(blocks)
    return frozenset(
        index
        for index, text in paragraphs.items()
        if is_link_line(text)
        or _is_credit(text)
        or any(_repeats(text, line) for line in credit_lines)
        or (is_prose and _is_loose(text))
    )


def is_link_line(text: str) -> bool:
    """Whether the line is a bare address, or invites the reader to press something."""
    if _BARE_LINK.match(text):
        return True
    return _is_short(text) and not ends_sentence(text) and bool(_CALL_TO_ACTION.match(text))


def same_words(one: str, other: str) -> bool:
    """Whether two lines have the same words, whatever their case and marks."""
    return words(one) == words(other)


def _is_credit(text: str) -> bool:
    return not ends_sentence(text.rstrip(")] ")) and bool(_CREDIT.search(text))


def _repeats(text: str, credit_line: str) -> bool:
    mine, theirs = words(text), words(credit_line)
    return bool(mine) and not ends_sentence(text) and theirs[: len(mine)] == mine


def _is_loose(text: str) -> bool:
    return (
        _is_short(text)
        and not ends_sentence(text)
        and not _CARRIES_A_FACT.search(text)
        and not _BYLINE.search(text)
    )


def _is_short(text: str) -> bool:
    return "\n" not in text and len(text.split()) <= _MAX_LOOSE_WORDS


def _is_mostly_sentences(blocks: Sequence[Block]) -> bool:
    texts = [block.text for block in blocks if block.kind != BlockKind.HEADING]
    ended = sum(len(text) for text in texts if ends_sentence(text))
    return ended >= _MIN_PROSE_SHARE * sum(map(len, texts))
