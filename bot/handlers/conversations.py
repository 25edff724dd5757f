"""Conversations: a new one is begun by asking for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, ContextTypes, filters

from bot.incoming import Incoming
from bot.questions.querying import talk_of

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Conversations"]


class Conversations:
    """/new: what was said so far in this chat and topic is no longer what questions go on from."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handler."""
        application.add_handler(
            CommandHandler("new", self.begin, filters=filters.UpdateType.MESSAGE)
        )

    async def begin(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget the conversation of who asks for it; those of others go on."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        desk = self._desk
        if (talk := talk_of(incoming)) is not None:
            desk.drafts.also(incoming.update_id, lambda c: desk.turns.end_within(c, talk))
        desk.replies.say(incoming, incoming.texts("new-begun"))
