"""What came in, as far as handlers need to know it: where, from whom, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from bot.texts import Texts, texts_for

if TYPE_CHECKING:
    from telegram import CallbackQuery, Message, Update

__all__ = ["Incoming", "as_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """An update's place and person.

    `message_id` is the message that it is about: sent, edited, or holding the pressed button;
    `reply_to_id` is the one that it replies to.
    `thread_id` is the forum topic it stands in, None elsewhere. `user_id` is None where nobody is
    named, as in channels and for anonymous administrators; `sent_at`, in Unix seconds, is when it
    was written, or last edited.
    """

    update_id: int
    chat_id: int
    is_private: bool
    thread_id: int | None
    user_id: int | None
    message_id: int
    sent_at: float
    text: str
    texts: Texts
    reply_to_id: int | None = None

    @classmethod
    def from_update(cls, update: Update) -> Self | None:
        """Return what an update brings; None for one that stands in no chat, as inline queries."""
        message, user = update.effective_message, update.effective_user
        query = update.callback_query
        if message is None and query is not None and query.message is not None:
            return cls._from_old_message(update, query)
        if message is None:
            return None
        is_known = user is not None and (query is not None or message.sender_chat is None)
        return cls(
            update_id=update.update_id,
            chat_id=message.chat.id,
            is_private=message.chat.type == message.chat.PRIVATE,
            thread_id=_thread_of(message),
            user_id=user.id if user is not None and is_known else None,
            message_id=message.message_id,
            reply_to_id=message.reply_to_message.message_id if message.reply_to_message else None,
            sent_at=(message.edit_date or message.date).timestamp(),
            text=as_text(message.text or message.caption or ""),
            texts=texts_for(user.language_code if user else None),
        )

    @classmethod
    def _from_old_message(cls, update: Update, query: CallbackQuery) -> Self | None:
        """Return a press on a message so old that Telegram tells no more than its number."""
        message = query.message
        if message is None:
            return None
        return cls(
            update_id=update.update_id,
            chat_id=message.chat.id,
            is_private=message.chat.type == message.chat.PRIVATE,
            thread_id=None,
            user_id=query.from_user.id,
            message_id=message.message_id,
            sent_at=0.0,
            text="",
            texts=texts_for(query.from_user.language_code),
        )


def as_text(typed: str) -> str:
    """Return what was typed without what is no text: NUL, and halves of surrogate pairs."""
    whole = typed.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return whole.replace("\0", " ")


def _thread_of(message: Message) -> int | None:
    return message.message_thread_id if message.is_topic_message else None
