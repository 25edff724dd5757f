"""Which messages were sent with a tag: an answer can be found again, to be changed or pressed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from bot.people.retention import SENT_S

if TYPE_CHECKING:
    import sqlite3

    from bot.delivery.store import Store

__all__ = ["Sent", "SentMessage"]


class SentMessage(NamedTuple):
    """A message that Telegram has taken."""

    chat_id: int
    message_id: int


class Sent:
    """One bot's tagged messages.

    A tag is written in the transaction that strikes the message off the queue. When the process
    ends between Telegram's answer and that, the message is sent again, and the tag is that of the
    second; when the answer itself is lost the message is not repeated, and its tag is never known.
    """

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def note_within(self, connection: sqlite3.Connection, message: SentMessage, tag: str) -> None:
        """Note a tag as part of a larger transaction."""
        connection.execute(
            "INSERT OR REPLACE INTO sent (bot_id, chat_id, message_id, tag, at) "
            "VALUES (?, ?, ?, ?, ?)",
            (self._bot_id, *message, tag, time.time()),
        )

    def tagged(self, tag: str) -> list[SentMessage]:
        """Return the messages with a tag, in the order of their numbers.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT chat_id, message_id FROM sent WHERE bot_id = ? AND tag = ? ORDER BY 1, 2",
            (self._bot_id, tag),
        )
        return [SentMessage(*row) for row in rows]

    def tag_of(self, message: SentMessage) -> str | None:
        """Return the tag of a message, None for one that has none, or is long gone.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT tag FROM sent WHERE bot_id = ? AND chat_id = ? AND message_id = ?",
            (self._bot_id, *message),
        )
        for (tag,) in rows:
            return str(tag)
        return None

    def forget_within(self, connection: sqlite3.Connection, user_id: int) -> None:
        """Forget the messages of the private chat with a person, which has his number."""
        connection.execute(
            "DELETE FROM sent WHERE bot_id = ? AND chat_id = ?", (self._bot_id, user_id)
        )

    async def prune(self) -> None:
        """Forget what was sent long ago.

        Raises:
            StoreError: the file can't be written.
        """
        before = time.time() - SENT_S
        await self._store.write(
            lambda connection: connection.execute("DELETE FROM sent WHERE at < ?", (before,))
        )
