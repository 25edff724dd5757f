"""Every sentence that Verbatim says to people, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index import fragments

if TYPE_CHECKING:
    from index.types import Hit

__all__ = [
    "ASK_USAGE",
    "CHAT_ANEW",
    "CHAT_GREETING",
    "CLOSEST_PASSAGE",
    "CLOSEST_TITLES",
    "COMMANDS",
    "FAILED",
    "HELP",
    "LOADING",
    "NOT_IN_DOCUMENTS",
    "NO_TOKEN",
    "ONLY_TEXT",
    "START",
    "TOO_LATE",
    "UNKNOWN_COMMAND",
    "UNSURE",
    "also_in",
    "link_to",
    "passages",
    "source_line",
    "sources_heading",
    "understood_as",
]

COMMANDS = {
    "ask": "Ask a question, e.g. /ask who reported from Beirut",
    "sources": "The documents I answer from",
    "help": "How this works",
}
"""The command menu: name to description, in its order."""

START = (
    "Ask me a question, and I'll answer with passages from my documents, word for word, "
    "each with its exact source. /sources lists the documents."
)
HELP = (
    "Just write your question. I look for the passages that answer it best and quote them "
    "verbatim; the sentence that answers is in bold, and under each quote stands where it comes "
    "from. I never write an answer of my own: if the documents don't hold one, I say so.\n\n"
    "/ask question – the same, for groups\n"
    "/sources – the documents I answer from"
)
ASK_USAGE = "Write your question after the command, like this: /ask who reported from Beirut"
ONLY_TEXT = "I can only read text. Write me your question in words, please."
UNKNOWN_COMMAND = "I don't know that command. /help says what I can do."
TOO_LATE = "Sorry, I was away when you asked this. If you still want to know, please ask again."
FAILED = "Something went wrong on my side, sorry. Please ask again in a moment."

UNSURE = "I'm not sure the documents answer this."
CLOSEST_PASSAGE = "The closest passage:"
NOT_IN_DOCUMENTS = "Not in these documents."
CLOSEST_TITLES = "The closest are:"

NO_TOKEN = "TELEGRAM_BOT_TOKEN is not set, so this is a chat in the terminal."  # noqa: S105
LOADING = "Loading the model"
CHAT_GREETING = "Ask a question. /new forgets what was said before, Ctrl-D ends."
CHAT_ANEW = "Forgotten. The next question stands alone."


def source_line(hit: Hit) -> str:
    """Return what is known of where a hit comes from, the title left out; nothing is invented."""
    source, passage = hit.source, hit.passage
    by = ", ".join(source.authors)
    page = f"p. {passage.page}" if passage.page is not None else None
    paragraph = f"¶ {passage.number} of {passage.of}"
    known = (source.publisher, by, source.published, passage.heading, page, paragraph)
    return " · ".join(part for part in known if part)


def link_to(hit: Hit) -> str | None:
    """Return the address that opens a hit's document at its highlight, or None without one."""
    url = hit.source.url
    return fragments.text_fragment_url(url, hit.passage.text, hit.highlight) if url else None


def also_in(title: str, hit: Hit) -> str:
    """Return the line on another document that has the same passage; `title` is how it's shown."""
    return f"also in: {title} · ¶ {hit.passage.number} of {hit.passage.of}"


def understood_as(query: str) -> str:
    """Return the line on how a question was understood that followed on from another."""
    return f"understood as: {query}"


def sources_heading(documents: int) -> str:
    """Return the line above the list of documents."""
    return (
        "I answer from one document:"
        if documents == 1
        else f"I answer from {documents} documents:"
    )


def passages(count: int) -> str:
    """Return a number of passages in words."""
    return "1 passage" if count == 1 else f"{count} passages"
