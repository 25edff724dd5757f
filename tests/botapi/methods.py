"""The methods this server answers, and their parameters: the published specification, restated.

Source: Bot API 10.1, "Available methods", "Updating messages" and "Inline mode".
"""

from collections.abc import Mapping

from tests.botapi.fields import (
    BOOLEAN,
    ENTITIES,
    INLINE_KEYBOARD,
    INTEGER,
    STRING,
    STRINGS,
    UNMODELLED,
    Field,
    need,
)

_CHAT_ID = need("Id", "chat_id is empty")
_MESSAGE_ID = need("Integer", "message identifier is not specified")
_SCOPE = {"scope": Field("BotCommandScope"), "language_code": STRING}
_BUSINESS = {"business_connection_id": UNMODELLED}
_CHAT = {"chat_id": _CHAT_ID}
_WHERE = _CHAT | {"message_thread_id": INTEGER, "direct_messages_topic_id": UNMODELLED}
_HOW = {
    "disable_notification": BOOLEAN,
    "protect_content": BOOLEAN,
    "message_effect_id": STRING,
    "suggested_post_parameters": UNMODELLED,
}
_ANSWERING = {
    "allow_paid_broadcast": BOOLEAN,
    "reply_parameters": Field("ReplyParameters"),
    "reply_markup": Field("ReplyMarkup"),
}
_CAPTION = {"caption": STRING, "parse_mode": STRING, "caption_entities": ENTITIES}
_ORIGINAL = {
    "from_chat_id": need("Id", "from_chat_id is empty"),
    "message_id": _MESSAGE_ID,
    "video_start_timestamp": UNMODELLED,
}
_EDITED = _BUSINESS | {"chat_id": Field("Id"), "message_id": INTEGER, "inline_message_id": STRING}

METHODS: Mapping[str, Mapping[str, Field]] = {
    "getMe": {},
    "logOut": {},
    "close": {},
    "getUpdates": {
        "offset": INTEGER,
        "limit": INTEGER,
        "timeout": INTEGER,
        "allowed_updates": STRINGS,
    },
    "setWebhook": {
        "url": STRING,  # required, but empty to remove the webhook: and empty counts as absent
        "certificate": UNMODELLED,
        "ip_address": STRING,
        "max_connections": INTEGER,
        "allowed_updates": STRINGS,
        "drop_pending_updates": BOOLEAN,
        "secret_token": STRING,
    },
    "deleteWebhook": {"drop_pending_updates": BOOLEAN},
    "getWebhookInfo": {},
    "sendMessage": _BUSINESS
    | _WHERE
    | _HOW
    | _ANSWERING
    | {
        "text": need("String", "Message text is empty"),
        "parse_mode": STRING,
        "entities": ENTITIES,
        "link_preview_options": Field("LinkPreviewOptions"),
    },
    "sendDocument": _BUSINESS
    | _WHERE
    | _HOW
    | _ANSWERING
    | _CAPTION
    | {
        "document": need("InputFile", "there is no document in the request"),
        "thumbnail": UNMODELLED,
        "disable_content_type_detection": BOOLEAN,
    },
    "forwardMessage": _WHERE | _HOW | _ORIGINAL,
    "copyMessage": _WHERE
    | _HOW
    | _ANSWERING
    | _CAPTION
    | _ORIGINAL
    | {"show_caption_above_media": UNMODELLED},
    "sendChatAction": _BUSINESS
    | _CHAT
    | {
        "message_thread_id": INTEGER,
        "action": need("String", "Wrong parameter action in request"),
    },
    "editMessageText": _EDITED
    | {
        # Required unless rich_message is given, which this server does not model.
        "text": need("String", "Message text is empty"),
        "parse_mode": STRING,
        "entities": ENTITIES,
        "link_preview_options": Field("LinkPreviewOptions"),
        "rich_message": UNMODELLED,
        "reply_markup": INLINE_KEYBOARD,
    },
    "editMessageReplyMarkup": _EDITED | {"reply_markup": INLINE_KEYBOARD},
    "deleteMessage": _CHAT | {"message_id": _MESSAGE_ID},
    "deleteMessages": _CHAT | {"message_ids": need("Array of Integer")},
    "setMessageReaction": _CHAT
    | {
        "message_id": _MESSAGE_ID,
        "reaction": Field("Array of ReactionType"),
        "is_big": BOOLEAN,
    },
    "answerCallbackQuery": {
        "callback_query_id": need("String"),
        "text": STRING,
        "show_alert": BOOLEAN,
        "url": STRING,
        "cache_time": INTEGER,
    },
    "answerInlineQuery": {
        "inline_query_id": need("String"),
        "results": need("Array of InlineQueryResult"),
        "cache_time": INTEGER,
        "is_personal": BOOLEAN,
        "next_offset": STRING,
        "button": Field("InlineQueryResultsButton"),
    },
    "getFile": {"file_id": need("String", "file_id is not specified")},
    "getChat": _CHAT,
    "getChatMember": _CHAT | {"user_id": need("Integer", "invalid user_id specified")},
    "getChatMemberCount": _CHAT,
    "getChatAdministrators": _CHAT | {"return_bots": BOOLEAN},
    "leaveChat": _CHAT,
    "setMyCommands": {"commands": need("Array of BotCommand")} | _SCOPE,
    "getMyCommands": _SCOPE,
    "deleteMyCommands": _SCOPE,
}
