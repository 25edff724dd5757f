"""The whole bot with its state on a server that comes and goes."""

import asyncio
import logging
from pathlib import Path

import pytest

from bot.database.opening import opened
from bot.database.postgres import PostgresDatabase
from tests.bot.running import running
from tests.bot.samples import TEXT, ScriptedRetriever
from tests.botapi import BotApi
from tests.postgres import PASSWORD, PostgresServer


async def test_questions_are_answered(postgres_url: str, tmp_path: Path) -> None:
    """And nothing is kept in the state folder."""
    async with (
        BotApi() as api,
        running(api, ScriptedRetriever(), tmp_path, database_url=postgres_url),
    ):
        user = api.user()
        await user.say("was it?")
        assert TEXT in (await user.wait_reply()).text
    assert not (tmp_path / "bot.db").exists()


async def test_a_question_of_an_outage_is_answered_after_it(
    postgres: PostgresServer,
    postgres_url: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Once, without anybody's doing; what is wrong is said in the log, and no password."""
    caplog.set_level(logging.INFO)
    retriever = ScriptedRetriever()
    async with (
        BotApi() as api,
        running(api, retriever, tmp_path, database_url=postgres_url) as service,
    ):
        user = api.user()
        await user.say("was it?")
        await user.wait_reply()
        await asyncio.to_thread(postgres.stop)
        await user.say("was it so?")
        async with asyncio.timeout(30):
            while not service.health.problems:  # noqa: ASYNC110 -- it is no event
                await asyncio.sleep(0.01)
        assert not service.health.is_ready
        service.health.say()
        await asyncio.to_thread(postgres.start)
        assert TEXT in (await user.wait_reply(timeout_s=60)).text
        async with asyncio.timeout(30):
            while service.health.problems:  # noqa: ASYNC110 -- it is no event
                await asyncio.sleep(0.01)
        service.health.say()
        await user.say("and then?")
        await user.wait_reply()
        assert user.unread == []
    assert retriever.questions == ["was it?", "was it so?", "and then?"]
    assert "PostgreSQL at 127.0.0.1" in caplog.text
    assert "no longer a problem: inbox" in caplog.text
    assert PASSWORD not in caplog.text


async def test_a_server_may_start_after_the_bot(
    postgres: PostgresServer, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """It is waited for, and said so once."""
    with postgres.stopped():
        opening = asyncio.create_task(opened(PostgresDatabase.from_address(postgres_url)))
        async with asyncio.timeout(30):
            while not caplog.records:  # noqa: ASYNC110 -- it is no event
                await asyncio.sleep(0.01)
    (await opening).close()
    [said] = caplog.messages
    assert said.endswith(": trying again until it is there")
    assert "refused" in said
