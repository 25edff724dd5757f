"""Edits, deletions and reactions by the bot."""

from collections.abc import Mapping
from typing import Any

from tests.botapi.chats import Chat, Group
from tests.botapi.errors import bad_request
from tests.botapi.keyboards import check_markup
from tests.botapi.messages import Message
from tests.botapi.reactions import checked_reactions
from tests.botapi.text import FormattedText, formatted_text
from tests.botapi.world import World

MAX_DELETED_AT_ONCE = 100
_DELETABLE_S = 48 * 3600
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are "
    "exactly the same as a current content and reply markup of the message"
)
Arguments = Mapping[str, Any]


def edit_message_text(world: World, arguments: Arguments) -> Message:
    """Replace the text of one of the bot's messages, and its keyboard by the new one or none.

    Raises:
        ApiError: 400, "message is not modified" among others.
    """
    content = formatted_text(
        arguments["text"],
        parse_mode=arguments.get("parse_mode", ""),
        entities=arguments.get("entities", ()),
    )
    message = _editable(world, arguments)
    if message.is_media:
        raise bad_request("there is no text in the message to edit")
    _change(world, message, content, arguments.get("reply_markup"))
    message.link_preview_options = arguments.get("link_preview_options")
    return message


def edit_message_reply_markup(world: World, arguments: Arguments) -> Message:
    """Replace the keyboard alone (Bot API, editMessageReplyMarkup).

    Raises:
        ApiError: 400, "message is not modified" among others.
    """
    message = _editable(world, arguments)
    _change(world, message, message.content, arguments.get("reply_markup"))
    return message


def delete_messages(world: World, chat_id: int | str, message_ids: list[int]) -> None:
    """Delete messages of a chat; of several, those that are not there are passed over.

    Raises:
        ApiError: 400 for one that is not there or that the bot may not delete: a user's in a
            group where the bot is no administrator, a message older than 48 hours in a private
            chat, a service message of a supergroup's creation (Bot API, deleteMessage).
    """
    chat = world.writable_chat(chat_id)
    if not 1 <= len(message_ids) <= MAX_DELETED_AT_ONCE:
        raise bad_request("too many message identifiers specified")
    found = [each for wanted in message_ids if (each := world.message(chat.id, wanted))]
    if not found and len(message_ids) == 1:
        raise bad_request("message to delete not found")
    for message in found:
        _check_deletable(world, chat, message)
    for message in found:
        world.delete(message)


def set_message_reaction(world: World, arguments: Arguments) -> None:
    """Set the bot's reaction to a message, or take it back.

    Raises:
        ApiError: 400 for an unknown message or reaction.
    """
    chat = world.writable_chat(arguments["chat_id"])
    message = world.message(chat.id, arguments["message_id"])
    if message is None:
        raise bad_request("message to react not found")
    if message.is_service:
        raise bad_request("message can't be reacted")
    message.reactions[world.bot.id] = checked_reactions(arguments.get("reaction", []))


def _editable(world: World, arguments: Arguments) -> Message:
    if inline_id := arguments.get("inline_message_id"):
        if inline_id not in world.inline_messages:
            raise bad_request("MESSAGE_ID_INVALID")
        return world.inline_messages[inline_id]
    if "message_id" not in arguments:
        raise bad_request("message identifier is not specified")
    if "chat_id" not in arguments:
        raise bad_request("chat_id is empty")
    chat = world.writable_chat(arguments["chat_id"])
    message = world.message(chat.id, arguments["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != world.bot or message.forward_origin:
        raise bad_request("message can't be edited")
    return message


def _change(
    world: World, message: Message, content: FormattedText, markup: dict[str, Any] | None
) -> None:
    check_markup(markup)
    if (content, markup or {}) == (message.content, message.reply_markup or {}):
        raise bad_request(_NOT_MODIFIED)
    message.reply_markup = markup
    world.edit(message, content)


def _check_deletable(world: World, chat: Chat, message: Message) -> None:
    is_foreign = message.sender != world.bot
    age_s = world.clock.now() - message.date
    if isinstance(chat, Group):
        if is_foreign and chat.bot_status != "administrator":
            raise bad_request("message can't be deleted")
        if not is_foreign and age_s > _DELETABLE_S and chat.bot_status != "administrator":
            raise bad_request("message can't be deleted for everyone")
    elif age_s > _DELETABLE_S:
        raise bad_request("message can't be deleted for everyone")
