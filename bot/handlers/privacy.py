"""What is kept of a person, said and forgotten when he asks for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes, filters

from bot.delivery.sent import Sent
from bot.incoming import Incoming
from bot.memory import MEMORIES
from bot.people.kept import KEPT
from bot.questions.presses import exactly

if TYPE_CHECKING:
    from sqlalchemy import Connection
    from telegram import Update

    from bot.database.store import Store
    from bot.desk import Desk
    from bot.handlers import AnyApplication

__all__ = ["Privacy", "forget_everything"]

_PRESS = re.compile(r"forget:([0-9]{1,16})")


class Privacy:
    """/privacy, and /forget with the button that confirms it; also for who may not ask."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, application: AnyApplication) -> None:
        """Add the handlers."""
        new = filters.UpdateType.MESSAGE
        application.add_handler(CommandHandler("privacy", self.privacy, filters=new))
        application.add_handler(CommandHandler("forget", self.ask, filters=new))
        application.add_handler(CallbackQueryHandler(self.forget, pattern=exactly(_PRESS)))

    async def privacy(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say what is kept, and for how long."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        texts = incoming.texts
        lines = [f"• {texts(each.text, days=each.days)}" for each in KEPT]
        logged = "logged" if self._desk.settings.log_questions else "not-logged"
        said = "\n".join([texts("privacy"), *lines])
        self._desk.replies.say(incoming, f"{said}\n\n{texts(logged)} {texts('privacy-forget')}")

    async def ask(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Ask whether it is meant."""
        incoming = Incoming.from_update(update)
        if incoming is None or incoming.user_id is None:
            return
        texts, invites = incoming.texts, self._desk.invites
        said = texts("forget-sure")
        if invites.is_member(incoming.user_id):
            said = f"{said} {texts('forget-invited')}"
        data = f"forget:{incoming.user_id}"
        keyboard = [[{"text": texts("forget-yes"), "callback_data": data}]]
        self._desk.replies.say(incoming, said, keyboard=keyboard)

    async def forget(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Forget all that is kept of the person who asked for it and now confirms it."""
        query, incoming = update.callback_query, Incoming.from_update(update)
        match = _PRESS.fullmatch(query.data or "") if query is not None else None
        if query is None or incoming is None or match is None:
            return
        desk, texts, user_id = self._desk, incoming.texts, query.from_user.id
        if int(match[1]) != user_id:
            await desk.interactive.answer_press(query.id, text=texts("forget-not-yours"))
            return
        await desk.interactive.answer_press(query.id)
        desk.drafts.also(
            incoming.update_id,
            lambda connection: forget_everything(connection, desk.store, desk.bot_id, user_id),
        )
        desk.replies.edit(incoming, incoming.message_id, texts("forgotten"))


def forget_everything(connection: Connection, store: Store, bot_id: int, user_id: int) -> None:
    """Forget all that a bot keeps of a person, as part of a larger transaction."""
    for memory in (Sent, *MEMORIES):
        memory(store, bot_id).forget_within(connection, user_id)
