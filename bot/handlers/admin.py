"""Maintaining the index in the chat: build, roll back, see its state. Only for admins."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Any

from telegram import Message
from telegram.ext import CallbackQueryHandler, CommandHandler, ContextTypes

from bot.cards.states import ago, state_text
from bot.incoming import Incoming
from bot.maintenance.rebuilding import Rebuilder, live_name
from bot.maintenance.state import status_object
from bot.maintenance.undoing import go_back
from bot.memory.rebuilds import Rebuild, Rebuilds
from bot.people.admins import is_by_admin, sent_by_admins
from bot.sharing.claims import Duty
from index.encoders import choose_encoder
from index.errors import (
    GenerationError,
    LiveChangedError,
    NoEarlierGenerationError,
    StateFolderError,
    VerbatimError,
)
from index.generations import Generations
from index.rollback import rolls_back_to

if TYPE_CHECKING:
    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from bot.settings import Settings

__all__ = ["Admin", "rebuild_for"]

_BACK = "adm:back:"


class _BuildAtWorkError(Exception):
    """A rollback would have to wait for a build."""


class Admin:
    """/rebuild, /rollback and /status; to everybody else there are no such commands."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._rebuilds = Rebuilds(desk.store, desk.bot_id)
        self._generations = Generations(desk.settings.state_dir)

    def register(self, application: AnyApplication) -> None:
        """Add the handlers, and have builds done that are asked for."""
        by_admins = sent_by_admins(self._desk.settings)
        application.add_handler(CommandHandler("rebuild", self.rebuild, filters=by_admins))
        application.add_handler(CommandHandler("rollback", self.rollback, filters=by_admins))
        application.add_handler(CommandHandler("status", self.status, filters=by_admins))
        application.add_handler(CallbackQueryHandler(self.go_back, pattern=f"^{_BACK}"))
        self._desk.beside(Duty.REBUILDING, Rebuilder(self._desk).run)

    async def rebuild(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Bring the index up to date, unless that is being done."""
        if (incoming := Incoming.from_update(update)) is None or incoming.user_id is None:
            return
        if self._rebuilds.all():
            self._desk.replies.say(incoming, incoming.texts("rebuild-running"))
            return
        rebuild = rebuild_for(incoming, before=live_name(self._generations))
        self._desk.drafts.also(
            incoming.update_id,
            lambda connection: self._rebuilds.add_within(connection, rebuild),
        )

    async def rollback(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Offer the index before, by name."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        texts = incoming.texts
        try:
            live, earlier = rolls_back_to(self._desk.settings.state_dir)
            manifest = self._generations.manifest(earlier)
        except GenerationError:
            self._desk.replies.say(incoming, texts("rollback-none"))
            return
        question = texts(
            "rollback-ask",
            live=live,
            earlier=earlier,
            ago=ago(manifest.created.isoformat(), dt.datetime.now(dt.UTC), texts),
            documents=texts("documents", count=manifest.documents),
        )
        button = {
            "text": texts("rollback-button", generation=earlier),
            "callback_data": f"{_BACK}{live}:{earlier}",
        }
        self._desk.replies.say(incoming, question, keyboard=[[button]])

    async def go_back(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Roll back, if that is still what the button says."""
        query, incoming = update.callback_query, Incoming.from_update(update)
        if query is None or incoming is None:
            return
        texts, settings = incoming.texts, self._desk.settings
        live, _, earlier = (query.data or "").removeprefix(_BACK).partition(":")
        is_void = not is_by_admin(query, settings) or not isinstance(query.message, Message)
        toast = texts("card-gone") if is_void else None
        await self._desk.interactive.answer_press(query.id, text=toast)
        if is_void:
            return
        try:
            await asyncio.to_thread(
                go_back, settings, confirmed=(live, earlier), on_wait=_refuse_to_wait
            )
            said = texts("rollback-done", generation=earlier)
        except (LiveChangedError, NoEarlierGenerationError) as error:
            # The press before, handled again after a crash, or another's.
            is_done = live_name(self._generations) == earlier
            is_done &= self._generations.history().rolled_back_from == live
            is_other = isinstance(error, LiveChangedError)
            name = "rollback-changed" if is_other else "rollback-none"
            said = texts("rollback-done" if is_done else name, generation=earlier)
        except _BuildAtWorkError:
            self._desk.replies.say(incoming, texts("rollback-busy"))
            return
        except StateFolderError as error:
            said = str(error)
        except GenerationError:
            said = texts("rollback-none")
        self._desk.replies.edit(incoming, incoming.message_id, said)

    async def status(self, update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        """Say which index is live, whether it is up to date, and whether the bot is well."""
        if (incoming := Incoming.from_update(update)) is None:
            return
        settings = self._desk.settings
        try:
            state = await asyncio.to_thread(_state, settings)
        except VerbatimError as error:
            self._desk.replies.say(incoming, str(error))
            return
        text = state_text(
            state,
            self._desk.health.problems,
            incoming.texts,
            now=dt.datetime.now(dt.UTC),
            is_building=bool(self._rebuilds.all()),
        )
        self._desk.replies.say(incoming, text)


def rebuild_for(incoming: Incoming, *, before: str | None) -> Rebuild:
    """Return the build that an update asks for; `before` is what was live until then."""
    return Rebuild(
        chat_id=incoming.chat_id,
        thread_id=incoming.thread_id,
        user_id=incoming.user_id or 0,
        language=incoming.texts.language,
        before=before,
    )


def _state(settings: Settings) -> dict[str, Any]:
    choice = choose_encoder(settings.encoder_model, settings.state_dir, settings.encoder_backend)
    return status_object(settings, choice)


def _refuse_to_wait() -> None:
    raise _BuildAtWorkError
