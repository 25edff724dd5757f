"""The Telegram bot, put together: settings in, a polling application out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from telegram import BotCommand, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError
from telegram.ext import Application, ApplicationBuilder

from bot import texts
from bot.answering import Answering
from bot.handlers import Handlers
from bot.logs import configure_logging
from bot.ordering import InOrderPerChat
from index.errors import ConfigurationError, VerbatimError

if TYPE_CHECKING:
    from bot.handlers import AnyApplication
    from bot.settings import Settings
    from index.live import LiveRetriever
    from index.retriever import LocalRetriever

__all__ = ["TelegramUnavailableError", "build_application", "run_bot"]

_START_ATTEMPTS = 5
_CONCURRENT_UPDATES = 32  # beyond this, python-telegram-bot's HTTP client gets slower

_log = logging.getLogger(__name__)


class TelegramUnavailableError(VerbatimError):
    """The Bot API server can't be reached, or refuses to let the bot start."""


def run_bot(settings: Settings, retriever: LiveRetriever | LocalRetriever) -> None:
    """Poll Telegram and answer until a signal ends it.

    Raises:
        ConfigurationError: there is no token, or Telegram refuses it.
        TelegramUnavailableError: the Bot API server can't be reached at the start, or refuses.
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
    except TelegramError as error:
        # A refused request is a NetworkError too, to python-telegram-bot.
        is_unreachable = isinstance(error, NetworkError) and not isinstance(error, BadRequest)
        what = "can't be reached at" if is_unreachable else "refuses to start the bot at"
        raise TelegramUnavailableError(
            f"Telegram {what} {settings.telegram_api_base_url}: {error.message}"
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
        .concurrent_updates(InOrderPerChat(_CONCURRENT_UPDATES))
        .post_init(_introduce)
        .build()
    )
    Handlers(answering).register(application)
    return application


async def _introduce(application: Application[Any, Any, Any, Any, Any, Any]) -> None:
    menu = [BotCommand(name, description) for name, description in texts.COMMANDS.items()]
    try:
        await application.bot.set_my_commands(menu)
    except TelegramError as error:  # the bot answers without a menu, too
        _log.warning("the command menu could not be set: %s", error)
    _log.info("answering as @%s", application.bot.username)
