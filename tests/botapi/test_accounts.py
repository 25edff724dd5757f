"""One server, one or more bots: their tokens, how far away they are, and what grows stale."""

import asyncio

import aiohttp
import pytest

from tests.botapi import BotApi, refusal
from tests.botapi.conftest import Caller


async def test_logging_out_ends_it(api: BotApi, call: Caller) -> None:
    """Close works after ten minutes, and after logOut nothing does (Bot API, close, logOut)."""
    early = await call("close")
    assert early["error_code"] == 429
    assert 0 < early["parameters"]["retry_after"] <= 600
    api.clock.advance(601)
    assert (await call("close"))["result"] is True
    assert (await call("logOut"))["result"] is True
    assert (await call("getMe"))["description"] == "Logged out"


async def test_bots_do_not_share_a_world(
    api: BotApi, call: Caller, http: aiohttp.ClientSession
) -> None:
    """Two bots on one server have users, chats, queues and faults of their own."""
    other = api.add_bot("42:other-token", username="other_bot")
    user = other.user("Ada")
    await user.say("hello")
    api.faults.add(times=None, fault=refusal(500))
    async with http.get(f"{api.base_url}/bot{other.token}/getUpdates") as response:
        assert len((await response.json())["result"]) == 1
    assert (await call("getUpdates"))["error_code"] == 500
    assert (len(other.calls.of("getUpdates")), len(api.calls.of("getUpdates"))) == (1, 1)


async def test_latency_is_added_to_every_call(call: Caller, api: BotApi) -> None:
    """A benchmark asks how the bot does with a server that is far away."""
    api.latency_s = 0.05
    started = asyncio.get_running_loop().time()
    await call("getMe")
    assert asyncio.get_running_loop().time() - started >= 0.05


async def test_a_revoked_token_ends_the_poll(api: BotApi, call: Caller) -> None:
    """After /revoke the poll that waits is 401 as well, and calls are still recorded."""
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await api.updates.wait_for_poller()
    api.revoke_token()
    assert (await poll)["error_code"] == 401
    await call("sendMessage", chat_id=1, text="x")
    assert api.calls.of("sendMessage")[0].error_code == 401


async def test_deep_links_have_a_limit(api: BotApi) -> None:
    """A payload has up to 64 of A-Z, a-z, 0-9, _ and - (Bot API, "Deep linking")."""
    ada = api.user()
    assert (await ada.start("a" * 64)).text == f"/start {'a' * 64}"
    for payload in ("a" * 65, "a b", "ä"):
        with pytest.raises(ValueError, match="at most 64"):
            await ada.start(payload)


async def test_an_answer_to_a_press_may_come_too_late(api: BotApi, call: Caller) -> None:
    """A callback query grows stale; how soon is not published (Bot API, CallbackQuery)."""
    ada = api.user()
    press = await ada.press(await ada.say("x"), data="d")
    api.clock.advance(151)
    late = await call("answerCallbackQuery", callback_query_id=press.query_id)
    assert "query is too old" in late["description"]
