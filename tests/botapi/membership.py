"""What the bot can learn about a chat and its members, and its own coming and going.

Source: Bot API, ChatMember, ChatMemberUpdated, ChatFullInfo, getChat, getChatMember.
"""

from typing import Any

from tests.botapi.chats import Chat, Group, PrivateChat
from tests.botapi.errors import bad_request
from tests.botapi.people import User
from tests.botapi.world import World

_RIGHTS = (
    "can_be_edited",
    "can_manage_chat",
    "can_change_info",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "is_anonymous",
)
_WITHHELD = {"can_be_edited", "can_promote_members", "is_anonymous"}
_PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
_GIFTS = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")


def member_json(user: User, status: str) -> dict[str, Any]:
    """Return the ChatMember object of any of its kinds."""
    member: dict[str, Any] = {"user": user.to_json(), "status": status}
    match status:
        case "administrator":
            member |= {name: name not in _WITHHELD for name in _RIGHTS}
        case "creator":
            member["is_anonymous"] = False
        case "kicked":
            member["until_date"] = 0
    return member


def bot_change_json(world: World, chat: Chat, by: User, old: str, new: str) -> dict[str, Any]:
    """Return the ChatMemberUpdated object that tells of a change of the bot itself."""
    return {
        "chat": chat.to_json(),
        "from": by.to_json(),
        "date": int(world.clock.now()),
        "old_chat_member": member_json(world.bot, old),
        "new_chat_member": member_json(world.bot, new),
    }


def full_info(world: World, chat_id: int | str) -> dict[str, Any]:
    """Return the ChatFullInfo object, with what this server models.

    Raises:
        ApiError: 400 or 403 when the bot has no access.
    """
    chat = world.chat(chat_id)
    info = chat.to_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*_GIFTS, "gifts_from_channels"), True),
    }
    if isinstance(chat, Group):
        chat.check_member()
        info["permissions"] = dict.fromkeys(_PERMISSIONS, True)
    return info


def chat_member(world: World, chat_id: int | str, user_id: int) -> dict[str, Any]:
    """Return the ChatMember object of a user, who may have left or never come.

    Raises:
        ApiError: 400 for an unknown user, 400 or 403 when the bot has no access.
    """
    chat = world.chat(chat_id)
    user = world.user(user_id)
    if isinstance(chat, PrivateChat):
        if user_id not in {chat.user.id, world.bot.id}:
            raise bad_request("PARTICIPANT_ID_INVALID")
        return member_json(chat.user if user_id == chat.user.id else world.bot, "member")
    group = _group(world, chat_id)
    if user is None:
        raise bad_request("invalid user_id specified")
    return member_json(user, group.statuses.get(user_id, "left"))


def member_count(world: World, chat_id: int | str) -> int:
    """Return how many are in the chat, the bot included.

    Raises:
        ApiError: 400 or 403 when the bot has no access.
    """
    chat = world.chat(chat_id)
    return 2 if isinstance(chat, PrivateChat) else len(_group(world, chat_id).members)


def administrators(world: World, chat_id: int | str) -> list[dict[str, Any]]:
    """Return the creator and the administrators of a group.

    Raises:
        ApiError: 400 for a private chat, 400 or 403 when the bot has no access.
    """
    group = _group(world, chat_id)
    return [
        member_json(user, group.statuses[user.id])
        for user in group.members.values()
        if group.statuses[user.id] in {"creator", "administrator"}
    ]


def leave_chat(world: World, chat_id: int | str) -> dict[str, Any]:
    """Take the bot out of a group; return the ChatMemberUpdated object.

    Raises:
        ApiError: 400 for a private chat, 400 or 403 when the bot is not there.
    """
    group = _group(world, chat_id, refusal="chat member status can't be changed in private chats")
    old = group.bot_status
    group.statuses[world.bot.id] = "left"
    del group.members[world.bot.id]
    return bot_change_json(world, group, world.bot, old, "left")


def _group(
    world: World,
    chat_id: int | str,
    *,
    refusal: str = "there are no administrators in the private chat",
) -> Group:
    chat = world.chat(chat_id)
    if not isinstance(chat, Group):
        raise bad_request(refusal)
    chat.check_member()
    return chat
