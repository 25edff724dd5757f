"""What of a message is a question to the bot; other people's talk never is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from telegram.constants import MessageEntityType
from telegram.ext import filters

from bot.incoming import as_text

if TYPE_CHECKING:
    from telegram import Bot, Message, MessageEntity

__all__ = ["AsksBot", "question_in"]

_AROUND_NAMES = " \t\n,:;"
_ASK = re.compile(r"/ask(?:@(\w+))?(?:\s+|$)", re.IGNORECASE)


def question_in(message: Message) -> str | None:
    """Return what is asked of the bot, "" where only the question is missing, None otherwise.

    In private that is any text, in groups what follows `/ask`, a reply to the bot, and a text
    that mentions it; of those the mention itself is left out.
    """
    bot = message.get_bot()
    text = message.text
    if text is None or _is_not_their_own(message, bot):
        return None
    if (command := _command(message)) is not None:
        asked = _ASK.match(command)
        if asked is None or (asked[1] or bot.username).lower() != bot.username.lower():
            return None
        return as_text(text[asked.end() :]).strip()
    if message.chat.type == message.chat.PRIVATE:
        return as_text(text)
    mentions = [each for each in message.entities if _is_mention(message, each, bot)]
    if not mentions and not _is_reply_to(message, bot):
        return None
    for mention in reversed(mentions):
        text = _without(text, mention)
    return as_text(text).strip(_AROUND_NAMES)


class AsksBot(filters.MessageFilter):
    """Messages with a question to the bot, an empty one too."""

    def filter(self, message: Message) -> bool:
        """Tell whether it has one."""
        return question_in(message) is not None


def _is_not_their_own(message: Message, bot: Bot) -> bool:
    """Whether somebody else speaks: a channel, or the bot itself by inline mode."""
    is_own_quote = message.via_bot is not None and message.via_bot.id == bot.id
    is_passed_on = message.forward_origin is not None and message.chat.type != "private"
    return is_own_quote or is_passed_on or bool(message.is_automatic_forward)


def _command(message: Message) -> str | None:
    """Return the text if it begins with a command."""
    for entity in message.entities:
        if entity.type == MessageEntityType.BOT_COMMAND and entity.offset == 0:
            return message.text
    return None


def _is_mention(message: Message, entity: MessageEntity, bot: Bot) -> bool:
    if entity.type == MessageEntityType.TEXT_MENTION:
        return entity.user is not None and entity.user.id == bot.id
    is_name = entity.type == MessageEntityType.MENTION
    return is_name and message.parse_entity(entity).lower() == f"@{bot.username}".lower()


def _is_reply_to(message: Message, bot: Bot) -> bool:
    """Whether it replies to something that the bot has said."""
    original = message.reply_to_message
    return (
        original is not None
        and original.forum_topic_created is None  # in a topic, what replies to nothing
        and original.from_user is not None
        and original.from_user.id == bot.id
    )


def _without(text: str, entity: MessageEntity) -> str:
    """Return the text without an entity, whose place is in UTF-16 code units."""
    units = text.encode("utf-16-le", "surrogatepass")
    end = 2 * (entity.offset + entity.length)
    kept = units[: 2 * entity.offset] + units[end:]
    return kept.decode("utf-16-le", "surrogatepass")
