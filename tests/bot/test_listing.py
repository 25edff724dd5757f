"""Lists of documents as Telegram messages."""

from bot.cards import listing
from bot.texts import ENGLISH
from index.types import Document
from tests.bot.samples import make_document
from tests.botapi.entities import utf16_length
from tests.botapi.text import formatted_text


def sources_messages(documents: list[tuple[Document, int]]) -> list[str]:
    """Return the list of documents in English."""
    return [str(message) for message in listing.sources_messages(documents, ENGLISH)]


def test_a_list_of_documents_is_exactly_this() -> None:
    """Each document has a line of its own, its address behind its title."""
    documents = [
        (make_document(title="A < B"), 1),
        (make_document(2, title="C", url="https://example.com/?a&b"), 14),
    ]
    [message] = sources_messages(documents)
    assert message == (
        "<b>I answer from 2 documents:</b>\n"
        "1. A &lt; B – 1 passage\n"
        '2. <a href="https://example.com/?a&amp;b">C</a> – 14 passages'
    )


def test_500_documents_are_listed_within_limits() -> None:
    """Every document is listed once and in order, in messages that Telegram takes."""
    documents = [(make_document(n, title=f"Document {n} & more"), n) for n in range(1, 501)]
    messages = sources_messages(documents)
    shown = [formatted_text(each, parse_mode="HTML").text for each in messages]
    assert max(map(utf16_length, shown)) <= 4096
    lines = "\n".join(shown).split("\n")
    assert lines[:2] == [
        "I answer from 500 documents:",
        "1. Document 1 & more – 1 passage",
    ]
    assert lines[2:] == [f"{n}. Document {n} & more – {n} passages" for n in range(2, 501)]
    assert len(messages) == 5  # of 19,022 characters


def test_500_linked_documents_are_listed_within_limits() -> None:
    """Addresses count towards Telegram's limit on markup, and every message stays within it."""
    url = "https://example.com/" + "a" * 200
    documents = [(make_document(n, title=f"D{n}", url=url), 1) for n in range(1, 501)]
    lines = [
        line
        for message in sources_messages(documents)
        for line in formatted_text(message, parse_mode="HTML").text.split("\n")
    ]
    assert lines[1:] == [f"{n}. D{n} – 1 passage" for n in range(1, 501)]
