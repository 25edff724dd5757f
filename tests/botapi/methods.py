"""The methods this server answers, and their parameters: the published specification, restated.

Kinds are the specification's own type names; `Id` is its "Integer or String", and `Unmodelled`
marks a parameter that exists in the Bot API but that this server does not imitate.
Source: Bot API 10.1, "Available methods" and "Available types".
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter of a method or field of an object; `missing` is the text when it is absent."""

    kind: str
    is_required: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class ObjectType:
    """A JSON object that a bot may send; `prefix` starts the text of any error inside it."""

    fields: Mapping[str, Field]
    prefix: str = ""


def _need(kind: str, missing: str = "") -> Field:
    return Field(kind, is_required=True, missing=missing)


_INTEGER, _STRING, _BOOLEAN = Field("Integer"), Field("String"), Field("Boolean")
_STRINGS = Field("Array of String")
_UNMODELLED = Field("Unmodelled")
_CHAT_ID = _need("Id", "chat_id is empty")
_ENTITIES = Field("Array of MessageEntity")
_BUSINESS = {"business_connection_id": _UNMODELLED}
_SCOPE = {"scope": Field("BotCommandScope"), "language_code": _STRING}

METHODS: Mapping[str, Mapping[str, Field]] = {
    "getMe": {},
    "getUpdates": {
        "offset": _INTEGER,
        "limit": _INTEGER,
        "timeout": _INTEGER,
        "allowed_updates": _STRINGS,
    },
    "setWebhook": {
        "url": _need("String"),
        "certificate": _UNMODELLED,
        "ip_address": _STRING,
        "max_connections": _INTEGER,
        "allowed_updates": _STRINGS,
        "drop_pending_updates": _BOOLEAN,
        "secret_token": _STRING,
    },
    "deleteWebhook": {"drop_pending_updates": _BOOLEAN},
    "getWebhookInfo": {},
    "sendMessage": _BUSINESS
    | {
        "chat_id": _CHAT_ID,
        "message_thread_id": _INTEGER,
        "direct_messages_topic_id": _UNMODELLED,
        "text": _need("String", "Message text is empty"),
        "parse_mode": _STRING,
        "entities": _ENTITIES,
        "link_preview_options": Field("LinkPreviewOptions"),
        "disable_notification": _BOOLEAN,
        "protect_content": _BOOLEAN,
        "allow_paid_broadcast": _BOOLEAN,
        "message_effect_id": _STRING,
        "suggested_post_parameters": _UNMODELLED,
        "reply_parameters": Field("ReplyParameters"),
        "reply_markup": Field("ReplyMarkup"),
    },
    "sendChatAction": _BUSINESS
    | {
        "chat_id": _CHAT_ID,
        "message_thread_id": _INTEGER,
        "action": _need("String", "Wrong parameter action in request"),
    },
    "editMessageText": _BUSINESS
    | {
        "chat_id": Field("Id"),
        "message_id": _INTEGER,
        "inline_message_id": _UNMODELLED,
        # Required unless rich_message is given, which this server does not model.
        "text": _need("String", "Message text is empty"),
        "parse_mode": _STRING,
        "entities": _ENTITIES,
        "link_preview_options": Field("LinkPreviewOptions"),
        "rich_message": _UNMODELLED,
        "reply_markup": Field("InlineKeyboardMarkup"),
    },
    "answerCallbackQuery": {
        "callback_query_id": _need("String"),
        "text": _STRING,
        "show_alert": _BOOLEAN,
        "url": _STRING,
        "cache_time": _INTEGER,
    },
    "setMyCommands": {"commands": _need("Array of BotCommand")} | _SCOPE,
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
}

