"""The command menus, in each language; admins have more in theirs."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from telegram import BotCommand, BotCommandScope, BotCommandScopeChat
from telegram.error import TelegramError

from bot.handlers import ADMIN_COMMANDS, COMMANDS
from bot.texts import ENGLISH, LANGUAGES, texts_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.handlers import AnyApplication

__all__ = ["introduce"]

_log = logging.getLogger(__name__)


async def introduce(application: AnyApplication, admin_ids: Iterable[int] = ()) -> None:
    """Set the command menus in each language, without which the bot answers, too."""
    try:
        await _set_menu(application, COMMANDS)
    except TelegramError as error:
        _log.warning("the command menu could not be set: %s", error)
    for admin_id in admin_ids:
        try:
            await _set_menu(
                application, (*COMMANDS, *ADMIN_COMMANDS), BotCommandScopeChat(admin_id)
            )
        except TelegramError as error:  # most often an admin who has not written to the bot yet
            _log.info("an admin's command menu could not be set: %s", error)
    _log.info("answering as @%s", application.bot.username)


async def _set_menu(
    application: AnyApplication, names: Iterable[str], scope: BotCommandScope | None = None
) -> None:
    for language in LANGUAGES:
        texts = texts_for(language)
        menu = [BotCommand(name, texts(f"command-{name}")) for name in names]
        code = None if texts is ENGLISH else language  # the menu of all other languages
        await application.bot.set_my_commands(menu, scope=scope, language_code=code)
