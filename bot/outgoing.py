"""Messages that are still to be sent, kept until they are: order, holds and moves by chat."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from bot.store import Store

__all__ = ["Messages", "Outgoing", "Queued"]

# Message and thread numbers mean nothing in the chat that a group has moved to.
_OF_OLD_CHAT = ("reply_parameters", "message_thread_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A call of `method` for one chat; `arguments` are those of the Bot API, as JSON values."""

    chat_id: int
    method: str = "sendMessage"
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A message with its place in the queue."""

    id: int
    message: Outgoing


class Messages:
    """One bot's queue of messages on disk."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(self, connection: sqlite3.Connection, messages: Iterable[Outgoing]) -> None:
        """Queue messages as part of a larger transaction."""
        connection.executemany(
            "INSERT INTO messages (bot_id, chat_id, method, arguments) VALUES (?, ?, ?, ?)",
            [
                (self._bot_id, each.chat_id, each.method, json.dumps(dict(each.arguments)))
                for each in messages
            ],
        )

    def first_of(self, chat_id: int) -> Queued | None:
        """Return the message that is next in a chat, None if there is none."""
        rows = self._store.read(
            "SELECT id, method, arguments FROM messages WHERE bot_id = ? AND chat_id = ? "
            "ORDER BY id LIMIT 1",
            (self._bot_id, chat_id),
        )
        for number, method, arguments in rows:
            message = Outgoing(chat_id=chat_id, method=method, arguments=json.loads(arguments))
            return Queued(id=number, message=message)
        return None

    def chats(self) -> list[int]:
        """Return the chats with messages to send, the longest waiting first."""
        rows = self._store.read(
            "SELECT chat_id FROM messages WHERE bot_id = ? GROUP BY chat_id ORDER BY min(id)",
            (self._bot_id,),
        )
        return [chat_id for (chat_id,) in rows]

    def holds(self) -> dict[int, float]:
        """Return until when (Unix time) which chats take no message."""
        rows = self._store.read(
            "SELECT chat_id, until FROM holds WHERE bot_id = ? AND until > ?",
            (self._bot_id, time.time()),
        )
        return dict(rows)

    async def hold(self, chat_id: int, until: float) -> None:
        """Keep in mind that a chat takes no message until then; past holds are forgotten."""

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM holds WHERE until <= ?", (time.time(),))
            connection.execute(
                "INSERT OR REPLACE INTO holds VALUES (?, ?, ?)", (self._bot_id, chat_id, until)
            )

        await self._store.write(work)

    async def remove(self, number: int) -> None:
        """Forget a message that was sent, or can't be."""
        await self._store.write(
            lambda connection: connection.execute("DELETE FROM messages WHERE id = ?", (number,))
        )

    async def replace(self, queued: Queued, message: Outgoing) -> None:
        """Put another message in the place of one."""
        await self._store.write(
            lambda connection: connection.execute(
                "UPDATE messages SET method = ?, arguments = ? WHERE id = ?",
                (message.method, json.dumps(dict(message.arguments)), queued.id),
            )
        )

    async def drop_chat(self, chat_id: int) -> int:
        """Forget all messages for a chat; return how many there were."""
        return await self._store.write(
            lambda connection: (
                connection.execute(
                    "DELETE FROM messages WHERE bot_id = ? AND chat_id = ?",
                    (self._bot_id, chat_id),
                ).rowcount
            )
        )

    async def move_chat(self, old: int, new: int) -> None:
        """Let all messages for a chat go to the one that it has become."""
        paths = ", ".join(f"'$.{name}'" for name in _OF_OLD_CHAT)
        await self._store.write(
            lambda connection: connection.execute(
                f"UPDATE messages SET chat_id = ?, arguments = json_remove(arguments, {paths}) "  # noqa: S608
                "WHERE bot_id = ? AND chat_id = ?",
                (new, self._bot_id, old),
            )
        )
