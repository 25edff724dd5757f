"""Faults by script: what the client sees, and whether the call took effect."""

import asyncio

import aiohttp
import pytest

from tests.botapi import (
    ApiError,
    BotApi,
    Fault,
    ScriptedUser,
    bad_gateway,
    delay,
    disconnect,
    refusal,
    silence,
    truncated,
)
from tests.botapi.conftest import Caller


@pytest.fixture
async def ada(api: BotApi) -> ScriptedUser:
    """Return a user whom the bot can write to."""
    user = api.user("Ada")
    await user.start()
    return user


async def test_a_refusal_has_its_parameters(api: BotApi, call: Caller, ada: ScriptedUser) -> None:
    """The nth call is refused, without an effect; those before and after are not."""
    api.faults.add("sendMessage", nth=2, fault=refusal(429, retry_after=7))
    answers = [await call("sendMessage", chat_id=ada.id, text=str(n)) for n in range(3)]
    assert [each["ok"] for each in answers] == [True, False, True]
    assert (answers[1]["description"], answers[1]["parameters"]) == (
        "Too Many Requests: retry after 7",
        {"retry_after": 7},
    )
    assert [each.text for each in ada.unread] == ["0", "2"]


async def test_a_fault_may_be_for_one_chat(api: BotApi, call: Caller, ada: ScriptedUser) -> None:
    """With chat_id only calls for that chat fail, with times None until the script is cleared."""
    bob = api.user("Bob")
    await bob.start()
    api.faults.add("sendMessage", chat_id=bob.id, times=None, fault=refusal(403))
    for _ in range(2):
        assert (await call("sendMessage", chat_id=ada.id, text="x"))["ok"]
        answer = await call("sendMessage", chat_id=bob.id, text="x")
        assert answer["description"] == "Forbidden: bot was blocked by the user"
    api.faults.clear()
    assert (await call("sendMessage", chat_id=bob.id, text="x"))["ok"]


async def test_rules_count_on_their_own(api: BotApi, call: Caller) -> None:
    """Every rule counts all the calls that it matches; no method means every method."""
    api.faults.add("getMe", fault=refusal(500))
    api.faults.add(nth=2, fault=refusal(502), times=2)
    codes = [(await call("getMe")).get("error_code") for _ in range(4)]
    assert codes == [500, 502, 502, None]


async def test_a_proxy_answers_in_html(
    api: BotApi, http: aiohttp.ClientSession, ada: ScriptedUser
) -> None:
    """502 with a page instead of JSON, before or after the effect."""
    url = f"{api.base_url}/bot{api.token}/sendMessage"
    for has_effect in (False, True):
        api.faults.add("sendMessage", fault=bad_gateway(has_effect=has_effect))
        async with http.post(url, data={"chat_id": ada.id, "text": "x"}) as response:
            assert (response.status, response.content_type) == (502, "text/html")
            assert (await response.text()).startswith("<html>")
        assert len(ada.unread) == has_effect


@pytest.mark.parametrize(
    ("fault", "received"),
    [
        (disconnect(has_effect=False), 0),
        (disconnect(has_effect=True), 1),
        (disconnect(has_effect=True, is_reset=True), 1),
        (truncated(), 1),
    ],
)
async def test_connections_end(
    api: BotApi, call: Caller, ada: ScriptedUser, fault: Fault, received: int
) -> None:
    """The client can't tell from a lost connection whether the call took effect."""
    api.faults.add("sendMessage", fault=fault)
    with pytest.raises(aiohttp.ClientError):
        await call("sendMessage", chat_id=ada.id, text="x")
    assert len(ada.unread) == received
    assert (await call("getMe"))["ok"]


async def test_a_call_may_never_be_answered(api: BotApi, call: Caller, ada: ScriptedUser) -> None:
    """Accepted, then silent: the effect is there, the answer never comes."""
    api.faults.add("sendMessage", fault=silence())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await call("sendMessage", chat_id=ada.id, text="x")
    assert len(ada.unread) == 1


