"""Presses of buttons: which are a handler's, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from telegram import Message

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from telegram import CallbackQuery

__all__ = ["exactly", "is_own"]


def exactly(pattern: re.Pattern[str]) -> Callable[[object], bool]:
    """Return what tells data that matches to its end; the library looks at the start alone."""

    def is_ours(data: object) -> bool:
        return isinstance(data, str) and pattern.fullmatch(data) is not None

    return is_ours


def is_own(query: CallbackQuery) -> bool:
    """Whether a message that has buttons was meant for who presses one.

    In a group it replies to who asked for it; where that is gone, or was sent in the name of a
    group, nobody can be told from the others, and all may press.
    """
    message = query.message
    if not isinstance(message, Message) or message.reply_to_message is None:
        return True
    asked = message.reply_to_message
    if asked.from_user is None or asked.sender_chat is not None:
        return True
    return asked.from_user.id == query.from_user.id
