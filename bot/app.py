"""The Telegram bot, put together: settings in, a polling application out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from telegram import BotCommand, Update
from telegram.error import InvalidToken, NetworkError
from telegram.ext import Application, ApplicationBuilder

from bot import texts
from bot.answering import Answering
from bot.handlers import Handlers
from bot.logs import configure_logging
from index.errors import ConfigurationError, VerbatimError

if TYPE_CHECKING:
    from bot.handlers import AnyApplication
    from bot.settings import Settings
    from index.retriever import LocalRetriever

__all__ = ["TelegramUnreachableError", "build_application", "run_bot"]

_START_ATTEMPTS = 5

_log = logging.getLogger(__name__)


class TelegramUnreachableError(VerbatimError):
    """The Bot API server can't be reached."""


def run_bot(settings: Settings, retriever: LocalRetriever) -> None:
    """Poll Telegram and answer until a signal ends it.

    Raises:
        ConfigurationError: there is no token, or Telegram refuses it.
        TelegramUnreachableError: the Bot API server can't be reached at the start.
    """
    if settings.telegram_bot_token is None:
        raise ConfigurationError(
            "TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it in .env"
        )
    token = settings.telegram_bot_token.get_secret_value()
    configure_logging(settings.log_level, secrets=[token])
    retriever.warm_up()  # before polling begins, so that nobody waits for the model
    answering = Answering(retriever, hits=settings.hits)
    application = build_application(
        token=token, api_base_url=settings.telegram_api_base_url, answering=answering
    )
    try:
        application.run_polling(
            allowed_updates=[Update.MESSAGE], bootstrap_retries=_START_ATTEMPTS
        )
    except InvalidToken:
        raise ConfigurationError(
            "Telegram refuses TELEGRAM_BOT_TOKEN: ask @BotFather for the bot's current token"
        ) from None
    except NetworkError as error:
        raise TelegramUnreachableError(
            f"Telegram can't be reached at {settings.telegram_api_base_url}: {error.message}"
        ) from None
    finally:
        answering.close()


def build_application(*, token: str, api_base_url: str, answering: Answering) -> AnyApplication:
    """Wire the handlers to a python-telegram-bot application."""
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_base_url.rstrip('/')}/bot")
        .base_file_url(f"{api_base_url.rstrip('/')}/file/bot")
        .post_init(_introduce)
        .build()
    )
    Handlers(answering).register(application)
    return application


async def _introduce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    await application.bot.set_my_commands(
        [BotCommand(name, description) for name, description in texts.COMMANDS.items()]
    )
    _log.info("answering as @%s", application.bot.username)
