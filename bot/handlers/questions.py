"""Questions: plain messages in private; `/ask`, replies to the bot and mentions of it anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import ContextTypes, MessageHandler, filters

from bot.incoming import Incoming
from bot.questions.addressing import AsksBot, question_in
from bot.questions.asking import Asking
from bot.texts import texts_for

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Questions"]


class Questions:
    """Answers questions, and answers edited ones anew in the same message."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asking = Asking(desk)

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        asks = AsksBot()
        new, edited = filters.UpdateType.MESSAGE, filters.UpdateType.EDITED_MESSAGE
        application.add_handler(MessageHandler(new & asks, self.ask))
        application.add_handler(MessageHandler(edited & asks, self.ask_again))

    async def ask(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a question; where only that is missing, say how to ask."""
        incoming, question = _asked(update)
        if incoming is None:
            return
        if question:
            await self._asking.answer(incoming, question)
        else:
            self._desk.replies.say(incoming, incoming.texts("ask-usage"))

    async def ask_again(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer an edited question in the place of its answer.

        A message that becomes a question by the edit is answered, as who mends a command expects.
        One that is no question any more keeps its answer.
        """
        incoming, question = _asked(update)
        if incoming is None or not question:
            return
        card = self._desk.cards.of_question(incoming.chat_id, incoming.message_id)
        if card is None:
            await self._asking.answer(incoming, question)
        elif question != card.question:  # Telegram also tells of edits of nothing but a preview
            await self._asking.answer_anew(incoming, question, card, texts_for(card.language))


def _asked(update: Update) -> tuple[Incoming | None, str]:
    message = update.effective_message
    incoming = Incoming.from_update(update)
    return incoming, (question_in(message) or "") if message is not None else ""
