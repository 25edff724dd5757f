"""sendMessage, sendDocument, forwardMessage, copyMessage and sendChatAction."""

from collections.abc import Mapping
from typing import Any

from tests.botapi.chats import GENERAL_TOPIC_ID, Chat, Group
from tests.botapi.entities import utf16_length
from tests.botapi.errors import bad_request, not_modelled
from tests.botapi.forwarding import origin_of
from tests.botapi.keyboards import check_markup
from tests.botapi.messages import Message, Quote
from tests.botapi.text import FormattedText, formatted_caption, formatted_text
from tests.botapi.threads import thread_details
from tests.botapi.world import World

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
Arguments = Mapping[str, Any]


def send_message(world: World, arguments: Arguments) -> Message:
    """Put the bot's message into the chat.

    Raises:
        ApiError: 400 for what is wrong with the message, 403 when the bot may not write there.
    """
    content = formatted_text(
        arguments["text"],
        parse_mode=arguments.get("parse_mode", ""),
        entities=arguments.get("entities", ()),
    )
    details = {"link_preview_options": arguments.get("link_preview_options")}
    return _post(world, arguments, content, details)


def send_document(world: World, arguments: Arguments) -> Message:
    """Put a document with its caption into the chat (Bot API, sendDocument).

    Raises:
        ApiError: as send_message, and for an empty or unknown file or one of more than 50 MB.
    """
    content = _caption(arguments)
    world.writable_chat(arguments["chat_id"])  # first, so that a refused file is not kept
    document = world.files.received(arguments["document"])
    return _post(world, arguments, content, {"document": document})


def forward_message(world: World, arguments: Arguments) -> Message:
    """Forward a message; service messages can't be (Bot API, forwardMessage).

    Raises:
        ApiError: 400 when there is nothing to forward, 403 when the bot may not write there.
    """
    original = _original(world, arguments, "forward")
    details = {
        "document": original.document,
        "extra": dict(original.extra),
        "forward_origin": origin_of(original),
    }
    return _post(world, arguments, original.content, details)


def copy_message(world: World, arguments: Arguments) -> Message:
    """Send a message's content once more, as the bot's own (Bot API, copyMessage).

    Raises:
        ApiError: 400 when there is nothing to copy, 403 when the bot may not write there.
    """
    original = _original(world, arguments, "copy")
    is_recaptioned = original.is_media and "caption" in arguments
    content = _caption(arguments) if is_recaptioned else original.content
    details = {"document": original.document, "extra": dict(original.extra)}
    return _post(world, arguments, content, details)


def send_chat_action(world: World, arguments: Arguments) -> None:
    """Show a chat action, which the next message ends.

    General's number, 1, is accepted here though messages refuse it: clients show the action only
    where they are told the topic.

    Raises:
        ApiError: 400 for an unknown action, 403 when the bot may not write there.
    """
    if arguments["action"] not in _CHAT_ACTIONS:
        raise bad_request("Wrong parameter action in request")
    chat = world.writable_chat(arguments["chat_id"])
    thread_id = arguments.get("message_thread_id", 0)
    is_general = isinstance(chat, Group) and chat.is_forum and thread_id == GENERAL_TOPIC_ID
    if not is_general:
        chat.check_thread(thread_id)
    chat.last_action = arguments["action"]


def _post(
    world: World, arguments: Arguments, content: FormattedText, details: dict[str, Any]
) -> Message:
    markup = arguments.get("reply_markup")
    check_markup(markup)
    chat = world.writable_chat(arguments["chat_id"])
    thread_id = arguments.get("message_thread_id", 0)
    chat.check_thread(thread_id)
    reply_to, quote = _reply(world, chat, arguments.get("reply_parameters"))
    details |= thread_details(chat, thread_id, reply_to)
    if details.get("is_topic_message"):  # it may have come from what is replied to
        chat.check_thread(details["thread_id"])
    chat.last_action = ""
    return world.post(
        chat,
        world.bot,
        content,
        reply_to=reply_to,
        quote=quote,
        reply_markup=markup,
        **details,
    )


def _caption(arguments: Arguments) -> FormattedText:
    return formatted_caption(
        arguments.get("caption", ""),
        parse_mode=arguments.get("parse_mode", ""),
        entities=arguments.get("caption_entities", ()),
    )


def _original(world: World, arguments: Arguments, verb: str) -> Message:
    origin = world.chat(arguments["from_chat_id"])
    original = world.message(origin.id, arguments["message_id"])
    if original is None:
        raise bad_request(f"message to {verb} not found")
    if original.is_service:
        raise bad_request(f"the message can't be {'copied' if verb == 'copy' else 'forwarded'}")
    return original


def _reply(
    world: World, chat: Chat, parameters: Arguments | None
) -> tuple[Message | None, Quote | None]:
    if not parameters:
        return None, None
    origin = world.chat(parameters.get("chat_id", chat.id))
    original = world.message(origin.id, parameters["message_id"])
    if original is None:
        if parameters.get("allow_sending_without_reply"):
            return None, None
        raise bad_request("message to be replied not found")
    if original.chat is not chat:
        raise not_modelled("a reply to a message of another chat")
    return original, _quote(original, parameters)


def _quote(original: Message, parameters: Arguments) -> Quote | None:
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
