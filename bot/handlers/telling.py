"""The button that has somebody told once a question is answered."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, ContextTypes

from bot.incoming import Incoming
from bot.memory.waiting import MOST_PER_PERSON, Waiting, WaitingFor
from bot.people.announcing import Announcer
from bot.questions.presses import exactly
from bot.sharing.claims import Duty
from index.types import Verdict

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.memory.cards import Card

__all__ = ["Telling"]

_PRESS = re.compile(r"tell:([A-Za-z0-9_-]{10})")


class Telling:
    """Notes who wants to know; `bot.people.announcing` tells him."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._waiting = Waiting(desk.store, desk.bot_id)

    def register(self, application: AnyApplication) -> None:
        """Add the handler, and have whoever waits be told."""
        self._desk.beside(Duty.ANNOUNCING, Announcer(self._desk).run)
        application.add_handler(CallbackQueryHandler(self.press, pattern=exactly(_PRESS)))

    async def press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Note it once, however often it is pressed; so many questions a person, no more."""
        query, incoming = update.callback_query, Incoming.from_update(update)
        match = _PRESS.fullmatch(query.data or "") if query is not None else None
        if query is None or incoming is None or incoming.user_id is None or match is None:
            return
        desk, texts = self._desk, incoming.texts
        card = desk.cards.get(match[1])
        if card is None or card.chat_id != incoming.chat_id or card.verdict != Verdict.NO_ANSWER:
            await desk.interactive.answer_press(query.id, text=texts("card-gone"))
        elif self._waiting.count(incoming.user_id) >= MOST_PER_PERSON:
            most = texts("tell-too-many", most=MOST_PER_PERSON)
            await desk.interactive.answer_press(query.id, text=most, show_alert=True)
        else:
            await desk.interactive.answer_press(query.id, text=texts("tell-noted"))
            waiting = _waiting_for(card, incoming.user_id)
            desk.drafts.also(
                incoming.update_id,
                lambda connection: self._waiting.add_within(connection, waiting),
            )


def _waiting_for(card: Card, user_id: int) -> WaitingFor:
    return WaitingFor(
        user_id=user_id,
        chat_id=card.chat_id,
        thread_id=card.thread_id,
        question_id=card.question_id,
        asker_id=card.asker_id,
        question=card.understood,
        language=card.language,
        generation=card.generation,
    )
