"""Messages that are still to be sent, kept until they are: order, holds and moves by chat."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from bot.delivery.sent import SentMessage

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Mapping

    from bot.delivery.sent import Sent
    from bot.delivery.store import Store

__all__ = ["EDIT", "OF_PLACE", "Messages", "Outgoing", "Queued"]

EDIT = "editMessageText"

OF_PLACE = ("reply_parameters", "message_thread_id")
"""The arguments that say where in its chat a message stands."""

# Message and thread numbers mean nothing in the chat that a group has moved to.
_OF_OLD_CHAT = (*OF_PLACE, "message_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A call of `method` for one chat; `arguments` are those of the Bot API, as JSON values.

    `document` is a file for sendDocument to upload, its path within the folder that the outbox
    may send from. With a `tag` the message can be found once it is sent (`Sent`).
    """

    chat_id: int
    method: str = "sendMessage"
    arguments: Mapping[str, Any]
    document: str | None = None
    tag: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A message with its place in the queue."""

    id: int
    message: Outgoing


class Messages:
    """One bot's queue of messages on disk."""

    def __init__(self, store: Store, sent: Sent, bot_id: int) -> None:
        self._store = store
        self._sent = sent
        self._bot_id = bot_id

    def add_within(self, connection: sqlite3.Connection, messages: Iterable[Outgoing]) -> None:
        """Queue messages as part of a larger transaction.

        An edit takes the place of those of the same message that are still queued: only what it
        says in the end is worth a call.
        """
        for each in messages:
            if each.method == EDIT:
                connection.execute(
                    "DELETE FROM messages WHERE bot_id = ? AND chat_id = ? AND method = ? "
                    "AND (json_extract(arguments, '$.message_id') = ? OR tag = ?)",
                    (
                        self._bot_id,
                        each.chat_id,
                        EDIT,
                        each.arguments.get("message_id"),
                        each.tag,
                    ),
                )
            connection.execute(
                "INSERT INTO messages (bot_id, chat_id, method, arguments, document, tag) "
                "VALUES (?, ?, ?, ?, ?, ?)",
                (self._bot_id, each.chat_id, *_columns(each)),
            )

    def first_of(self, chat_id: int) -> Queued | None:
        """Return the message that is next in a chat, None if there is none.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            "SELECT id, method, arguments, document, tag FROM messages "
            "WHERE bot_id = ? AND chat_id = ? ORDER BY id LIMIT 1",
            (self._bot_id, chat_id),
        )
        for number, method, arguments, document, tag in rows:
            message = Outgoing(
                chat_id=chat_id,
                method=method,
                arguments=json.loads(arguments),
                document=document,
                tag=tag,
            )
            return Queued(id=number, message=message)
        return None

    def addressed(self, message: Outgoing) -> Outgoing:
        """Return a message as it can be sent now.

        An edit gets the number of the message with its tag; where that was never known, it
        becomes a message of its own. Only such a one needs to be told its place.

        Raises:
            StoreError: the file can't be read.
        """
        if message.method != EDIT:
            return message
        arguments = dict(message.arguments)
        if "message_id" not in arguments:
            known = self._sent.tagged(message.tag) if message.tag is not None else []
            if not known:
                return replace(message, method="sendMessage")
            arguments["message_id"] = known[-1].message_id
        kept = {name: each for name, each in arguments.items() if name not in OF_PLACE}
        return replace(message, arguments=kept)

    def chats(self) -> list[int]:
        """Return the chats with messages to send, the longest waiting first."""
        rows = self._store.read(
            "SELECT chat_id FROM messages WHERE bot_id = ? GROUP BY chat_id ORDER BY min(id)",
            (self._bot_id,),
        )
        return [chat_id for (chat_id,) in rows]

    def holds(self) -> dict[int, float]:
        """Return for how long (in seconds) which chats take no message.

        A clock that was set back meanwhile makes no hold longer than it was.
        """
        now = time.time()
        rows = self._store.read(
            "SELECT chat_id, until, since FROM holds WHERE bot_id = ? AND until > ?",
            (self._bot_id, now),
        )
        return {chat_id: min(until - now, until - since) for chat_id, until, since in rows}

    async def hold(self, chat_id: int, seconds: float) -> None:
        """Keep in mind that a chat takes no message for so long; past holds are forgotten."""
        now = time.time()

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM holds WHERE until <= ?", (now,))
            connection.execute(
                "INSERT OR REPLACE INTO holds (bot_id, chat_id, until, since) VALUES (?, ?, ?, ?)",
                (self._bot_id, chat_id, now + seconds, now),
            )

        await self._store.write(work)

    async def remove(self, queued: Queued, *, message_id: int | None = None) -> None:
        """Forget a message that can't be sent, or was, as this one; then its tag is noted."""
        message = queued.message

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM messages WHERE id = ?", (queued.id,))
            if message.tag is not None and message_id is not None:
                known = SentMessage(message.chat_id, message_id)
                self._sent.note_within(connection, known, message.tag)

        await self._store.write(work)

    async def replace(self, queued: Queued, message: Outgoing) -> None:
        """Put another message in the place of one."""
        await self._store.write(
            lambda connection: connection.execute(
                "UPDATE messages SET method = ?, arguments = ?, document = ?, tag = ? "
                "WHERE id = ?",
                (*_columns(message), queued.id),
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
        """Let all messages for a chat go to the one that it has become, edits as new ones."""
        paths = ", ".join(f"'$.{name}'" for name in _OF_OLD_CHAT)
        await self._store.write(
            lambda connection: connection.execute(
                "UPDATE messages SET chat_id = ?, "  # noqa: S608 -- no value of anybody's
                "method = replace(method, 'editMessageText', 'sendMessage'), "
                f"arguments = json_remove(arguments, {paths}) WHERE bot_id = ? AND chat_id = ?",
                (new, self._bot_id, old),
            )
        )


def _columns(message: Outgoing) -> tuple[str, str, str | None, str | None]:
    arguments = json.dumps(dict(message.arguments))
    return message.method, arguments, message.document, message.tag
