"""Groups, supergroups, topics, and who may write where."""

import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Caller


async def test_a_bot_hears_of_being_added(api: BotApi, call: Caller) -> None:
    """Added, it gets my_chat_member and a service message (Bot API, Update, Message)."""
    ada = api.user("Ada")
    group = api.supergroup("Readers", ada)
    group.add_bot()
    change, service = (await call("getUpdates"))["result"]
    changed = change["my_chat_member"]
    assert (changed["from"]["id"], changed["chat"]) == (
        ada.id,
        {"id": group.id, "type": "supergroup", "title": "Readers"},
    )
    assert changed["old_chat_member"]["status"] == "left"
    assert changed["new_chat_member"] == {
        "user": api.world.bot.to_json(),
        "status": "member",
    }
    assert service["message"]["new_chat_members"] == [api.world.bot.to_json()]
    assert "text" not in service["message"]


async def test_a_question_in_a_group_is_answered_there(api: BotApi, call: Caller) -> None:
    """A supergroup numbers its messages itself; all who are in it see the answer."""
    ada, bob = api.user("Ada"), api.user("Bob")
    group = api.supergroup("Readers", ada, bob)
    group.add_bot()
    await ada.say("private")
    question = await bob.say("/ask why?", to=group)
    update = (await call("getUpdates"))["result"][-1]["message"]
    assert (update["from"]["id"], update["chat"]["id"]) == (bob.id, group.id)
    sent = await call(
        "sendMessage",
        chat_id=group.id,
        text="because",
        reply_parameters={"message_id": question.message_id},
    )
    reply = await group.wait_reply(timeout_s=1)
    assert (reply.text, reply.reply_to) == ("because", question)
    # Outside forums a reply's thread has a number as well (Client.cpp, JsonMessage).
    assert sent["result"]["message_thread_id"] == question.message_id
    assert "is_topic_message" not in sent["result"]
    assert (ada.unread, group.unread) == ([], [])


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_bot_that_was_kicked_can_not_write(api: BotApi, call: Caller, kind: str) -> None:
    """It hears of it, and is refused with 403 (Client.cpp, check_chat_access)."""
    ada = api.user("Ada")
    group = api.group("G", ada) if kind == "group" else api.supergroup("G", ada)
    before = await call("sendMessage", chat_id=group.id, text="x")
    assert before["description"] == f"Forbidden: bot is not a member of the {kind} chat"
    group.add_bot()
    assert (await call("sendMessage", chat_id=group.id, text="x"))["ok"]
    group.remove_bot()
    change = (await call("getUpdates"))["result"][-1]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "kicked"
    after = await call("sendMessage", chat_id=group.id, text="x")
    assert (after["error_code"], after["description"]) == (
        403,
        f"Forbidden: bot was kicked from the {kind} chat",
    )


async def test_a_muted_bot_has_not_enough_rights(api: BotApi, call: Caller) -> None:
    """A member without the right to send gets a 400 (Client.cpp, check_chat_access)."""
    group = api.supergroup("G", api.user())
    group.add_bot()
    group.mute_bot()
    refused = await call("sendMessage", chat_id=group.id, text="x")
    assert refused["description"] == (
        "Bad Request: not enough rights to send text messages to the chat"
    )


async def test_a_group_becomes_a_supergroup(api: BotApi, call: Caller) -> None:
    """Both chats tell of it, the old id is refused with the new (Bot API, ResponseParameters)."""
    ada = api.user("Ada")
    old = api.group("Readers", ada)
    old.add_bot()
    new = old.upgrade()
    left, right = (await call("getUpdates"))["result"][-2:]
    assert (left["message"]["chat"]["id"], left["message"]["migrate_to_chat_id"]) == (
        old.id,
        new.id,
    )
    assert (right["message"]["chat"]["id"], right["message"]["migrate_from_chat_id"]) == (
        new.id,
        old.id,
    )
    refused = await call("sendMessage", chat_id=old.id, text="x")
    assert refused == {
        "ok": False,
        "error_code": 400,
        "description": "Bad Request: group chat was upgraded to a supergroup chat",
        "parameters": {"migrate_to_chat_id": new.id},
    }
    assert (await call("sendMessage", chat_id=new.id, text="x"))["ok"]
    await ada.say("/ask still here", to=new)


