"""Which thread a message stands in.

A forum's topics are threads; where there are no topics, a supergroup makes a thread of every
message that is replied to, and the Bot API shows its number as well, though without
is_topic_message (telegram-bot-api, Client.cpp, JsonMessage).
"""

from typing import Any

from tests.botapi.chats import Chat, Group
from tests.botapi.messages import Message


def thread_details(chat: Chat, thread_id: int, reply_to: Message | None) -> dict[str, Any]:
    """Return the details of a new message; without a thread it follows what it replies to."""
    if not isinstance(chat, Group) or not chat.has_own_message_ids:
        return {}
    if not thread_id and reply_to is not None:
        thread_id = reply_to.thread_id
        if not thread_id and not chat.is_forum:
            thread_id = reply_to.message_id
    return {"thread_id": thread_id, "is_topic_message": chat.is_forum and bool(thread_id)}
