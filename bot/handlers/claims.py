"""Checking a claim: a forwarded message in private, or `/check` anywhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from telegram.ext import CommandHandler, ContextTypes, MessageHandler, filters

from bot.cards.claims import claim_messages
from bot.incoming import Incoming, as_text
from bot.questions.claims import MAX_SENTENCES, check, sentences_of

if TYPE_CHECKING:
    from telegram import Message, Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Claims"]


class Claims:
    """Says for each sentence what the sources have that is nearest; never whether it is true."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handlers; they come before those of questions."""
        new = filters.UpdateType.MESSAGE
        private = new & filters.ChatType.PRIVATE
        worded = filters.TEXT | filters.CAPTION
        application.add_handler(CommandHandler("check", self.check, filters=new))
        application.add_handler(
            MessageHandler(private & filters.FORWARDED & worded, self.forwarded)
        )

    async def forwarded(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Check a message of somebody else's."""
        if (incoming := Incoming.from_update(update)) is not None:
            await self._check(incoming, incoming.text)

    async def check(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Check what follows the command, or else the message that it replies to."""
        incoming = Incoming.from_update(update)
        if incoming is None or update.message is None:
            return
        _, *claim = incoming.text.split(maxsplit=1)
        await self._check(incoming, claim[0] if claim else _replied_to(update.message))

    async def _check(self, incoming: Incoming, claim: str) -> None:
        desk, texts = self._desk, incoming.texts
        if time.time() - incoming.sent_at > desk.settings.stale_after_s:
            desk.replies.say(incoming, texts("too-late"), is_reply=True)
            return
        sentences = sentences_of(claim)
        if not sentences:
            desk.replies.say(incoming, texts("check-usage"))
            return
        if not desk.quotas.admits(incoming):
            return
        async with desk.interactive.typing(incoming.chat_id, incoming.thread_id):
            checked = await check(sentences[:MAX_SENTENCES], desk.answering)
        for message in claim_messages(checked, texts, me=desk.me, sentences=len(sentences)):
            desk.replies.say(incoming, message, is_reply=True)


def _replied_to(message: Message) -> str:
    """Return what a reply points at: the part that is quoted, or all of the message."""
    if message.quote is not None:
        return as_text(message.quote.text)
    original = message.reply_to_message
    return as_text(original.text or original.caption or "") if original is not None else ""
