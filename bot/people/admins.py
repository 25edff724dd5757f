"""Who maintains the bot in the chat: people by their ids, never by what they say of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram.ext import filters

if TYPE_CHECKING:
    from telegram import CallbackQuery

    from bot.settings import Settings

__all__ = ["is_by_admin", "sent_by_admins"]


def sent_by_admins(settings: Settings) -> filters.BaseFilter:
    """Return what lets new messages of admins through; others fall to the handlers behind.

    Whoever writes in the name of a group or a channel is nobody: Telegram doesn't tell who it is.
    """
    admins = filters.User(list(settings.admin_ids), allow_empty=False)
    return filters.UpdateType.MESSAGE & admins & ~filters.SenderChat.ALL


def is_by_admin(query: CallbackQuery, settings: Settings) -> bool:
    """Whether an admin pressed, whoever the button was meant for."""
    return query.from_user.id in settings.admin_ids
