"""getChat, getChatMember and their kin."""

from tests.botapi import BotApi
from tests.botapi.conftest import Caller


async def test_a_private_chat_is_described(api: BotApi, call: Caller) -> None:
    """A ChatFullInfo has its required fields (Bot API, ChatFullInfo)."""
    ada = api.user("Ada", username="ada")
    info = (await call("getChat", chat_id=ada.id))["result"]
    assert (info["id"], info["type"], info["username"]) == (ada.id, "private", "ada")
    assert {"accent_color_id", "max_reaction_count", "accepted_gift_types"} <= info.keys()
    member = (await call("getChatMember", chat_id=ada.id, user_id=ada.id))["result"]
    assert member["status"] == "member"
    assert (await call("getChatMemberCount", chat_id=ada.id))["result"] == 2
    refused = await call("getChatMember", chat_id=ada.id, user_id=7)
    assert refused["description"] == "Bad Request: PARTICIPANT_ID_INVALID"
    refused = await call("getChatAdministrators", chat_id=ada.id)
    assert refused["error_code"] == 400


async def test_members_have_a_status(api: BotApi, call: Caller) -> None:
    """creator, administrator, member, left (Bot API, ChatMember)."""
    ada, bob, eve = api.user("Ada"), api.user("Bob"), api.user("Eve")
    group = api.supergroup("Readers", ada, bob)
    group.add_bot(is_administrator=True)
    wanted = {ada.id: "creator", bob.id: "member", eve.id: "left"}
    for user_id, status in wanted.items():
        member = (await call("getChatMember", chat_id=group.id, user_id=user_id))["result"]
        assert member["status"] == status
    administrators = (await call("getChatAdministrators", chat_id=group.id))["result"]
    assert [each["status"] for each in administrators] == ["creator", "administrator"]
    assert administrators[1]["can_delete_messages"] is True
    assert (await call("getChatMemberCount", chat_id=group.id))["result"] == 3
    refused = await call("getChatMember", chat_id=group.id, user_id=7)
    assert refused["description"] == "Bad Request: invalid user_id specified"


async def test_the_bot_leaves(api: BotApi, call: Caller) -> None:
    """After leaveChat it is no member, and hears of that itself (Bot API, leaveChat)."""
    ada = api.user("Ada")
    group = api.supergroup("Readers", ada)
    group.add_bot()
    assert (await call("getChat", chat_id=group.id))["result"]["permissions"]
    assert (await call("leaveChat", chat_id=group.id))["result"] is True
    change = (await call("getUpdates"))["result"][-1]["my_chat_member"]
    assert change["new_chat_member"]["status"] == "left"
    for method in ("getChat", "leaveChat", "getChatMemberCount"):
        refused = await call(method, chat_id=group.id)
        assert refused["description"] == "Forbidden: bot is not a member of the supergroup chat"
    refused = await call("leaveChat", chat_id=ada.id)
    assert "private chats" in refused["description"]
