"""What is said of where a quote stands, in one line; nothing is invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from index import fragments

if TYPE_CHECKING:
    from bot.texts import Texts
    from index.types import Hit

__all__ = ["also_in", "link_to", "origin", "place", "source_line"]


def place(hit: Hit, texts: Texts) -> str:
    """Return which of its document's paragraphs a hit is: "¶ 5 of 14"."""
    return texts("paragraph", number=hit.passage.number, total=hit.passage.of)


def origin(hit: Hit, texts: Texts) -> str:
    """Return who published what a hit is of, when, and the heading and page that it stands at."""
    source, passage = hit.source, hit.passage
    by = ", ".join(source.authors)
    page = texts("page", page=passage.page) if passage.page is not None else None
    known = (source.publisher, by, source.published, passage.heading, page)
    return " · ".join(part for part in known if part)


def source_line(hit: Hit, texts: Texts) -> str:
    """Return what is known of where a hit comes from, the title left out."""
    return " · ".join(part for part in (origin(hit, texts), place(hit, texts)) if part)


def link_to(hit: Hit) -> str | None:
    """Return the address that opens a hit's document at its highlight, or None without one."""
    url = hit.source.url
    return fragments.text_fragment_url(url, hit.passage.text, hit.highlight) if url else None


def also_in(title: str | Markup, hit: Hit, texts: Texts) -> str | Markup:
    """Return the line on another document that has the same passage; `title` is how it's shown."""
    say = texts.html if isinstance(title, Markup) else texts
    return say("also-in", title=title, place=place(hit, texts))
