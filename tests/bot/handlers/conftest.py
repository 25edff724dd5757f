"""Fixtures for the tests of handlers."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from bot.delivery.service import Service
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever
from tests.botapi import BotApi

Run: TypeAlias = Callable[..., AbstractAsyncContextManager[Service]]


@pytest.fixture
def run(api: BotApi, retriever: ScriptedRetriever, tmp_path: Path) -> Run:
    """Return a function that starts the bot with settings, always with the same state.

    The server and the retriever are those of the module.
    """

    @asynccontextmanager
    async def started(**settings: Any) -> AsyncIterator[Service]:
        async with running(api, retriever, tmp_path, **settings) as service:
            yield service

    return started
