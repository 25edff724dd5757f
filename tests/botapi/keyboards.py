"""The rules for buttons that the types alone do not hold."""

from collections.abc import Mapping
from typing import Any

from tests.botapi.errors import bad_request
from tests.botapi.links import checked_url

MAX_CALLBACK_BYTES = 64
MAX_COPIED_CHARS = 256
_STYLES = {"danger", "success", "primary"}
_ACTIONS = (
    "url",
    "callback_data",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
)


def check_markup(markup: Mapping[str, Any] | None) -> None:
    """Refuse a keyboard that Telegram would refuse (Bot API, InlineKeyboardButton).

    Raises:
        ApiError: 400.
    """
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            _check_inline_button(button)


def _check_inline_button(button: Mapping[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    actions = [name for name in _ACTIONS if name in button]
    if not actions:
        raise bad_request(
            "Can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    if len(actions) > 1:  # Bot API: "exactly one of the fields ... must be used"
        raise bad_request(f"Can't parse inline keyboard button: both {' and '.join(actions)}")
    if "callback_data" in button:
        size = len(button["callback_data"].encode())
        if not 1 <= size <= MAX_CALLBACK_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button and not checked_url(button["url"]):
        raise bad_request("BUTTON_URL_INVALID")
    if "copy_text" in button and not 1 <= len(button["copy_text"]["text"]) <= MAX_COPIED_CHARS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    if button.get("style", "primary") not in _STYLES:
        raise bad_request("Invalid button style specified")
