"""What is wrong is said: in the log, by the exit status, and to whoever asks over HTTP."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi, bad_gateway, refusal
from tests.e2e.conftest import TIMEOUT_S
from tests.e2e.delivering import FAST, bot_process, echoed
from tests.ports import free_port

pytestmark = pytest.mark.e2e

REFUSED = "verbatim: Telegram refuses TELEGRAM_BOT_TOKEN: ask @BotFather"


async def asked(port: int, path: str) -> tuple[int, dict[str, Any]]:
    """Return the status and the body of a health endpoint."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/{path}") as response,
    ):
        return response.status, await response.json()


async def until(port: int, path: str, status: int) -> dict[str, Any]:
    """Ask until the endpoint answers with a status; return the body."""
    async with asyncio.timeout(TIMEOUT_S):
        while True:
            with contextlib.suppress(aiohttp.ClientConnectorError):  # it does not listen yet
                found, body = await asked(port, path)
                if found == status:
                    return body
            await asyncio.sleep(0.1)


LOCKER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.readline()
"""


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Let nobody else write a database within the block."""
    lock = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", LOCKER, str(file)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert lock.stdout is not None
    await lock.stdout.readline()
    yield
    await lock.communicate(b"\n")


async def test_a_revoked_token_ends_with_one_line(tmp_path: Path) -> None:
    """A token revoked while the bot polls ends it: status 1, one clear line, no traceback."""
    async with BotApi() as api, bot_process(api, tmp_path) as bot:
        await api.updates.wait_for_poller()
        api.revoke_token()
        assert await bot.ended() == 1
        assert bot.log.count(REFUSED) == 1
        assert "Traceback" not in bot.log


async def test_a_revoked_token_at_the_start_ends_with_one_line(tmp_path: Path) -> None:
    """A token that was revoked before is the same, before anything else is done."""
    async with BotApi() as api:
        api.revoke_token()
        async with bot_process(api, tmp_path) as bot:
            assert await bot.ended() == 1
            assert bot.log.splitlines()[-1].startswith(REFUSED)
            assert "Traceback" not in bot.log


async def test_health_is_served_when_asked_for(tmp_path: Path) -> None:
    """Both endpoints say that all is well once the bot polls."""
    port = free_port()
    async with BotApi() as api, bot_process(api, tmp_path, HEALTH_PORT=str(port)):
        await api.updates.wait_for_poller()
        await api.user().say("hello")
        well = {"ok": True, "problems": {}, "stopping": False}
        assert await until(port, "readyz", 200) == well
        assert await asked(port, "healthz") == (200, well)


async def test_a_conflict_that_ends_is_got_over(tmp_path: Path) -> None:
    """Another program's single poll costs nothing but a try."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        api.faults.add("getUpdates", fault=refusal(409))
        user = api.user()
        await user.say("hello")
        assert echoed(await user.wait_reply()) == "hello"


async def test_a_conflict_that_persists_is_visible(tmp_path: Path) -> None:
    """A second program that goes on polling is said once in the log, and by both endpoints."""
    port = free_port()
    async with BotApi() as api, bot_process(api, tmp_path, HEALTH_PORT=str(port)) as bot:
        api.faults.add("getUpdates", fault=refusal(409), times=None)
        await api.user().say("hello")  # ends the poll that waits
        body = await until(port, "healthz", 503)
        assert list(body["problems"]) == ["conflict"]
        assert (await asked(port, "readyz"))[0] == 503
        await bot.wait_log("another program gets this bot's updates")
        assert bot.log.count("another program gets this bot's updates") == 1
        assert bot.status is None


async def test_a_poller_that_hears_nothing_is_visible(tmp_path: Path) -> None:
    """A minute (here three seconds) without a poll that succeeds is said once, until one does."""
    port = free_port()
    settings = {"HEALTH_PORT": str(port), "SCRIPTED_DEAF_AFTER_S": "3", "SCRIPTED_POLL_S": "1"}
    async with BotApi() as api, bot_process(api, tmp_path, **settings, **FAST) as bot:
        await api.updates.wait_for_poller()
        api.faults.add("getUpdates", fault=bad_gateway(), times=None)
        user = api.user()
        await user.say("hello")  # ends the poll that waits
        body = await until(port, "healthz", 503)
        assert list(body["problems"]) == ["deaf"]
        assert (await asked(port, "readyz"))[0] == 503
        await bot.wait_log("ERROR bot.delivery.health: no poll has succeeded for ")
        api.faults.clear()
        assert echoed(await user.wait_reply(timeout_s=30)) == "hello"
        await bot.wait_log("no longer a problem: deaf")
        assert bot.log.count("no poll has succeeded for ") == 1


async def test_a_second_process_waits_for_the_first(tmp_path: Path) -> None:
    """Two on one queue would send everything twice: the second begins when the first has ended."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as first:
        async with bot_process(api, tmp_path, SHUTDOWN_S="0", **FAST) as refused:
            assert await refused.ended() == 1
            assert refused.log.splitlines()[-1].endswith("stop that process first")
            assert "Traceback" not in refused.log
        async with bot_process(api, tmp_path, **FAST) as second:
            await second.wait_log("waiting for its end")
            user = api.user()
            await user.say("hello")
            assert echoed(await user.wait_reply()) == "hello"
            assert await first.end() == 0
            await user.say("again")
            assert echoed(await user.wait_reply()) == "again"
            assert await second.end() == 0


async def test_an_unwritable_inbox_confirms_nothing(tmp_path: Path) -> None:
    """While updates can't be written they stay with Telegram; it is visible, and it passes."""
    port = free_port()
    settings = {"HEALTH_PORT": str(port), "STATE_DIR": str(tmp_path / "state")}
    async with BotApi() as api, bot_process(api, tmp_path, **settings, **FAST) as bot:
        user = api.user()
        await user.say("first")
        assert echoed(await user.wait_reply()) == "first"
        async with locked(tmp_path / "state" / "bot.db"):
            await user.say("second")
            body = await until(port, "healthz", 503)
            assert list(body["problems"]) == ["inbox"]
            assert api.updates.pending_count == 1
            await bot.wait_log("bot.db can't be written")
        assert echoed(await user.wait_reply(timeout_s=30)) == "second"
        await until(port, "healthz", 200)


async def test_a_state_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    """A bot that could lose questions does not start: status 1, one line."""
    (tmp_path / "state").write_text("a file")
    async with (
        BotApi() as api,
        bot_process(api, tmp_path, STATE_DIR=str(tmp_path / "state")) as bot,
    ):
        assert await bot.ended() == 1
        assert ".lock can't be made: " in bot.log.splitlines()[-1]
        assert "Traceback" not in bot.log
    shutil.rmtree(tmp_path, ignore_errors=True)