OBJECTS: Mapping[str, ObjectType] = {
    "BotCommand": ObjectType(
        {"command": _need("String"), "description": _need("String")}, "Can't parse BotCommand: "
    ),
    "BotCommandScope": ObjectType(
        {"type": _need("String"), "chat_id": Field("Id"), "user_id": _INTEGER},
        "Can't parse BotCommandScope: ",
    ),
    "MessageEntity": ObjectType(
        {
            "type": _need("String"),
            "offset": _need("Integer"),
            "length": _need("Integer"),
            "url": _STRING,
            "user": _UNMODELLED,
            "language": _STRING,
            "custom_emoji_id": _STRING,
            "unix_time": _UNMODELLED,
            "date_time_format": _UNMODELLED,
        },
        "Can't parse MessageEntity: ",
    ),
    "LinkPreviewOptions": ObjectType(
        {
            "is_disabled": _BOOLEAN,
            "url": _STRING,
            "prefer_small_media": _BOOLEAN,
            "prefer_large_media": _BOOLEAN,
            "show_above_text": _BOOLEAN,
        }
    ),
    "ReplyParameters": ObjectType(
        {
            "message_id": _need("Integer"),
            "chat_id": Field("Id"),
            "allow_sending_without_reply": _BOOLEAN,
            "quote": _STRING,
            "quote_parse_mode": _STRING,
            "quote_entities": _ENTITIES,
            "quote_position": _INTEGER,
            "checklist_task_id": _UNMODELLED,
            "poll_option_id": _UNMODELLED,
        }
    ),
    "InlineKeyboardMarkup": ObjectType(
        {"inline_keyboard": _need("Array of Array of InlineKeyboardButton")}
    ),
    "InlineKeyboardButton": ObjectType(
        {
            "text": _need("String"),
            "icon_custom_emoji_id": _STRING,
            "style": _STRING,
            "url": _STRING,
            "callback_data": _STRING,
            "web_app": _UNMODELLED,
            "login_url": _UNMODELLED,
            "switch_inline_query": _STRING,
            "switch_inline_query_current_chat": _STRING,
            "switch_inline_query_chosen_chat": Field("SwitchInlineQueryChosenChat"),
            "copy_text": Field("CopyTextButton"),
            "callback_game": _UNMODELLED,
            "pay": _UNMODELLED,
        },
        "Can't parse inline keyboard button: ",
    ),
    "SwitchInlineQueryChosenChat": ObjectType(
        {
            "query": _STRING,
            "allow_user_chats": _BOOLEAN,
            "allow_bot_chats": _BOOLEAN,
            "allow_group_chats": _BOOLEAN,
            "allow_channel_chats": _BOOLEAN,
        }
    ),
    "CopyTextButton": ObjectType({"text": _need("String")}),
    "ReplyKeyboardMarkup": ObjectType(
        {
            "keyboard": _need("Array of Array of KeyboardButton"),
            "is_persistent": _BOOLEAN,
            "resize_keyboard": _BOOLEAN,
            "one_time_keyboard": _BOOLEAN,
            "input_field_placeholder": _STRING,
            "selective": _BOOLEAN,
        }
    ),
    "KeyboardButton": ObjectType(
        {
            "text": _need("String"),
            "icon_custom_emoji_id": _STRING,
            "style": _STRING,
            "request_users": _UNMODELLED,
            "request_chat": _UNMODELLED,
            "request_managed_bot": _UNMODELLED,
            "request_contact": _BOOLEAN,
            "request_location": _BOOLEAN,
            "request_poll": _UNMODELLED,
            "web_app": _UNMODELLED,
        },
        "Can't parse keyboard button: ",
    ),
    "ReplyKeyboardRemove": ObjectType(
        {"remove_keyboard": _need("Boolean"), "selective": _BOOLEAN}
    ),
    "ForceReply": ObjectType(
        {
            "force_reply": _need("Boolean"),
            "input_field_placeholder": _STRING,
            "selective": _BOOLEAN,
        }
    ),
}

# The first type whose required field is there is the one that was meant.
UNIONS: Mapping[str, tuple[str, ...]] = {
    "ReplyMarkup": (
        "InlineKeyboardMarkup",
        "ReplyKeyboardMarkup",
        "ReplyKeyboardRemove",
        "ForceReply",
    ),
}
