"""Commands that need no search, and what is none of the bot's business."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import (
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.incoming import Incoming
from bot.texts import texts_for

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Basics"]


class Basics:
    """/start and /help, and whatever no other handler takes; so it registers last."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        new = filters.UpdateType.MESSAGE  # plain filters also let edits through: two answers
        private = new & filters.ChatType.PRIVATE
        application.add_handler(CommandHandler("start", self.start, filters=new))
        application.add_handler(CommandHandler("help", self.help, filters=new))
        application.add_handler(MessageHandler(private & filters.COMMAND, self.unknown_command))
        # A text that is no question is a quote that was chosen from the bot's own inline results.
        no_text = private & ~filters.StatusUpdate.ALL & ~filters.TEXT
        application.add_handler(MessageHandler(no_text, self.no_text))
        application.add_handler(CallbackQueryHandler(self.unknown_press))

    async def start(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what this bot is for."""
        self._say(update, "start")

    async def help(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say how it works."""
        self._say(update, "help")

    async def unknown_command(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Point to /help."""
        self._say(update, "unknown-command")

    async def no_text(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say that a picture or a voice can't be read."""
        self._say(update, "only-text")

    async def unknown_press(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say that a button does nothing any more, or never did."""
        query = update.callback_query
        if query is not None:
            text = texts_for(query.from_user.language_code)("card-gone")
            await self._desk.interactive.answer_press(query.id, text=text)

    def _say(self, update: Update, name: str) -> None:
        if incoming := Incoming.from_update(update):
            self._desk.replies.say(incoming, incoming.texts(name))
