"""The published rates, when they are enforced.

Source: core.telegram.org/bots/faq, "My bot is hitting limits, how do I avoid this?".
"""

from typing import Any

from tests.botapi import BotApi
from tests.botapi.conftest import Caller


async def burst(call: Caller, chat_id: int, count: int) -> dict[str, Any]:
    """Send `count` messages, and return the last answer."""
    for _ in range(count):
        answer = await call("sendMessage", chat_id=chat_id, text="x")
    return answer


async def test_nothing_is_limited_unless_asked_for(api: BotApi, call: Caller) -> None:
    """A test that is not about rates need not pace itself."""
    ada = api.user()
    await ada.start()
    assert (await burst(call, ada.id, 40))["ok"]


async def test_a_chat_takes_one_message_a_second(api: BotApi, call: Caller) -> None:
    """After a short burst the answer is 429, for that chat only, until the wait is over."""
    api.enforce_rates(chat_burst=3)
    ada, bob = api.user("Ada"), api.user("Bob")
    await ada.start()
    await bob.start()
    assert (await burst(call, ada.id, 3))["ok"]
    assert await burst(call, ada.id, 1) == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert (await burst(call, bob.id, 1))["ok"]
    assert (await call("sendChatAction", chat_id=ada.id, action="typing"))["ok"]
    api.clock.advance(3)
    assert (await burst(call, ada.id, 3))["ok"]
    assert len(ada.unread) == 6


async def test_edits_count(api: BotApi, call: Caller) -> None:
    """Edits are limited as messages are."""
    api.enforce_rates(chat_burst=1)
    ada = api.user()
    await ada.start()
    sent = await burst(call, ada.id, 1)
    this = {"chat_id": ada.id, "message_id": sent["result"]["message_id"]}
    assert (await call("editMessageText", **this, text="y"))["error_code"] == 429
    api.clock.advance(1)
    assert (await call("editMessageText", **this, text="y"))["ok"]


async def test_a_group_takes_20_messages_a_minute(api: BotApi, call: Caller) -> None:
    """20 messages per minute to the same group."""
    api.enforce_rates()
    group = api.supergroup("Readers", api.user())
    group.add_bot()
    for _ in range(20):
        assert (await burst(call, group.id, 1))["ok"]
        api.clock.advance(1)
    refused = await burst(call, group.id, 1)
    assert 39 <= refused["parameters"]["retry_after"] <= 40
    api.clock.advance(refused["parameters"]["retry_after"])
    assert (await burst(call, group.id, 1))["ok"]


async def test_all_chats_together_take_30_messages_a_second(api: BotApi, call: Caller) -> None:
    """30 messages per second overall."""
    api.enforce_rates(overall_per_s=5)
    users = [api.user() for _ in range(6)]
    for user in users:
        await user.start()
    answers = [await burst(call, user.id, 1) for user in users]
    assert [each["ok"] for each in answers] == [True] * 5 + [False]
    assert answers[5]["parameters"]["retry_after"] == 1
