"""The documents that are answered from: which there are, and reading them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.cards.listing import closest_sources, found_sources, sources_page
from bot.cards.reading import LIST_PRESS, READ_PRESS, Bookmark, reading
from bot.cards.windows import clipped
from bot.incoming import Incoming, as_text
from bot.questions.presses import exactly, is_own
from bot.questions.titles import closest_documents
from bot.texts import texts_for

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.replies import Keyboard
    from bot.texts import Texts
    from index.library import Library
    from index.types import Document

__all__ = ["Sources"]

_LISTED = "sources"  # a tag that names no document, in the place of one that did
_MAX_DIGITS = 9
_MAX_WORDS_UNITS = 60


class Sources:
    """/sources and /source, and the buttons under what they show.

    Where a reader is stands in the buttons, by the document's id, so that they go on working
    after a restart and a rebuild.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        new = filters.UpdateType.MESSAGE
        application.add_handler(CommandHandler("sources", self.sources, filters=new))
        application.add_handler(CommandHandler("source", self.source, filters=new))
        application.add_handler(CallbackQueryHandler(self.turn, pattern=exactly(LIST_PRESS)))
        application.add_handler(CallbackQueryHandler(self.read, pattern=exactly(READ_PRESS)))

    async def sources(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List the documents."""
        if (incoming := Incoming.from_update(update)) is not None:
            text, keyboard = sources_page(self._desk.answering.library, 0, incoming.texts)
            self._desk.replies.say(incoming, text, keyboard=keyboard, tag=_LISTED)

    async def source(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Open a document by its number in the list, or by words of its title."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        desk, texts = self._desk, incoming.texts
        library = desk.answering.library
        words = as_text(" ".join(context.args or ()))
        found = _named(words, library)
        if not words:
            desk.replies.say(incoming, texts("source-usage"))
        elif len(found) == 1:
            place = Bookmark(document_id=found[0].id)
            if opened := reading(library, place, texts, me=desk.me):
                desk.replies.say(incoming, opened[0], keyboard=opened[1], tag=place.tag)
        elif found:
            said = texts.html("source-several", words=clipped(words, _MAX_WORDS_UNITS))
            text, keyboard = found_sources(said, library, found, texts)
            desk.replies.say(incoming, text, keyboard=keyboard)
        elif words.isdecimal():
            count = len(library.documents)
            desk.replies.say(incoming, texts("source-number", documents=count))
        elif desk.quotas.admits(incoming):  # it is searched for, as a question is
            text, keyboard = await self._closest(words, texts)
            desk.replies.say(incoming, text, keyboard=keyboard)

    async def turn(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Put another page of the list in the place of what was shown."""
        if (pressed := await self._pressed(update, LIST_PRESS)) is None:
            return
        incoming, found = pressed
        library = self._desk.answering.library
        self._edit(incoming, sources_page(library, int(found[1]), incoming.texts), tag=_LISTED)

    async def read(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Put another place of a document in the place of what was shown."""
        if (pressed := await self._pressed(update, READ_PRESS)) is None:
            return
        incoming, found = pressed
        place = Bookmark.from_press(found)
        texts, library = incoming.texts, self._desk.answering.library
        if opened := reading(library, place, texts, me=self._desk.me):
            self._edit(incoming, opened, tag=place.tag)
        else:
            text, keyboard = sources_page(library, 0, texts)
            listed = Markup("{}\n\n{}").format(texts("source-gone"), text)
            self._edit(incoming, (listed, keyboard), tag=_LISTED)

    async def _closest(self, words: str, texts: Texts) -> tuple[Markup, Keyboard]:
        """Return what is said of words that no title has."""
        closest = await closest_documents(self._desk.answering, words)
        said = texts("title-unknown", words=clipped(words, _MAX_WORDS_UNITS))
        return closest_sources(said, self._desk.answering.library, closest, texts)

    def _edit(self, incoming: Incoming, shown: tuple[Markup, Keyboard], *, tag: str) -> None:
        text, keyboard = shown
        self._desk.replies.edit(incoming, incoming.message_id, text, keyboard=keyboard, tag=tag)

    async def _pressed(
        self, update: Update, pattern: re.Pattern[str]
    ) -> tuple[Incoming, re.Match[str]] | None:
        """Answer a press; return what it says where the presser may turn these pages."""
        if (query := update.callback_query) is None:
            return None
        incoming, found = Incoming.from_update(update), pattern.fullmatch(query.data or "")
        texts = texts_for(query.from_user.language_code)
        refusal = None
        if incoming is None or found is None:
            refusal = texts("card-gone")
        elif not is_own(query):
            refusal = texts("not-yours")
        said = {"text": refusal} if refusal else {}
        await self._desk.interactive.answer_press(query.id, **said)
        return (incoming, found) if incoming and found and not refusal else None


def _named(words: str, library: Library) -> Sequence[Document]:
    """Return the document with a number of the list, or else those with words of their title."""
    number = int(words[:_MAX_DIGITS]) if words.isdecimal() else 0
    numbered = library.documents[number - 1 : number] if number else ()
    return numbered or library.titled(words)
