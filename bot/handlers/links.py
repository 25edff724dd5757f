"""Links to passages: each opens its passage with what stands around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, ContextTypes, filters

from bot.cards.making import card_of_link
from bot.cards.rendering import render
from bot.incoming import Incoming
from bot.memory.linked import beginning
from bot.questions.payloads import Carrying, PayloadKind, key_in
from index.queries import Query

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from index.types import Hit

__all__ = ["Links"]


class Links:
    """/start with the id of a passage.

    A passage that is gone is searched for by its beginning, as it was when the link was given. If
    it is found word for word, its document has only got another name.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handler; it comes before the one for any `/start`."""
        carrying = filters.UpdateType.MESSAGE & Carrying(PayloadKind.PASSAGE)
        application.add_handler(CommandHandler("start", self.open, filters=carrying))

    async def open(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Show the passage, or say that it is gone and show the closest."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        passage_id = key_in(incoming.text, PayloadKind.PASSAGE) or ""
        hit = self._desk.answering.library.hit_of(passage_id)
        if hit is None:
            words = self._desk.linked.words_of(passage_id)
            hit = await self._closest(incoming, words) if words is not None else None
            if hit is None or beginning(hit.passage.text) != words:
                said = "link-gone-closest" if hit else "link-gone"
                self._desk.replies.say(incoming, incoming.texts(said))
        if hit is not None:
            self._show(incoming, hit)

    async def _closest(self, incoming: Incoming, words: str) -> Hit | None:
        """Return the passage that begins with these words, or else the nearest to them.

        It is searched for, so it counts as a question does.
        """
        desk = self._desk
        if not desk.quotas.admits(incoming):
            return None
        hits = (await desk.answering.answer(Query(text=words))).hits
        same = (hit for hit in hits if beginning(hit.passage.text) == words)
        return next(same, hits[0] if hits else None)

    def _show(self, incoming: Incoming, hit: Hit) -> None:
        desk, library = self._desk, self._desk.answering.library
        card = card_of_link(hit, incoming, generation=library.generation)
        text, keyboard = render(card, library, incoming.texts, me=desk.me)
        desk.replies.say(incoming, text, keyboard=keyboard, tag=card.tag)

        def remember(connection: Connection) -> None:
            desk.cards.add_within(connection, card)
            desk.linked.note_within(connection, [hit.passage])

        desk.drafts.also(incoming.update_id, remember)
