"""Lists of documents as Telegram messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from bot.cards.markup import fits, linked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.texts import Texts
    from index.types import Document

__all__ = ["sources_messages"]


def sources_messages(documents: Sequence[tuple[Document, int]], texts: Texts) -> list[Markup]:
    """Return the list of documents, in as few messages as hold it."""
    heading = texts.html("sources-heading", documents=len(documents))
    messages = [Markup("<b>{}</b>").format(heading)]
    for number, (document, passages) in enumerate(documents, 1):
        title = linked(document.source.title, document.source.url)
        line = Markup("{}. {} – {}").format(number, title, texts("passages", count=passages))
        longer = messages[-1] + "\n" + line
        if fits(longer):
            messages[-1] = longer
        else:
            messages.append(line)
    return messages
