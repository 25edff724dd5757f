"""The objects that a bot may send as parameters: the published specification, restated.

Source: Bot API 10.1, "Available types" and "Inline mode".
"""

from collections.abc import Mapping

from tests.botapi.fields import (
    BOOLEAN,
    ENTITIES,
    INLINE_KEYBOARD,
    INTEGER,
    STRING,
    UNMODELLED,
    Field,
    ObjectType,
    need,
)

OBJECTS: Mapping[str, ObjectType] = {
    "InlineQueryResult": ObjectType(  # of its twenty kinds only articles are modelled
        {
            "type": need("String"),
            "id": need("String"),
            "title": need("String"),
            "input_message_content": need("InputTextMessageContent"),
            "reply_markup": INLINE_KEYBOARD,
            "url": STRING,
            "description": STRING,
            "thumbnail_url": STRING,
            "thumbnail_width": INTEGER,
            "thumbnail_height": INTEGER,
        },
        "Can't parse inline query result: ",
    ),
    "InputTextMessageContent": ObjectType(
        {
            "message_text": need("String"),
            "parse_mode": STRING,
            "entities": ENTITIES,
            "link_preview_options": Field("LinkPreviewOptions"),
        },
        "Can't parse inline query result: ",
    ),
    "InlineQueryResultsButton": ObjectType(
        {"text": need("String"), "web_app": UNMODELLED, "start_parameter": STRING}
    ),
    "ReactionType": ObjectType(
        {"type": need("String"), "emoji": STRING, "custom_emoji_id": STRING}
    ),
    "BotCommand": ObjectType(
        {"command": need("String"), "description": need("String")}, "Can't parse BotCommand: "
    ),
    "BotCommandScope": ObjectType(
        {"type": need("String"), "chat_id": Field("Id"), "user_id": INTEGER},
        "Can't parse BotCommandScope: ",
    ),
    "MessageEntity": ObjectType(
        {
            "type": need("String"),
            "offset": need("Integer"),
            "length": need("Integer"),
            "url": STRING,
            "user": UNMODELLED,
            "language": STRING,
            "custom_emoji_id": STRING,
            "unix_time": UNMODELLED,
            "date_time_format": UNMODELLED,
        },
        "Can't parse MessageEntity: ",
    ),
    "LinkPreviewOptions": ObjectType(
        {
            "is_disabled": BOOLEAN,
            "url": STRING,
            "prefer_small_media": BOOLEAN,
            "prefer_large_media": BOOLEAN,
            "show_above_text": BOOLEAN,
        }
    ),
    "ReplyParameters": ObjectType(
        {
            "message_id": need("Integer"),
            "chat_id": Field("Id"),
            "allow_sending_without_reply": BOOLEAN,
            "quote": STRING,
            "quote_parse_mode": STRING,
            "quote_entities": ENTITIES,
            "quote_position": INTEGER,
            "checklist_task_id": UNMODELLED,
            "poll_option_id": UNMODELLED,
        }
    ),
    "InlineKeyboardMarkup": ObjectType(
        {"inline_keyboard": need("Array of Array of InlineKeyboardButton")}
    ),
    "InlineKeyboardButton": ObjectType(
        {
            "text": need("String"),
            "icon_custom_emoji_id": STRING,
            "style": STRING,
            "url": STRING,
            "callback_data": STRING,
            "web_app": UNMODELLED,
            "login_url": UNMODELLED,
            "switch_inline_query": STRING,
            "switch_inline_query_current_chat": STRING,
            "switch_inline_query_chosen_chat": Field("SwitchInlineQueryChosenChat"),
            "copy_text": Field("CopyTextButton"),
            "callback_game": UNMODELLED,
            "pay": UNMODELLED,
        },
        "Can't parse inline keyboard button: ",
    ),
    "SwitchInlineQueryChosenChat": ObjectType(
        {
            "query": STRING,
            "allow_user_chats": BOOLEAN,
            "allow_bot_chats": BOOLEAN,
            "allow_group_chats": BOOLEAN,
            "allow_channel_chats": BOOLEAN,
        }
    ),
    "CopyTextButton": ObjectType({"text": need("String")}),
    "ReplyKeyboardMarkup": ObjectType(
        {
            "keyboard": need("Array of Array of KeyboardButton"),
            "is_persistent": BOOLEAN,
            "resize_keyboard": BOOLEAN,
            "one_time_keyboard": BOOLEAN,
            "input_field_placeholder": STRING,
            "selective": BOOLEAN,
        }
    ),
    "KeyboardButton": ObjectType(
        {
            "text": need("String"),
            "icon_custom_emoji_id": STRING,
            "style": STRING,
            "request_users": UNMODELLED,
            "request_chat": UNMODELLED,
            "request_managed_bot": UNMODELLED,
            "request_contact": BOOLEAN,
            "request_location": BOOLEAN,
            "request_poll": UNMODELLED,
            "web_app": UNMODELLED,
        },
        "Can't parse keyboard button: ",
    ),
    "ReplyKeyboardRemove": ObjectType({"remove_keyboard": need("Boolean"), "selective": BOOLEAN}),
    "ForceReply": ObjectType(
        {
            "force_reply": need("Boolean"),
            "input_field_placeholder": STRING,
            "selective": BOOLEAN,
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
