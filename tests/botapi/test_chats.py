"""Users and the bot in their private chats."""

from typing import Any

import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Caller

BUTTON = {"text": "More", "callback_data": "more:1"}


def keyboard(**button: Any) -> dict[str, Any]:
    """Return an inline keyboard of one button."""
    return {"inline_keyboard": [[{"text": "B"} | button]]}


async def test_a_message_reaches_the_bot(api: BotApi, call: Caller) -> None:
    """A user's text arrives as an update with sender, chat and commands marked."""
    user = api.user("Ada", username="ada", language_code="de")
    message = await user.say(" /ask  why? ")
    [update] = (await call("getUpdates"))["result"]
    assert update["message"] == {
        "message_id": message.message_id,
        "from": {
            "id": user.id,
            "is_bot": False,
            "first_name": "Ada",
            "username": "ada",
            "language_code": "de",
        },
        "chat": {"id": user.id, "type": "private", "first_name": "Ada", "username": "ada"},
        "date": message.date,
        "text": "/ask  why?",
        "entities": [{"offset": 0, "length": 4, "type": "bot_command"}],
    }


async def test_a_reply_reaches_the_user(api: BotApi, call: Caller) -> None:
    """The bot's HTML arrives as text and entities (Bot API, sendMessage)."""
    user = api.user()
    question = await user.say("why?")
    sent = await call(
        "sendMessage",
        chat_id=user.id,
        text="<blockquote>because <b>so</b></blockquote>",
        parse_mode="HTML",
        reply_parameters={"message_id": question.message_id, "quote": "why"},
        link_preview_options={"is_disabled": True},
    )
    reply = await user.wait_reply(timeout_s=1)
    assert (reply.text, reply.marked("bold")) == ("because so", ["so"])
    assert sent["result"]["message_id"] == reply.message_id > question.message_id
    assert sent["result"]["reply_to_message"]["message_id"] == question.message_id
    assert sent["result"]["quote"] == {"text": "why", "position": 0, "is_manual": True}
    assert user.unread == []


async def test_a_bot_cannot_write_first(api: BotApi, call: Caller) -> None:
    """A bot can't start a conversation, nor write where it was blocked (Bot API, errors 403)."""
    user = api.user()
    first = await call("sendMessage", chat_id=user.id, text="hello")
    assert first["description"] == "Forbidden: bot can't initiate conversation with a user"
    await user.start()
    assert (await call("sendMessage", chat_id=user.id, text="hello"))["ok"]
    user.block()
    blocked = await call("sendMessage", chat_id=user.id, text="hello")
    assert (blocked["error_code"], blocked["description"]) == (
        403,
        "Forbidden: bot was blocked by the user",
    )


