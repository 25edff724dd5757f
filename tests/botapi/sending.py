"""sendMessage, editMessageText and sendChatAction."""

from collections.abc import Mapping
from typing import Any

from tests.botapi.entities import utf16_length
from tests.botapi.errors import bad_request
from tests.botapi.keyboards import check_markup
from tests.botapi.text import FormattedText, formatted_text
from tests.botapi.world import Chat, Message, Quote, World

MAX_QUOTE_CHARS = 1024
_CHAT_ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(world: World, arguments: Mapping[str, Any]) -> Message:
    """Put the bot's message into the chat.

    Raises:
        ApiError: 400 for what is wrong with the message, 403 when the bot may not write there.
    """
    content = _content(arguments)
    markup = arguments.get("reply_markup")
    check_markup(markup)
    chat = world.writable_chat(arguments["chat_id"])
    _check_thread(arguments)
    reply_to, quote = _reply(world, chat, arguments.get("reply_parameters"))
    return world.post(
        chat,
        world.bot,
        content,
        reply_to=reply_to,
        quote=quote,
        reply_markup=markup,
        link_preview_options=arguments.get("link_preview_options"),
    )


def edit_message_text(world: World, arguments: Mapping[str, Any]) -> Message:
    """Replace the text of one of the bot's messages, and its keyboard by the new one or none.

    Raises:
        ApiError: 400, "message is not modified" among others.
    """
    if "message_id" not in arguments:
        raise bad_request("message identifier is not specified")
    if "chat_id" not in arguments:
        raise bad_request("chat_id is empty")
    content = _content(arguments)
    markup = arguments.get("reply_markup")
    check_markup(markup)
    message = world.message(world.writable_chat(arguments["chat_id"]).id, arguments["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender != world.bot:
        raise bad_request("message can't be edited")
    if (content, markup or {}) == (message.content, message.reply_markup or {}):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are "
            "exactly the same as a current content and reply markup of the message"
        )
    message.reply_markup = markup
    message.link_preview_options = arguments.get("link_preview_options")
    world.edit(message, content)
    return message


def send_chat_action(world: World, arguments: Mapping[str, Any]) -> None:
    """Check a chat action; the record of calls is all it leaves.

    Raises:
        ApiError: 400 for an unknown action, 403 when the bot may not write there.
    """
    if arguments["action"] not in _CHAT_ACTIONS:
        raise bad_request("Wrong parameter action in request")
    world.writable_chat(arguments["chat_id"])
    _check_thread(arguments)


def _content(arguments: Mapping[str, Any]) -> FormattedText:
    return formatted_text(
        arguments["text"],
        parse_mode=arguments.get("parse_mode", ""),
        entities=arguments.get("entities", ()),
    )


def _check_thread(arguments: Mapping[str, Any]) -> None:
    """Refuse any thread: a private chat has none unless the bot turned topics on."""
    if arguments.get("message_thread_id"):
        raise bad_request("message thread not found")


def _reply(
    world: World, chat: Chat, parameters: Mapping[str, Any] | None
) -> tuple[Message | None, Quote | None]:
    if not parameters:
        return None, None
    origin = world.chat(parameters.get("chat_id", chat.id))
    original = world.message(origin.id, parameters["message_id"])
    if original is None:
        if parameters.get("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    return original, _quote(original, parameters)


def _quote(original: Message, parameters: Mapping[str, Any]) -> Quote | None:
    """Find the quote, which must stand in the original exactly (Bot API, ReplyParameters)."""
    if not parameters.get("quote"):
        return None
    quote = formatted_text(
        parameters["quote"],
        parse_mode=parameters.get("quote_parse_mode", ""),
        entities=parameters.get("quote_entities", ()),
    )
    at = original.text.find(quote.text)
    if at < 0 or len(quote.text) > MAX_QUOTE_CHARS:
        raise bad_request("QUOTE_TEXT_INVALID")
    return Quote(text=quote.text, position=utf16_length(original.text[:at]))
