"""Updates delivered to a webhook.

Source: tdlib/telegram-bot-api, WebhookActor.cpp; Bot API, setWebhook, "Making requests when
getting updates".
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from tests.botapi import BotApi
from tests.botapi.conftest import Caller

Reply = Callable[[dict[str, Any]], web.Response]


class Hook:
    """A bot behind a proxy: it records what it gets, and answers as it is told."""

    def __init__(self) -> None:
        self.received: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.reply: Reply = lambda _: web.Response()
        self.gate: asyncio.Event | None = None
        self.at_once = self.most_at_once = 0

    async def handle(self, request: web.BaseRequest) -> web.Response:
        """Take one update."""
        update = json.loads(await request.read())
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.received.put_nowait(update)
        if self.gate is not None:
            await self.gate.wait()
        self.at_once -= 1
        return self.reply(update)

    async def next_text(self) -> str:
        """Return the text of the next message that comes."""
        async with asyncio.timeout(2):
            text: str = (await self.received.get())["message"]["text"]
            return text


@pytest.fixture
async def hook(api: BotApi) -> AsyncIterator[Hook]:
    """Listen for updates behind https://bot.example."""
    hook = Hook()
    runner = web.ServerRunner(web.Server(hook.handle), shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    api.proxy("https://bot.example", to=f"http://127.0.0.1:{runner.addresses[0][1]}")
    yield hook
    await api.account.delivery.stop()
    await runner.cleanup()


async def set_webhook(call: Caller, **arguments: Any) -> None:
    """Set it to where the hook listens."""
    answer = await call("setWebhook", url="https://bot.example/hook", **arguments)
    assert answer["ok"]


async def taken(api: BotApi) -> None:
    """Wait until nothing is pending."""
    async with asyncio.timeout(2):
        while api.updates.pending_count:  # noqa: ASYNC110 -- the queue has no event for it
            await asyncio.sleep(0.005)


async def test_updates_are_delivered_with_the_secret(
    api: BotApi, call: Caller, hook: Hook
) -> None:
    """What is pending comes first; a 2xx confirms; the secret is in a header."""
    ada = api.user()
    await ada.say("before")
    await set_webhook(call, secret_token="s3cret")
    await ada.say("after")
    assert [await hook.next_text(), await hook.next_text()] == ["before", "after"]
    await taken(api)
    assert hook.secrets == ["s3cret", "s3cret"]
    assert (await call("getUpdates"))["error_code"] == 409


async def test_what_is_not_taken_comes_again(api: BotApi, call: Caller, hook: Hook) -> None:
    """At once, then after 2 s, 4 s, ...: until a 2xx. The error is told by getWebhookInfo."""
    hook.reply = lambda _: web.Response(status=500)
    await set_webhook(call)
    await api.user().say("why?")
    await hook.next_text()
    await hook.next_text()
    for wait_s in (2, 4, 8):
        await asyncio.sleep(0.03)
        assert hook.received.empty()
        api.clock.advance(wait_s - 0.5)
        await asyncio.sleep(0.03)
        assert hook.received.empty()
        api.clock.advance(0.6)
        await hook.next_text()
    info = (await call("getWebhookInfo"))["result"]
    assert info["pending_update_count"] == 1
    assert info["last_error_message"] == (
        "Wrong response from the webhook: 500 Internal Server Error"
    )
    assert info["last_error_date"] <= api.clock.now()
    hook.reply = lambda _: web.Response(status=204)
    await asyncio.sleep(0.03)
    api.clock.advance(17)
    await taken(api)


async def test_retry_after_is_honoured(api: BotApi, call: Caller, hook: Hook) -> None:
    """A Retry-After header says how long to wait, an hour at most."""
    hook.reply = lambda _: web.Response(status=429, headers={"Retry-After": "30"})
    await set_webhook(call)
    await api.user().say("why?")
    await hook.next_text()
    await asyncio.sleep(0.03)
    api.clock.advance(29)
    await asyncio.sleep(0.03)
    assert hook.received.empty()
    api.clock.advance(2)
    await hook.next_text()


async def test_a_chat_waits_for_itself_only(api: BotApi, call: Caller, hook: Hook) -> None:
    """Updates of one chat go one after another, those of others are not held up."""
    hook.gate = asyncio.Event()
    ada, bob = api.user("Ada"), api.user("Bob")
    await set_webhook(call)
    await ada.say("a1")
    await ada.say("a2")
    await bob.say("b1")
    assert {await hook.next_text(), await hook.next_text()} == {"a1", "b1"}
    assert hook.received.empty()
    hook.gate.set()
    assert await hook.next_text() == "a2"


async def test_connections_are_limited(api: BotApi, call: Caller, hook: Hook) -> None:
    """At most max_connections updates are under way (Bot API, setWebhook)."""
    hook.gate = asyncio.Event()
    await set_webhook(call, max_connections=2)
    for number in range(4):
        await api.user().say(str(number))
    await hook.next_text()
    await hook.next_text()
    await asyncio.sleep(0.03)
    assert hook.received.empty()
    hook.gate.set()
    await taken(api)
    assert hook.most_at_once == 2


async def test_a_bot_that_is_down_is_waited_for(api: BotApi, call: Caller) -> None:
    """No listener, no host: both are errors that getWebhookInfo tells."""
    await set_webhook(call)
    await api.user().say("why?")
    await asyncio.sleep(0.03)
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"].startswith("Failed to resolve host")
    api.proxy("https://bot.example", to="http://127.0.0.1:9")
    api.clock.advance(3)
    await asyncio.sleep(0.05)
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Connection refused"
    assert info["pending_update_count"] == 1


async def test_the_answer_may_be_a_call(api: BotApi, call: Caller, hook: Hook) -> None:
    """A method in the body of a 2xx is done, though nobody learns its result."""
    ada = api.user()

    def reply(update: dict[str, Any]) -> web.Response:
        method = update["message"]["text"]
        body = {"method": method, "chat_id": ada.id, "text": "because"}
        return web.Response(body=json.dumps(body).encode(), content_type="application/json")

    hook.reply = reply
    await set_webhook(call)
    for method in ("sendmessage", "getMe", "deleteWebhook", "nothing"):
        await ada.say(method)
    assert (await ada.wait_reply(timeout_s=2)).text == "because"
    await taken(api)
    await asyncio.sleep(0.02)
    [replied] = [each for each in api.calls.latest(9) if each.is_webhook_reply]
    assert replied.method == "sendMessage"
    assert (await call("getWebhookInfo"))["result"]["url"]


async def test_the_webhook_can_be_removed(api: BotApi, call: Caller, hook: Hook) -> None:
    """An empty URL removes it as deleteWebhook does; what is pending stays for getUpdates."""
    hook.reply = lambda _: web.Response(status=500)
    ada = api.user()
    for remove in (("setWebhook", {"url": ""}), ("deleteWebhook", {})):
        await set_webhook(call)
        await ada.say("why?")
        await hook.next_text()
        assert (await call(remove[0], **remove[1]))["ok"]
    assert len((await call("getUpdates"))["result"]) == 2