@pytest.mark.parametrize(
    ("wrong", "description"),
    [
        ({"chat_id": 5}, "chat not found"),
        ({"chat_id": "@nobody"}, "chat not found"),
        ({"text": "<p>"}, 'can\'t parse entities: Unsupported start tag "p" at byte offset 0'),
        ({"message_thread_id": 1}, "message thread not found"),
        ({"reply_parameters": {"message_id": 999}}, "message to be replied not found"),
        ({"reply_parameters": {"message_id": 1, "quote": "why not"}}, "QUOTE_TEXT_INVALID"),
        ({"reply_markup": keyboard(callback_data="ü" * 33)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": keyboard(url="nowhere")}, "BUTTON_URL_INVALID"),
        ({"reply_markup": keyboard(text=" ", url="a.example")}, "BUTTON_TEXT_INVALID"),
        (
            {"reply_markup": keyboard()},
            (
                "can't parse inline keyboard button: "
                "Text buttons are unallowed in the inline keyboard"
            ),
        ),
    ],
)
async def test_wrong_messages_are_refused(
    api: BotApi, call: Caller, wrong: dict[str, Any], description: str
) -> None:
    """What is wrong with a message is named (telegram-bot-api, Client.cpp)."""
    user = api.user()
    await user.say("why?")
    right = {"chat_id": user.id, "text": "x", "parse_mode": "HTML"}
    answer = await call("sendMessage", **right | wrong)
    assert (answer["error_code"], answer["description"]) == (400, f"Bad Request: {description}")
    assert user.unread == []


async def test_a_missing_original_can_be_passed_over(api: BotApi, call: Caller) -> None:
    """allow_sending_without_reply sends all the same (Bot API, ReplyParameters)."""
    user = api.user()
    await user.say("why?")
    parameters = {"message_id": 999, "allow_sending_without_reply": True}
    answer = await call("sendMessage", chat_id=user.id, text="x", reply_parameters=parameters)
    assert "reply_to_message" not in answer["result"]


async def test_an_edit_replaces_text_and_keyboard(api: BotApi, call: Caller) -> None:
    """An edit without a keyboard removes it (Bot API, editMessageText)."""
    user = api.user()
    await user.say("why?")
    await call(
        "sendMessage", chat_id=user.id, text="x", reply_markup={"inline_keyboard": [[BUTTON]]}
    )
    reply = await user.wait_reply(timeout_s=1)
    assert reply.buttons == [BUTTON]
    edited = await call("editMessageText", chat_id=user.id, message_id=reply.message_id, text="y")
    assert "edit_date" in edited["result"]
    assert (reply.text, reply.buttons) == ("y", [])


async def test_an_edit_must_change_something(api: BotApi, call: Caller) -> None:
    """An edit to the same content is refused (Client.cpp, MESSAGE_NOT_MODIFIED)."""
    user = api.user()
    await user.say("why?")
    sent = await call("sendMessage", chat_id=user.id, text="<b>x</b>", parse_mode="HTML")
    same = {"chat_id": user.id, "message_id": sent["result"]["message_id"], "parse_mode": "HTML"}
    answer = await call("editMessageText", **same, text="<strong>x</strong> ")
    assert answer["description"] == (
        "Bad Request: message is not modified: specified new message content and reply markup "
        "are exactly the same as a current content and reply markup of the message"
    )


async def test_only_own_messages_can_be_edited(api: BotApi, call: Caller) -> None:
    """A user's message can't be edited by the bot, nor one that does not exist."""
    user = api.user()
    question = await user.say("why?")
    edit = {"chat_id": user.id, "text": "y"}
    for message_id, description in (
        (question.message_id, "message can't be edited"),
        (999, "message to edit not found"),
    ):
        answer = await call("editMessageText", **edit, message_id=message_id)
        assert answer["description"] == f"Bad Request: {description}"
    answer = await call("editMessageText", **edit)
    assert answer["description"] == "Bad Request: message identifier is not specified"


async def test_a_user_edits(api: BotApi, call: Caller) -> None:
    """A changed question arrives as edited_message with an edit_date (Bot API, Update)."""
    user = api.user()
    question = await user.say("why?")
    await user.edit(question, "why not?")
    update = (await call("getUpdates"))["result"][1]
    assert update["edited_message"]["text"] == "why not?"
    assert update["edited_message"]["edit_date"] >= question.date


async def test_a_press_is_answered(api: BotApi, call: Caller) -> None:
    """A pressed button arrives with its data, and the answer reaches the user."""
    user = api.user()
    await user.say("why?")
    await call(
        "sendMessage", chat_id=user.id, text="x", reply_markup={"inline_keyboard": [[BUTTON]]}
    )
    press = await user.press(await user.wait_reply(timeout_s=1), "More")
    query = (await call("getUpdates"))["result"][1]["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("more:1", user.id)
    answered = await call("answerCallbackQuery", callback_query_id=query["id"], text="Here")
    assert answered["result"] is True
    assert (await press.wait_answer(timeout_s=1))["text"] == "Here"
    late = await call("answerCallbackQuery", callback_query_id="1")
    assert "query is too old" in late["description"]
    long = await call("answerCallbackQuery", callback_query_id=query["id"], text="x" * 201)
    assert long["description"] == "Bad Request: MESSAGE_TOO_LONG"


async def test_a_press_may_be_forged(api: BotApi, call: Caller) -> None:
    """A client may send data that no button holds (Bot API, CallbackQuery)."""
    user = api.user()
    message = await user.say("why?")
    await user.press(message, data="forged")
    assert (await call("getUpdates"))["result"][1]["callback_query"]["data"] == "forged"
    with pytest.raises(ValueError, match="no callback button 'More'"):
        await user.press(message, "More")


async def test_deep_links_carry_a_payload(api: BotApi) -> None:
    """A deep link arrives as /start with its payload (Bot API, "Deep linking")."""
    assert (await api.user().start("ref-1")).text == "/start ref-1"
    assert (await api.user().start()).text == "/start"


@pytest.mark.parametrize("text", ["", " ", "x" * 4097])
async def test_a_client_sends_1_to_4096_characters(api: BotApi, text: str) -> None:
    """No client sends an empty text or more than 4096 characters in one message."""
    with pytest.raises(ValueError, match="a client sends 1-4096 characters"):
        await api.user().say(text)


async def test_chat_actions_are_checked(api: BotApi, call: Caller) -> None:
    """An action is one of the documented ones (Bot API, sendChatAction)."""
    user = api.user()
    await user.say("why?")
    assert (await call("sendChatAction", chat_id=user.id, action="typing"))["result"] is True
    assert user.chat.last_action == "typing"
    await call("sendMessage", chat_id=user.id, text="x")
    assert user.chat.last_action == ""
    answer = await call("sendChatAction", chat_id=user.id, action="thinking")
    assert answer["description"] == "Bad Request: wrong parameter action in request"


async def test_mentions_need_a_known_user(api: BotApi, call: Caller) -> None:
    """A mention by id works for users whom the bot has met (Bot API, "Formatting options")."""
    user = api.user("Ada")
    await user.say("hi")
    text = f'<a href="tg://user?id={user.id}">you</a> <a href="tg://user?id=7">who</a>'
    sent = await call("sendMessage", chat_id=user.id, text=text, parse_mode="HTML")
    [entity] = sent["result"]["entities"]
    assert (entity["type"], entity["user"]["first_name"]) == ("text_mention", "Ada")


async def test_waiting_in_vain_tells_what_the_bot_did(api: BotApi, call: Caller) -> None:
    """A user who gets no reply learns of the bot's last calls and what was refused."""
    await call("sendMessage", chat_id=1, text="x")
    with pytest.raises(TimeoutError, match=r"no reply to Ada.*sendMessage.*chat not found"):
        await api.user("Ada").wait_reply(timeout_s=0.01)
    with pytest.raises(TimeoutError, match="no such getMe within"):
        await api.calls.wait_for("getMe", timeout_s=0.01)
