"""Keyboards replaced, messages deleted, copied and forwarded, reactions."""

from typing import Any

import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Caller

KEYBOARD = {"inline_keyboard": [[{"text": "More", "callback_data": "more:1"}]]}
THUMB = {"type": "emoji", "emoji": "👍"}


async def test_a_keyboard_is_replaced_alone(api: BotApi, call: Caller) -> None:
    """The text stays; the same keyboard again is refused (Bot API, editMessageReplyMarkup)."""
    ada = api.user()
    await ada.say("why?")
    sent = (await call("sendMessage", chat_id=ada.id, text="x", reply_markup=KEYBOARD))["result"]
    this = {"chat_id": ada.id, "message_id": sent["message_id"]}
    same = await call("editMessageReplyMarkup", **this, reply_markup=KEYBOARD)
    assert same["description"].startswith("Bad Request: message is not modified")
    edited = (await call("editMessageReplyMarkup", **this))["result"]
    assert (edited["text"], "reply_markup" in edited) == ("x", False)
    assert (await ada.wait_edit(timeout_s=1)).message_id == sent["message_id"]


async def test_messages_are_deleted(api: BotApi, call: Caller) -> None:
    """In private, a bot deletes its own and the user's, for 48 hours (Bot API, deleteMessage)."""
    ada = api.user()
    question = await ada.say("why?")
    sent = (await call("sendMessage", chat_id=ada.id, text="x"))["result"]
    for message_id in (question.message_id, sent["message_id"]):
        this = {"chat_id": ada.id, "message_id": message_id}
        assert (await call("deleteMessage", **this))["result"] is True
        again = await call("deleteMessage", **this)
        assert again["description"] == "Bad Request: message to delete not found"
    edit = await call("editMessageText", chat_id=ada.id, message_id=sent["message_id"], text="y")
    assert edit["description"] == "Bad Request: message to edit not found"
    old = await ada.say("why?")
    api.clock.advance(48 * 3600 + 2)
    refused = await call("deleteMessage", chat_id=ada.id, message_id=old.message_id)
    assert refused["description"] == "Bad Request: message can't be deleted for everyone"


async def test_in_groups_only_administrators_delete_others(api: BotApi, call: Caller) -> None:
    """A bot deletes any message only as an administrator (Bot API, deleteMessage)."""
    ada = api.user()
    group = api.supergroup("Readers", ada)
    group.add_bot()
    message = await ada.say("/ask", to=group)
    this = {"chat_id": group.id, "message_id": message.message_id}
    refused = await call("deleteMessage", **this)
    assert refused["description"] == "Bad Request: message can't be deleted"
    group.promote_bot()
    assert (await call("deleteMessage", **this))["ok"]


async def test_several_are_deleted_at_once(api: BotApi, call: Caller) -> None:
    """1-100 identifiers; those not found are passed over (Bot API, deleteMessages)."""
    ada = api.user()
    ids = [(await ada.say("why?")).message_id for _ in range(2)]
    many = await call("deleteMessages", chat_id=ada.id, message_ids=[1] * 101)
    assert many["error_code"] == 400
    assert (await call("deleteMessages", chat_id=ada.id, message_ids=[*ids, 999]))["ok"]
    assert api.world.message(ada.id, ids[0]) is None


async def test_the_bot_forwards_and_copies(api: BotApi, call: Caller) -> None:
    """A forward names its origin, a copy does not (Bot API, forwardMessage, copyMessage)."""
    ada = api.user("Ada")
    question = await ada.say("why?")
    this = {"from_chat_id": ada.id, "chat_id": ada.id, "message_id": question.message_id}
    forwarded = (await call("forwardMessage", **this))["result"]
    assert forwarded["forward_origin"]["sender_user"]["id"] == ada.id
    copied = (await call("copyMessage", **this))["result"]
    copy = api.world.message(ada.id, copied["message_id"])
    assert copy is not None
    assert (copy.text, copy.forward_origin) == ("why?", None)
    for method, verb in (("forwardMessage", "forward"), ("copyMessage", "copy")):
        missing = await call(method, **this | {"message_id": 999})
        assert missing["description"] == f"Bad Request: message to {verb} not found"
    edit = {"chat_id": ada.id, "message_id": forwarded["message_id"], "text": "y"}
    refused = await call("editMessageText", **edit)
    assert refused["description"] == "Bad Request: message can't be edited"


async def test_users_forward_to_the_bot(api: BotApi, call: Caller) -> None:
    """A forward arrives with the first sender as origin, or a name (Bot API, MessageOrigin)."""
    ada, bob = api.user("Ada"), api.user("Bob", last_name="B")
    first = await bob.say("why?")
    once = await ada.forward(first)
    await ada.forward(once)
    await ada.forward(first, is_hidden=True)
    received = [each["message"] for each in (await call("getUpdates"))["result"]][1:]
    assert [each["text"] for each in received] == ["why?"] * 3
    assert [each["from"]["id"] for each in received] == [ada.id] * 3
    assert [each["forward_origin"]["type"] for each in received] == ["user", "user", "hidden_user"]
    assert received[1]["forward_origin"]["sender_user"]["id"] == bob.id
    assert received[2]["forward_origin"]["sender_user_name"] == "Bob B"


@pytest.mark.parametrize(
    ("reaction", "description"),
    [
        ([THUMB, {"type": "emoji", "emoji": "🔥"}], "REACTIONS_TOO_MANY"),
        ([{"type": "emoji", "emoji": "🍏"}], "REACTION_INVALID"),
    ],
)
async def test_the_bot_reacts(
    api: BotApi, call: Caller, reaction: list[dict[str, Any]], description: str
) -> None:
    """One reaction out of a list; empty takes it back (Bot API, setMessageReaction)."""
    ada = api.user()
    question = await ada.say("why?")
    this = {"chat_id": ada.id, "message_id": question.message_id}
    assert (await call("setMessageReaction", **this, reaction=[THUMB]))["result"] is True
    assert question.reactions[api.world.bot.id] == [THUMB]
    assert (await call("setMessageReaction", **this))["ok"]
    assert question.reactions[api.world.bot.id] == []
    refused = await call("setMessageReaction", **this, reaction=reaction)
    assert refused["description"] == f"Bad Request: {description}"
    missing = await call("setMessageReaction", chat_id=ada.id, message_id=999)
    assert missing["description"] == "Bad Request: message to react not found"


async def test_users_react(api: BotApi, call: Caller) -> None:
    """Reactions come to who asked for them, in groups as an administrator (Bot API, Update)."""
    await call("getUpdates", allowed_updates=["message_reaction"])
    ada = api.user("Ada")
    await ada.say("why?")
    await call("sendMessage", chat_id=ada.id, text="x")
    reply = await ada.wait_reply(timeout_s=1)
    await ada.react(reply, "👍")
    await ada.react(reply, "")
    first, second = (each["message_reaction"] for each in (await call("getUpdates"))["result"])
    assert (first["old_reaction"], first["new_reaction"]) == ([], [THUMB])
    assert (second["old_reaction"], second["new_reaction"]) == ([THUMB], [])
    with pytest.raises(ValueError, match="no client offers"):
        await ada.react(reply, "x")
    group = api.supergroup("Readers", ada)
    group.add_bot()
    message = await ada.say("/ask", to=group)
    await ada.react(message, "👍")
    group.promote_bot()
    await ada.react(message, "🔥")
    assert api.updates.pending_count == 3
