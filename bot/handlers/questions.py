"""Questions: plain messages in private, `/ask` anywhere."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.cards.rendering import answer_card
from bot.incoming import Incoming, as_text
from index.errors import QuestionError
from index.queries import Query

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Questions"]

_TYPING_S = 1.0  # a sign of life is not worth waiting longer for


class Questions:
    """Answers; a question asked too long ago gets an apology instead."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        new = filters.UpdateType.MESSAGE  # plain filters also let edits through: two answers
        text = new & filters.ChatType.PRIVATE & filters.TEXT & ~filters.COMMAND
        application.add_handler(CommandHandler("ask", self.ask, filters=new))
        application.add_handler(MessageHandler(text, self.text))

    async def ask(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer the question after `/ask`."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        question = as_text(" ".join(context.args or ()))
        if question:
            await self._answer(incoming, question)
        else:
            self._desk.replies.say(incoming, incoming.texts("ask-usage"))

    async def text(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Answer a plain message in a private chat."""
        if (incoming := Incoming.from_update(update)) is not None:
            await self._answer(incoming, incoming.text)

    async def _answer(self, incoming: Incoming, question: str) -> None:
        desk = self._desk
        if time.time() - incoming.sent_at > desk.settings.stale_after_s:
            desk.replies.say(incoming, incoming.texts("too-late"), is_reply=True)
            return
        typing = asyncio.create_task(
            desk.interactive.show_typing(incoming.chat_id, incoming.thread_id)
        )
        try:
            answer = await desk.answering.answer(Query(text=question))
        except QuestionError:
            desk.replies.say(incoming, incoming.texts("ask-usage"))
        else:
            desk.replies.say(incoming, answer_card(answer, incoming.texts))
        finally:
            # It must not come after the answer, which would take it for the next one's.
            await asyncio.wait([typing], timeout=_TYPING_S)
            typing.cancel()
