"""The Telegram bot, put together: settings in, a bot that answers until a signal ends it."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from telegram.ext import ApplicationBuilder

from bot.database.choosing import database_of
from bot.database.opening import opened
from bot.delivery.alone import alone
from bot.delivery.drafts import Drafts
from bot.delivery.http import AiohttpRequest
from bot.delivery.reaching import ask_for
from bot.delivery.service import KINDS, Service
from bot.desk import desk_of
from bot.errors import TokenRefusedError
from bot.handlers import register_handlers
from bot.logs import configure_logging
from bot.menus import introduce
from bot.questions.answering import Answering
from index.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.handlers import AnyApplication
    from bot.questions.answerer import Answerer
    from bot.settings import Settings

__all__ = ["build_application", "run_bot"]

_CONNECTIONS = 100
_HITS = 10  # to page through; those that don't come close are not offered
_HANDOVER_S = 5.0

_log = logging.getLogger(__name__)


def run_bot(settings: Settings, retriever: Answerer) -> None:
    """Answer on Telegram until a signal ends it.

    Raises:
        ConfigurationError: there is no token, or an address to listen at can't be used.
        StateFolderError: the bot's own file can't be opened.
        TelegramUnavailableError: the Bot API server can't be reached at the start, or refuses.
        TokenRefusedError: Telegram does not know the token, now or later.
    """
    if settings.telegram_bot_token is None:
        raise ConfigurationError(
            "TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather and put it in .env"
        )
    token = settings.telegram_bot_token.get_secret_value()
    configure_logging(settings.log_level, secrets=_secrets(settings))
    retriever.warm_up()  # before updates come in, so that nobody waits for the model
    answering = Answering(retriever, hits=_HITS)
    try:
        asyncio.run(_run(settings, token, answering))
    finally:
        answering.close(timeout_s=1.0)


def build_application(*, token: str, api_base_url: str) -> AnyApplication:
    """Return a python-telegram-bot application, which only dispatches here; no handlers yet."""
    return (
        ApplicationBuilder()
        .token(token)
        .base_url(f"{api_base_url.rstrip('/')}/bot")
        .base_file_url(f"{api_base_url.rstrip('/')}/file/bot")
        .request(AiohttpRequest(connections=_CONNECTIONS))
        .get_updates_request(AiohttpRequest(connections=2))
        .updater(None)
        .build()
    )


async def _run(settings: Settings, token: str, answering: Answering) -> None:
    ended = _ended_by_signals()
    drafts = Drafts()
    application = build_application(token=token, api_base_url=settings.telegram_api_base_url)
    polls = AiohttpRequest(connections=2)
    await polls.initialize()
    try:
        starting = asyncio.create_task(_start(application, settings))
        if not await _first_of(ended.wait(), starting):
            return
        patience_s = settings.shutdown_s + _HANDOVER_S
        with ExitStack() as held:
            if settings.database_url is None:
                locking = asyncio.create_task(
                    alone(settings.state_dir, application.bot.id, patience_s=patience_s)
                )
                if not await _first_of(ended.wait(), locking):
                    return
                held.callback(locking.result())
            opening = asyncio.create_task(opened(database_of(settings)))
            if not await _first_of(ended.wait(), opening):
                return
            service = Service(
                application,
                drafts,
                store=opening.result(),
                per_s=settings.messages_per_second,
                chat_per_s=settings.chat_messages_per_second,
                files_dir=settings.seeds_dir,
                index_problem=lambda: answering.problem,
            )
            register_handlers(application, desk_of(settings, answering, drafts, service))
            joining = asyncio.create_task(
                service.join(is_polling=settings.webhook_url is None, patience_s=patience_s)
            )
            try:
                if await _first_of(ended.wait(), joining):
                    await _answer(settings, application, service, polls, ended)
            finally:
                await service.stop(deadline_s=settings.shutdown_s)
    finally:
        await application.shutdown()
        await polls.shutdown()
        # A start that failed leaves the library's requests open.
        for request in application.bot._request:  # noqa: SLF001
            await request.shutdown()


async def _answer(
    settings: Settings,
    application: AnyApplication,
    service: Service,
    polls: AiohttpRequest,
    ended: asyncio.Event,
) -> None:
    """Take and answer updates until a signal or a refused token.

    Raises:
        TokenRefusedError: Telegram knows the token no more.
    """
    choosing = asyncio.create_task(_choose_delivery(application, settings))
    if not await _first_of(ended.wait(), choosing):
        return
    if settings.health_port is not None:
        await service.show_health(settings.listen_host, settings.health_port)
    resuming = asyncio.create_task(service.resume())
    if not await _first_of(ended.wait(), resuming):
        return
    refused = asyncio.create_task(_refused(service))
    if settings.webhook_url is None:
        await _first_of(ended.wait(), refused, service.poll(polls))
        return
    await service.listen(
        settings.listen_host,
        settings.webhook_port,
        path=urlsplit(settings.webhook_url).path,
        secret=_webhook_secret(settings),
    )
    await _first_of(ended.wait(), refused)


async def _refused(service: Service) -> None:
    await service.refused.wait()
    raise TokenRefusedError


async def _start(application: AnyApplication, settings: Settings) -> None:
    """Get to know the bot, and have people know its commands."""
    await ask_for(application.initialize, settings.telegram_api_base_url)
    await introduce(application, settings.admin_ids)


async def _choose_delivery(application: AnyApplication, settings: Settings) -> None:
    """Have updates go where this program takes them, now that no other does so elsewhere."""
    bot = application.bot

    async def choose() -> Any:
        if settings.webhook_url is None:
            return await bot.delete_webhook()
        return await bot.set_webhook(
            settings.webhook_url,
            secret_token=_webhook_secret(settings),
            allowed_updates=list(KINDS),
        )

    await ask_for(choose, settings.telegram_api_base_url)


async def _first_of(end: Awaitable[Any], *others: asyncio.Task[Any]) -> bool:
    """Wait for the first to end and raise what it raises; tell whether one of `others` was it."""
    waiting = asyncio.ensure_future(end)
    done, _ = await asyncio.wait({waiting, *others}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    for task in others:
        if task in done:
            task.result()
        else:
            task.cancel()
    await asyncio.gather(waiting, *others, return_exceptions=True)
    return waiting not in done


def _ended_by_signals() -> asyncio.Event:
    """Return an event that the first SIGTERM or SIGINT sets; the second ends the process."""
    ended = asyncio.Event()

    def end(number: int) -> None:
        if ended.is_set():
            logging.shutdown()
            os._exit(128 + number)
        _log.info("ending: finishing what is in flight; a second signal ends at once")
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows
            asyncio.get_running_loop().add_signal_handler(number, end, number)
    return ended


def _secrets(settings: Settings) -> list[str]:
    """Return what no log may hold."""
    given = (
        settings.telegram_bot_token,
        settings.webhook_secret,
        settings.database_url,
        settings.index_token,
    )
    return [secret.get_secret_value() for secret in given if secret is not None]


def _webhook_secret(settings: Settings) -> str:
    return settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
