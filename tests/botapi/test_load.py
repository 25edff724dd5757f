"""Load and remote control."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.botapi.load import LoadReport, run_load
from tests.botapi.remote import RemoteBotApi, RemoteError


@pytest.fixture
async def remote() -> AsyncIterator[RemoteBotApi]:
    """Run a server in a process of its own."""
    async with RemoteBotApi() as server:
        yield server


async def echo(base_url: str, token: str, *, is_reply: bool = True) -> None:
    """Answer every message for ever, with a reply to it or a message of its own."""
    async with aiohttp.ClientSession(f"{base_url}/bot{token}/") as http:
        offset = 0
        while True:
            parameters = {"offset": offset, "timeout": 50}
            async with http.post("getUpdates", json=parameters) as response:
                updates = (await response.json())["result"]
            for update in updates:
                offset = update["update_id"] + 1
                message = update["message"]
                answer = {"chat_id": message["chat"]["id"], "text": "x"}
                if is_reply:
                    answer["reply_parameters"] = {"message_id": message["message_id"]}
                async with http.post("sendMessage", json=answer):
                    pass


@pytest.mark.parametrize("is_burst", [False, True])
@pytest.mark.parametrize("is_reply", [False, True])
async def test_every_question_is_timed(api: BotApi, *, is_burst: bool, is_reply: bool) -> None:
    """Questions are dealt out among the users, and each answer counts once."""
    bot = asyncio.create_task(echo(api.base_url, api.token, is_reply=is_reply))
    report = await run_load(api, users=3, questions=20, is_burst=is_burst, timeout_s=10)
    bot.cancel()
    assert (report.asked, report.answered) == (20, 20)
    assert (report.out_of_order, report.further_messages) == (0, 0)
    texts = [call.parameters["chat_id"] for call in api.calls.of("sendMessage")]
    assert sorted(texts.count(each) for each in set(texts)) == [6, 7, 7]


async def test_what_is_not_answered_is_told(api: BotApi) -> None:
    """After the timeout the report stands as it is."""
    report = await run_load(api, users=2, questions=4, timeout_s=0.01)
    assert (report.asked, report.answered, report.percentile_s(50)) == (2, 0, 0.0)


def test_percentiles_are_of_the_answers() -> None:
    """p50 of 1..100 ms is 51, p99 is 100: the nearest rank above."""
    report = LoadReport(asked=100, seconds=2.0, latencies_s=[n / 1000 for n in range(1, 101)])
    figures = report.to_json()
    assert (figures["p50_ms"], figures["p99_ms"], figures["max_ms"]) == (51.0, 100.0, 100.0)
    assert figures["answers_per_s"] == 50.0


async def test_another_process_is_told_what_to_do(remote: RemoteBotApi) -> None:
    """Users, load and faults are scripted by JSON lines, several commands at a time."""
    bot = asyncio.create_task(echo(remote.base_url, remote.token))
    await remote.do("wait_for_poller")
    user = await remote.do("user", first_name="Ada")
    waiting = asyncio.create_task(remote.do("wait_reply", user=user))
    await remote.do("say", user=user, text="why?")
    assert (await waiting)["text"] == "x"
    await remote.do("fault", method="sendMessage", code=403, description="Forbidden: no")
    await remote.do("fault", method="sendMessage", nth=2, ending="html", code=502)
    await remote.do("latency", seconds=0.001)
    figures = await remote.do("load", users=5, questions=20, timeout_s=0.5, texts=["a", "b"])
    assert figures["asked"] - figures["answered"] == 2
    assert len(figures["latencies_s"]) == figures["answered"]
    status = await remote.do("status")
    assert status["calls"]["sendMessage"]["refused"] == 2
    bot.cancel()


async def test_commands_that_fail_say_why(remote: RemoteBotApi) -> None:
    """An error comes back as text, and the server goes on."""
    with pytest.raises(RemoteError, match="no command 'dance'"):
        await remote.do("dance")
    with pytest.raises(RemoteError, match="IndexError"):
        await remote.do("say", user=7, text="x")
    await remote.do("clear_faults")
    await remote.do("rates", overall_per_s=1)
    await remote.do("advance", seconds=60)
    await remote.do("stop_listening")
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectorError):
            await http.get(f"{remote.base_url}/bot{remote.token}/getMe")
        await remote.do("start")
        async with http.get(f"{remote.base_url}/bot{remote.token}/getMe") as response:
            assert response.status == 200


async def test_a_server_that_is_not_running_is_said() -> None:
    """Outside its context there is nobody to ask."""
    with pytest.raises(RemoteError, match="not running"):
        await RemoteBotApi().do("status")