async def test_delays_are_on_the_servers_clock(
    api: BotApi, call: Caller, ada: ScriptedUser
) -> None:
    """The effect comes after before_s, the answer after after_s, or when a test moves on."""
    api.faults.add("sendMessage", fault=delay(before_s=100, after_s=200))
    slow = asyncio.create_task(call("sendMessage", chat_id=ada.id, text="x"))
    recorded = await api.calls.wait_for("sendMessage", lambda _: True)
    await asyncio.sleep(0.01)
    assert ada.unread == []
    api.clock.advance(100)
    await ada.wait_reply(timeout_s=1)
    assert recorded.is_answered
    api.clock.advance(200)
    assert (await slow)["ok"]


async def test_who_gives_up_has_sent_all_the_same(
    api: BotApi, call: Caller, ada: ScriptedUser
) -> None:
    """A client's timeout does not undo the call."""
    api.faults.add("sendMessage", fault=delay(before_s=100))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await call("sendMessage", chat_id=ada.id, text="x")
    api.clock.advance(100)
    await ada.wait_reply(timeout_s=1)


async def test_connections_are_refused_for_a_while(api: BotApi, call: Caller) -> None:
    """The server stops listening, drops what waits, and comes back at the same port."""
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await api.updates.wait_for_poller()
    url = api.base_url
    await api.stop_listening()
    with pytest.raises(aiohttp.ClientError):
        await poll
    with pytest.raises(aiohttp.ClientConnectorError):
        await call("getMe")
    await api.start()
    assert api.base_url == url
    assert (await call("getMe"))["ok"]


async def test_a_poll_ends_with_its_connection(api: BotApi, call: Caller) -> None:
    """A poller that was killed does not count as one that waits."""
    poll = asyncio.create_task(call("getUpdates", timeout=50))
    await api.updates.wait_for_poller()
    poll.cancel()
    await asyncio.sleep(0.05)
    with pytest.raises(TimeoutError):
        await api.updates.wait_for_poller(timeout_s=0.01)


async def test_an_update_may_come_twice(api: BotApi, call: Caller, ada: ScriptedUser) -> None:
    """A confirmed update comes again under its id when the confirmation got lost."""
    [update] = (await call("getUpdates"))["result"]
    offset = update["update_id"] + 1
    assert (await call("getUpdates", offset=offset))["result"] == []
    api.updates.send_again(update)
    assert (await call("getUpdates", offset=offset))["result"] == [update]
    await ada.say("next")
    assert len((await call("getUpdates", offset=offset))["result"]) == 1


async def test_an_update_may_be_unreadable(api: BotApi, call: Caller) -> None:
    """A message that no library can parse stands among the others."""
    api.updates.put_poison()
    [update] = (await call("getUpdates"))["result"]
    assert update["message"]["message_id"] == "?"


async def test_a_repeated_offset_repeats_the_answer(call: Caller, ada: ScriptedUser) -> None:
    """The same offset brings the same updates until a higher one confirms (getUpdates)."""
    await ada.say("more")
    first = (await call("getUpdates", limit=1))["result"]
    offset = first[0]["update_id"]
    assert (await call("getUpdates", offset=offset, limit=1))["result"] == first
    assert (await call("getUpdates", offset=offset, limit=1))["result"] == first
    assert (await call("getUpdates", offset=offset + 1))["result"][0]["message"]["text"] == "more"


async def test_a_poll_can_be_ended_with_any_reason(api: BotApi) -> None:
    """The reason is what the waiting poll answers."""
    poll = asyncio.create_task(api.updates.poll(offset=0, limit=1, timeout_s=50))
    await api.updates.wait_for_poller()
    api.updates.end_poll(ApiError(500, "x"))
    with pytest.raises(ApiError, match="500"):
        await poll
