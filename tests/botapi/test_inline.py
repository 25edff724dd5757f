"""Inline mode: queries, results, the cache, and choosing.

Source: Bot API, "Inline mode".
"""

from typing import Any

import pytest

from tests.botapi import BotApi, ScriptedUser
from tests.botapi.conftest import Caller


def article(result_id: str = "1", **fields: Any) -> dict[str, Any]:
    """Return a result."""
    content = {"message_text": "<b>because</b>", "parse_mode": "HTML"}
    return {
        "type": "article",
        "id": result_id,
        "title": "Answer",
        "input_message_content": content,
    } | fields


@pytest.fixture
def ada(api: BotApi) -> ScriptedUser:
    """Return a user of a bot with inline mode."""
    api.enable_inline()
    return api.user("Ada")


async def test_a_query_is_answered_and_a_result_chosen(
    api: BotApi, call: Caller, ada: ScriptedUser
) -> None:
    """The chosen text stands in the chat via the bot, which hears of the choice."""
    assert (await call("getMe"))["result"]["supports_inline_queries"] is True
    query = await ada.ask_inline("why")
    with pytest.raises(ValueError, match="no result '1' among"):
        await ada.choose(query, "1")
    [update] = (await call("getUpdates"))["result"]
    assert update["inline_query"] == {
        "id": query.query_id,
        "from": ada.user.to_json(),
        "query": "why",
        "offset": "",
        "chat_type": "sender",
    }
    assert (await call("answerInlineQuery", inline_query_id=query.query_id, results=[article()]))[
        "result"
    ] is True
    assert [each["id"] for each in await query.wait_results(timeout_s=1)] == ["1"]
    message = await ada.choose(query, "1")
    chosen, posted = (await call("getUpdates"))["result"][1:]
    assert chosen["chosen_inline_result"] == {
        "result_id": "1",
        "from": ada.user.to_json(),
        "query": "why",
    }
    assert posted["message"]["via_bot"]["id"] == api.world.bot.id
    assert message.marked("bold") == ["because"]
    with pytest.raises(ValueError, match="no result 'x' among"):
        await ada.choose(query, "x")


async def test_an_inline_message_with_a_keyboard_can_be_edited(
    api: BotApi, call: Caller, ada: ScriptedUser
) -> None:
    """inline_message_id comes only with a keyboard, also for presses (ChosenInlineResult)."""
    group = api.supergroup("Readers", ada)
    group.add_bot()
    query = await ada.ask_inline("why", to=group)
    keyboard = {"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}
    results = [article(reply_markup=keyboard)]
    await call("answerInlineQuery", inline_query_id=query.query_id, results=results)
    message = await ada.choose(query, "1", to=group)
    updates = (await call("getUpdates"))["result"]
    assert updates[2]["inline_query"]["chat_type"] == "supergroup"
    inline_id = updates[3]["chosen_inline_result"]["inline_message_id"]
    assert updates[4]["message"]["text"] == "because"  # privacy mode lets via-bot messages pass
    await ada.press(message, "More")
    pressed = (await call("getUpdates"))["result"][-1]["callback_query"]
    assert (pressed["inline_message_id"], "message" in pressed) == (inline_id, False)
    edited = await call("editMessageText", inline_message_id=inline_id, text="so")
    assert (edited["result"], message.text) == (True, "so")
    wrong = await call("editMessageText", inline_message_id="x", text="so")
    assert wrong["description"] == "Bad Request: MESSAGE_ID_INVALID"


@pytest.mark.parametrize(
    ("wrong", "description"),
    [
        ({"results": [article(str(n)) for n in range(51)]}, "RESULTS_TOO_MUCH"),
        ({"results": [article("i" * 65)]}, "RESULT_ID_INVALID"),
        ({"results": [article("ü" * 33)]}, "RESULT_ID_INVALID"),
        ({"results": [article(), article()]}, "RESULT_ID_DUPLICATE"),
        ({"results": [article(title=" ")]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [article(input_message_content={"message_text": ""})]}, "text is empty"),
        ({"results": [{"type": "article", "id": "1"}]}, 'Can\'t find field "title"'),
        ({"results": [], "next_offset": "o" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "button": {"text": "x", "start_parameter": "?"}}, "START_PARAM_INVALID"),
        ({"results": [], "button": {"text": " ", "start_parameter": "x"}}, "BUTTON_TEXT_INVALID"),
    ],
)
async def test_answers_have_limits(
    call: Caller, ada: ScriptedUser, wrong: dict[str, Any], description: str
) -> None:
    """50 results, ids and offsets of 64 bytes (Bot API, answerInlineQuery)."""
    query = await ada.ask_inline("why")
    answer = await call("answerInlineQuery", inline_query_id=query.query_id, **wrong)
    assert answer["error_code"] == 400
    assert description in answer["description"]


async def test_a_stale_query_is_refused(api: BotApi, call: Caller, ada: ScriptedUser) -> None:
    """After 30 seconds nobody waits any more, and the update is gone (Client.cpp)."""
    query = await ada.ask_inline("why")
    api.clock.advance(31)
    assert (await call("getUpdates"))["result"] == []
    late = await call("answerInlineQuery", inline_query_id=query.query_id, results=[])
    assert "query is too old" in late["description"]


async def test_answers_are_cached(api: BotApi, call: Caller, ada: ScriptedUser) -> None:
    """For cache_time, 300 s by default, and for all users unless is_personal."""
    bob = api.user("Bob")
    first = await ada.ask_inline("why")
    await call("answerInlineQuery", inline_query_id=first.query_id, results=[article()])
    assert len(await (await bob.ask_inline("why")).wait_results(timeout_s=1)) == 1
    assert api.updates.pending_count == 1
    api.clock.advance(301)
    own = await bob.ask_inline("why")
    assert not own.answer.done()
    answer = {"results": [], "is_personal": True, "cache_time": 10}
    await call("answerInlineQuery", inline_query_id=own.query_id, **answer)
    assert (await bob.ask_inline("why")).answer.done()
    assert not (await ada.ask_inline("why")).answer.done()


async def test_queries_have_limits(api: BotApi, ada: ScriptedUser) -> None:
    """Up to 256 characters (Bot API, InlineQuery), and no query without inline mode."""
    with pytest.raises(ValueError, match="at most 256"):
        await ada.ask_inline("x" * 257)
    api.account.inline.is_on = False
    with pytest.raises(ValueError, match="no inline mode"):
        await ada.ask_inline("why")


async def test_other_kinds_of_results_are_not_modelled(call: Caller, ada: ScriptedUser) -> None:
    """What the server does not imitate is a 501."""
    query = await ada.ask_inline("why")
    results = [article(type="photo")]
    answer = await call("answerInlineQuery", inline_query_id=query.query_id, results=results)
    assert answer["error_code"] == 501
