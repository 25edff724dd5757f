"""The documents that are answered from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, ContextTypes, filters

from bot.cards.listing import sources_messages
from bot.incoming import Incoming

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Sources"]


class Sources:
    """/sources."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        application.add_handler(
            CommandHandler("sources", self.sources, filters=filters.UpdateType.MESSAGE)
        )

    async def sources(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """List the documents."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        documents = self._desk.answering.documents()
        for message in sources_messages(documents, incoming.texts):
            self._desk.replies.say(incoming, message)
