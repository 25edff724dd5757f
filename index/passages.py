"""Paragraphs to passages: each one whole, or parted at sentence ends where it is over-long."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Protocol

from index.sentences import sentence_spans
from index.text import sha256_hex
from index.types import Passage, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.documents import ParsedDocument
    from index.types import Document, Source

__all__ = ["TokenCounter", "context_of", "passages_of"]

_WORD = re.compile(r"\S+")
_MAX_CONTEXT_BYTES = 200  # of UTF-8; an encoder makes no more tokens of a text than it has bytes


class TokenCounter(Protocol):
    """The part of an encoder that says how long a text is to it."""

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text it reads."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens of each text."""


def passages_of(parsed: ParsedDocument, counter: TokenCounter) -> list[Passage]:
    """Return the passages of a document, none longer than the encoder reads.

    Each passage's text is exactly `document.text[start:end]`; together they cover every
    character of the body that is not white space.
    """
    document = parsed.document
    seen: Counter[str] = Counter()
    passages = []
    for number, paragraph in enumerate(parsed.paragraphs, 1):
        context = context_of(document.source, paragraph.heading)
        for start, end in _parts(document, paragraph.span, context, counter):
            text = document.text[start:end]
            passages.append(
                Passage(
                    id=_passage_id(document.id, text, seen[text]),
                    document_id=document.id,
                    number=number,
                    of=len(parsed.paragraphs),
                    start=start,
                    end=end,
                    text=text,
                    page=paragraph.page,
                    heading=paragraph.heading,
                )
            )
            seen[text] += 1
    return passages


def context_of(source: Source, heading: str | None) -> str:
    """Return what goes before a passage's text when it is encoded: title and heading, or "".

    A title that is only the file's name says nothing and is left out, and so is a long one.
    """
    title = None if source.title == PurePosixPath(source.path).stem else source.title
    context = "".join(f"{part}. " for part in (title, heading) if part)
    return context if len(context.encode()) <= _MAX_CONTEXT_BYTES else ""


def _passage_id(document_id: str, text: str, earlier: int) -> str:
    """Return 16 hexadecimal digits; `earlier` tells apart equal paragraphs of one document."""
    return sha256_hex(f"{document_id}\x00{earlier}\x00{text}")[:16]


def _parts(document: Document, paragraph: Span, context: str, counter: TokenCounter) -> list[Span]:
    """Return the parts of a paragraph that fit, as many whole sentences in each as go in."""
    text = document.text
    (total,) = counter.count_tokens([context + text[slice(*paragraph)]])
    if total <= counter.max_tokens:
        return [paragraph]
    (overhead,) = counter.count_tokens([context])
    room = max(counter.max_tokens - overhead, 1)
    while True:
        pieces = _pieces(document, paragraph, room, counter)
        parts = list(_packed(pieces, room))
        # Some tokenizers count a word differently beside its neighbours, so the sum may be off.
        counts = counter.count_tokens([context + text[slice(*part)] for part in parts])
        if max(counts) <= counter.max_tokens or room == 1:
            return parts
        room = max(room * 9 // 10, 1)


def _pieces(
    document: Document, paragraph: Span, room: int, counter: TokenCounter
) -> Iterator[tuple[Span, int]]:
    """Give the sentences, the words of an over-long sentence, the slices of an over-long word.

    Each comes with its number of tokens.
    """
    language = document.language
    pending = [
        Span(paragraph.start + start, paragraph.start + end)
        for start, end in sentence_spans(document.text[slice(*paragraph)], language)
    ]
    (overhead,) = counter.count_tokens([""])

    def sized(spans: Sequence[Span]) -> Iterator[tuple[Span, int]]:
        counts = counter.count_tokens([document.text[slice(*span)] for span in spans])
        return zip(spans, (count - overhead for count in counts), strict=True)

    pieces = sized(pending)
    for divide in (_words, _slices):
        pieces = iter(
            [
                piece
                for span, size in pieces
                for piece in (
                    [(span, size)] if size <= room else sized(divide(document.text, span, room))
                )
            ]
        )
    yield from pieces


def _packed(pieces: Iterable[tuple[Span, int]], room: int) -> Iterator[Span]:
    """Join neighbouring pieces for as long as they fit together."""
    current: Span | None = None
    used = 0
    for piece, size in pieces:
        if current is not None and used + size <= room:
            current = Span(current.start, piece.end)
            used += size
            continue
        if current is not None:
            yield current
        current, used = piece, size
    if current is not None:
        yield current


def _words(text: str, span: Span, _room: int) -> list[Span]:
    return [
        Span(span.start + match.start(), span.start + match.end())
        for match in _WORD.finditer(text[slice(*span)])
    ]


def _slices(_text: str, span: Span, room: int) -> list[Span]:
    # A token is one character at least, save for a few that are several bytes to some encoders.
    return [
        Span(start, min(start + room, span.end)) for start in range(span.start, span.end, room)
    ]
