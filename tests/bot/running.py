"""A bot that runs in the test's own loop, over a scripted retriever."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, cast

from bot.app import build_application
from bot.database.choosing import database_of
from bot.database.store import Store
from bot.delivery.drafts import Drafts
from bot.delivery.http import AiohttpRequest
from bot.delivery.service import Service
from bot.desk import desk_of
from bot.handlers import register_handlers
from bot.questions.answering import Answering
from bot.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

    from bot.desk import Desk
    from bot.questions.answerer import Answerer
    from tests.bot.samples import ScriptedRetriever
    from tests.botapi import BotApi


@asynccontextmanager
async def running(
    api: BotApi,
    retriever: ScriptedRetriever | Answerer,
    state_dir: Path,
    *,
    per_s: int = 1000,
    chat_per_s: int = 1000,
    is_polling: bool = True,
    patience_s: float = 5.0,
    features: Sequence[Callable[[Desk], Any]] = (),
    **settings: Any,
) -> AsyncIterator[Service]:
    """Let the bot poll; unless told otherwise it is not paced and answers the oldest question.

    Where it does not poll, updates may be given to it. `features` are asked before those that the
    bot has.
    """
    given = Settings.model_validate({"state_dir": state_dir, "stale_after_s": 10**9} | settings)
    answering = Answering(cast("Answerer", retriever), hits=3)
    drafts, polls = Drafts(), AiohttpRequest()
    application = build_application(token=api.token, api_base_url=f"{api.base_url}/")
    try:
        async with application, polls:
            service = Service(
                application,
                drafts,
                store=Store(database_of(given)),
                per_s=per_s,
                chat_per_s=chat_per_s,
                files_dir=given.seeds_dir,
            )
            desk = desk_of(given, answering, drafts, service)
            for feature in features:
                feature(desk).register(application)
            register_handlers(application, desk)
            try:
                await service.join(is_polling=is_polling, patience_s=patience_s)
                await service.resume()
                if is_polling:
                    service.poll(polls)
                yield service
            finally:
                await service.stop(deadline_s=5)
    finally:
        answering.close()