async def test_topics_have_threads(api: BotApi, call: Caller) -> None:
    """A topic's messages carry its thread, and reply to its beginning (Bot API, Message)."""
    ada = api.user("Ada")
    forum = api.supergroup("Readers", ada, is_forum=True)
    forum.add_bot(is_administrator=True)
    topic = forum.new_topic("Physics")
    question = await ada.say("why?", to=forum, thread_id=topic)
    asked = (await call("getUpdates"))["result"][-1]["message"]
    assert (asked["message_thread_id"], asked["is_topic_message"]) == (topic, True)
    assert asked["reply_to_message"]["forum_topic_created"]["name"] == "Physics"
    assert asked["chat"]["is_forum"] is True
    reply = {"message_id": question.message_id}
    sent = await call("sendMessage", chat_id=forum.id, text="so", reply_parameters=reply)
    assert sent["result"]["message_thread_id"] == topic
    plain = await call("sendMessage", chat_id=forum.id, text="so", message_thread_id=topic)
    assert plain["result"]["is_topic_message"] is True


async def test_general_has_no_thread(api: BotApi, call: Caller) -> None:
    """Messages in General carry no thread, and 1 is refused, but not for chat actions."""
    ada = api.user("Ada")
    forum = api.supergroup("Readers", ada, is_forum=True)
    forum.add_bot()
    await ada.say("/ask why?", to=forum)
    asked = (await call("getUpdates"))["result"][-1]["message"]
    assert "message_thread_id" not in asked
    there = {"chat_id": forum.id, "message_thread_id": 1}
    refused = await call("sendMessage", **there, text="x")
    assert refused["description"] == "Bad Request: message thread not found"
    assert (await call("sendChatAction", **there, action="typing"))["ok"]


async def test_topics_close_and_go(api: BotApi, call: Caller) -> None:
    """A closed topic takes messages of administrators only; a deleted one is not found."""
    forum = api.supergroup("Readers", api.user(), is_forum=True)
    forum.add_bot()
    topic = forum.new_topic("Physics")
    message = {"chat_id": forum.id, "text": "x", "message_thread_id": topic}
    forum.close_topic(topic)
    assert (await call("sendMessage", **message))["description"] == "Bad Request: TOPIC_CLOSED"
    forum.promote_bot()
    assert (await call("sendMessage", **message))["ok"]
    forum.delete_topic(topic)
    gone = await call("sendMessage", **message)
    assert gone["description"] == "Bad Request: message thread not found"


async def test_a_public_group_has_a_name(api: BotApi, call: Caller) -> None:
    """A supergroup is found by its @username (Bot API, sendMessage)."""
    group = api.supergroup("Readers", api.user(), username="readers")
    group.add_bot()
    sent = await call("sendMessage", chat_id="@readers", text="x")
    assert sent["result"]["chat"]["username"] == "readers"


async def test_scripts_that_can_not_be_played_are_refused(api: BotApi) -> None:
    """No owner, no topics, no membership: the script is wrong, not the bot."""
    ada, bob = api.user("Ada"), api.user("Bob")
    group = api.group("Readers", ada)
    with pytest.raises(ValueError, match="Bob is not in Readers"):
        await bob.say("hi", to=group)
    with pytest.raises(ValueError, match="has no topics"):
        group.new_topic("Physics")
    with pytest.raises(ValueError, match="needs an owner"):
        api.group("Nobody")
    group.add(bob)
    group.remove(bob)
    with pytest.raises(ValueError, match="Bob is not in Readers"):
        await bob.say("hi", to=group)


async def test_blocking_is_told(api: BotApi, call: Caller) -> None:
    """Blocked and unblocked, the bot gets my_chat_member (Bot API, Update)."""
    ada = api.user("Ada")
    await ada.say("hi")
    ada.block()
    with pytest.raises(ValueError, match="has blocked the bot"):
        await ada.say("hi")
    blocked = (await call("getUpdates"))["result"][-1]["my_chat_member"]
    assert (blocked["chat"]["type"], blocked["new_chat_member"]["status"]) == ("private", "kicked")
    assert blocked["new_chat_member"]["until_date"] == 0
    await ada.start()
    unblocked, started = (await call("getUpdates"))["result"][-2:]
    assert unblocked["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert started["message"]["text"] == "/start"
    ada.delete_account()
    gone = await call("sendMessage", chat_id=ada.id, text="x")
    assert gone["description"] == "Forbidden: user is deactivated"
