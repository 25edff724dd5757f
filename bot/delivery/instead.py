"""What is sent in the place of a message that Telegram refuses."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from telegram.error import BadRequest

from bot.delivery.outgoing import EDIT, OF_PLACE, Outgoing
from bot.errors import UnsendableError
from bot.texts import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from telegram.error import TelegramError

__all__ = ["apology_to", "instead_of", "is_unchanged"]

_log = logging.getLogger(__name__)


def instead_of(message: Outgoing, error: TelegramError) -> Outgoing | None:
    """Return what is sent after a refusal, None where there is nothing better."""
    match error:
        case BadRequest() if message.method == EDIT:
            _log.info("a message that can't be edited is sent anew: %s", error)
            return _sent_anew(message)
        case BadRequest() if "message_thread_id" in message.arguments and _is_thread_gone(error):
            _log.info("a topic is gone, its answer goes to the group: %s", error)
            return _without_thread(message)
        case UnsendableError():
            _log.error("a document is not sent: %s", error)
            return _apology(message)
    return None


def is_unchanged(error: TelegramError) -> bool:
    """Whether an edit failed only since the message says just that."""
    return isinstance(error, BadRequest) and "message is not modified" in str(error).lower()


def _is_thread_gone(error: TelegramError) -> bool:
    """Whether a message failed since its topic was deleted or closed."""
    reason = str(error)
    return isinstance(error, BadRequest) and (
        "thread not found" in reason or "TOPIC_CLOSED" in reason
    )


def _sent_anew(message: Outgoing) -> Outgoing:
    """Return an edit as a message of its own, with the same tag."""
    arguments = {name: each for name, each in message.arguments.items() if name != "message_id"}
    return replace(message, method="sendMessage", arguments=arguments)


def _without_thread(message: Outgoing) -> Outgoing:
    """Return the message for the whole group.

    A reply stands in the topic of what it replies to, so that has to go as well.
    """
    kept = {name: each for name, each in message.arguments.items() if name not in OF_PLACE}
    return replace(message, arguments=kept)


def apology_to(update: Mapping[str, Any]) -> list[Outgoing]:
    """Return the apology to whoever wrote a message that was never handled."""
    message = update.get("message")
    chat = message.get("chat") if isinstance(message, dict) else None
    chat_id = chat.get("id") if isinstance(chat, dict) else None
    if not isinstance(chat_id, int):
        return []
    return [Outgoing(chat_id=chat_id, arguments={"text": ENGLISH("failed")})]


def _apology(message: Outgoing) -> Outgoing:
    """Return that something went wrong, said where the message would have stood."""
    place = {name: message.arguments[name] for name in OF_PLACE if name in message.arguments}
    return Outgoing(chat_id=message.chat_id, arguments={"text": ENGLISH("failed")} | place)
