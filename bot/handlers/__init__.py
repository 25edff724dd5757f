"""What each Telegram update does, one module a feature: handlers render, the desk does the rest.

The order of `register_handlers` is the order in which they are asked: the first that fits an
update takes it.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeAlias

from telegram import Update

from bot.database.store import StoreError
from bot.errors import CardChangedError
from bot.handlers.adding import Adding
from bot.handlers.admin import Admin
from bot.handlers.basics import Basics
from bot.handlers.claims import Claims
from bot.handlers.conversations import Conversations
from bot.handlers.feedback import Feedback
from bot.handlers.gate import Gate
from bot.handlers.inline import Inline, open_chat_button
from bot.handlers.inline_quota import InlineQuota
from bot.handlers.inviting import Inviting
from bot.handlers.links import Links
from bot.handlers.pages import Pages
from bot.handlers.privacy import Privacy
from bot.handlers.questions import Questions
from bot.handlers.sources import Sources
from bot.handlers.stats import Stats
from bot.handlers.telling import Telling
from bot.incoming import Incoming
from bot.texts import texts_for
from index.errors import EngineError, GenerationError

if TYPE_CHECKING:
    from telegram.ext import Application, ContextTypes

    from bot.desk import Desk

    AnyApplication: TypeAlias = Application[Any, Any, Any, Any, Any, Any]

__all__ = ["ADMIN_COMMANDS", "COMMANDS", "register_handlers"]

COMMANDS = ("ask", "sources", "check", "new", "help", "privacy", "forget")
"""The command menu, in its order; what each does is the text `command-<name>`."""

ADMIN_COMMANDS = ("stats", "rebuild", "rollback", "status", "invite", "remove")
"""What the menu of admins has more."""

_FEATURES = (
    Gate,
    InlineQuota,
    Pages,
    Feedback,
    Telling,
    Inviting,
    Admin,
    Adding,
    Stats,
    Privacy,
    Claims,
    Questions,
    Sources,
    Links,
    Conversations,
    Inline,
    Basics,
)

_log = logging.getLogger(__name__)


def register_handlers(application: AnyApplication, desk: Desk) -> None:
    """Have every feature take its updates."""
    for feature in _FEATURES:
        feature(desk).register(application)

    async def failed(update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Log what went wrong, and tell the person no more than that something did."""
        if isinstance(context.error, CardChangedError):
            return
        if isinstance(update, Update) and isinstance(context.error, StoreError):
            desk.drafts.put_off(update.update_id)  # whoever watches `Store.problem` says why
            return
        said = "failed"
        if isinstance(context.error, EngineError | GenerationError):
            # In one line: it may be so for all who ask.
            said = "index-away"
            _log.error("an update could not be handled: %s", context.error)
        else:
            _log.error("an update could not be handled", exc_info=context.error)
        if isinstance(update, Update):
            await _say(desk, update, said)

    application.add_error_handler(failed)


async def _say(desk: Desk, update: Update, said: str) -> None:
    """Say where its sender sees it that nothing came of a message, of a press or of what is typed.

    A press is answered before anything is done for it, so that a message has to say it.
    """
    if (query := update.inline_query) is not None:
        texts = texts_for(query.from_user.language_code)
        await desk.interactive.answer_inline(
            query.id,
            results=[],
            cache_time=0,
            is_personal=True,
            button=open_chat_button(texts(said)),
        )
    elif update.message is not None or update.callback_query is not None:
        desk.drafts.take(update.update_id)  # all of an answer, or none of it
        incoming = Incoming.from_update(update)
        if incoming is not None:
            desk.replies.say(incoming, incoming.texts(said))
