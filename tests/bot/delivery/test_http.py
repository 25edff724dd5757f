"""The HTTP client's errors say what may be sent again."""

import asyncio
import socket

import pytest
from telegram import Bot, InputFile
from telegram.error import TelegramError

from bot.delivery.http import AiohttpRequest
from bot.errors import FloodError, NotSentError, ServerFailedError, UnclearError
from tests.botapi import (
    BotApi,
    Fault,
    bad_gateway,
    disconnect,
    refusal,
    silence,
    truncated,
)
from tests.botapi.server import TOKEN

CASES = {
    "429": (refusal(429, retry_after=7), FloodError),
    "429 without a wait": (refusal(429, "Too Many Requests"), FloodError),
    "500": (refusal(500), ServerFailedError),
    "502 with HTML": (bad_gateway(), ServerFailedError),
    "503": (refusal(503), ServerFailedError),
    "504": (refusal(504), UnclearError),
    "closed": (disconnect(has_effect=True), UnclearError),
    "reset": (disconnect(has_effect=True, is_reset=True), UnclearError),
    "truncated": (truncated(), UnclearError),
    "silent": (silence(), UnclearError),
}


def bot_of(url: str) -> Bot:
    """Return a bot of the library over our client."""
    return Bot(TOKEN, f"{url}/bot", request=AiohttpRequest())


@pytest.mark.parametrize(("fault", "kind"), CASES.values(), ids=CASES.keys())
async def test_each_failure_has_its_kind(fault: Fault, kind: type[TelegramError]) -> None:
    """What was refused is told from what may have been done, and nothing shows the token."""
    async with BotApi() as api, bot_of(api.base_url) as bot:
        api.faults.add("getMe", fault=fault)
        with pytest.raises(kind) as caught:
            await bot.get_me(read_timeout=0.3)
        assert type(caught.value) is kind
        assert TOKEN.partition(":")[2] not in repr(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None
        assert (await bot.get_me()).username == "verbatim_test_bot"


async def test_the_wait_of_a_429_is_known() -> None:
    """The seconds are those of the answer, five where it says nothing."""
    async with BotApi() as api, bot_of(api.base_url) as bot:
        for fault, seconds in ((CASES["429"][0], 7), (CASES["429 without a wait"][0], 5)):
            api.faults.add("getMe", fault=fault)
            with pytest.raises(FloodError) as caught:
                await bot.get_me()
            assert caught.value.retry_after_s == seconds


async def test_a_refused_connection_sent_nothing() -> None:
    """Where nobody listens, nothing can have been done."""
    with socket.socket() as taken:  # bound and not listening
        taken.bind(("127.0.0.1", 0))
        request = AiohttpRequest()
        async with request:
            with pytest.raises(NotSentError):
                await request.post(f"http://127.0.0.1:{taken.getsockname()[1]}/bot{TOKEN}/getMe")


async def test_a_proxy_that_does_not_connect_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it refuses to hand on has not left."""

    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    async with (
        await asyncio.start_server(refuse, "127.0.0.1") as proxy,
        AiohttpRequest() as client,
    ):
        port = proxy.sockets[0].getsockname()[1]
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        with pytest.raises(NotSentError, match="502"):
            await client.post(f"https://telegram.example/bot{TOKEN}/getMe")


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"\xff", b"[" * 100_000])
def test_an_answer_that_says_nothing_is_unclear(body: bytes) -> None:
    """A page in the place of an answer does not tell whether it was done."""
    with pytest.raises(UnclearError):
        AiohttpRequest.parse_json_payload(body)


async def test_waiting_for_a_connection_sent_nothing() -> None:
    """A request that never got a place in the pool was not sent."""
    async with BotApi() as api, AiohttpRequest(connections=1) as request:
        url = f"{api.base_url}/bot{TOKEN}/getMe"
        api.faults.add("getMe", fault=silence())
        with pytest.raises(UnclearError):
            await request.post(url, read_timeout=0.3)
        await request.post(url)


async def test_a_closed_client_sends_nothing() -> None:
    """Before it is opened and after it is closed."""
    with pytest.raises(NotSentError):
        await AiohttpRequest().post("http://127.0.0.1:1/")


async def test_files_are_uploaded() -> None:
    """A document arrives with its name and its caption."""
    async with BotApi() as api, bot_of(api.base_url) as bot:
        user = api.user()
        await user.say("/start")
        document = InputFile(b"some words", filename="notes.txt")
        await bot.send_document(user.id, document, caption="here")
        message = await user.wait_reply()
        assert message.text == "here"
        assert message.document is not None
