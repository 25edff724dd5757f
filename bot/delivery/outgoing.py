"""Messages that are still to be sent, kept until they are: order and moves by chat."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, select, update

from bot.database.shared_tables import claims
from bot.database.tables import messages
from bot.delivery.holds import Holds
from bot.delivery.sent import SentMessage
from bot.sharing.claims import ALONE, Duty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy import Connection

    from bot.database.store import Store
    from bot.delivery.sent import Sent
    from bot.sharing.claims import Claims

__all__ = ["EDIT", "OF_PLACE", "Messages", "Outgoing", "Queued"]

EDIT = "editMessageText"

OF_PLACE = ("reply_parameters", "message_thread_id")
"""The arguments that say where in its chat a message stands."""

# Message and thread numbers mean nothing in the chat that a group has moved to.
_OF_OLD_CHAT = (*OF_PLACE, "message_id")

_OF_BOT = messages.c.bot_id == bindparam("bot")
_IN_CHAT = _OF_BOT & (messages.c.chat_id == bindparam("chat"))
_IT = messages.c.id == bindparam("number")
_ROWS = select(
    messages.c.id, messages.c.method, messages.c.arguments, messages.c.document, messages.c.tag
).where(_IN_CHAT)

_ADD = messages.insert().inline()
_DROP_EDITS = delete(messages).where(
    _IN_CHAT,
    messages.c.method == EDIT,
    (messages.c.edits == bindparam("edited")) | (messages.c.tag == bindparam("its_tag")),
)
_ALL = _ROWS.order_by("id")
_FIRST = _ALL.limit(1)
_CHATS = (
    select(messages.c.chat_id)
    .where(_OF_BOT)
    .group_by(messages.c.chat_id)
    .order_by(func.min(messages.c.id))
)
_AT_REST = claims.c.number.not_in(bindparam("busy", expanding=True)) & ~exists().where(
    messages.c.bot_id == claims.c.bot_id, messages.c.chat_id == claims.c.number
)
_REMOVE = delete(messages).where(_IT)
_REPLACE = update(messages).where(_IT)
_DROP_CHAT = delete(messages).where(_IN_CHAT)


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
    """One bot's queue of messages on disk, of which a process sees those that it is to send."""

    def __init__(self, store: Store, sent: Sent, bot_id: int, claims: Claims = ALONE) -> None:
        self._store = store
        self._sent = sent
        self._bot_id = bot_id
        self._claims = claims
        self.holds = Holds(store, bot_id, claims)
        self._first = _FIRST.where(claims.owned(Duty.SENDING, messages.c.chat_id))
        self._chats = _CHATS.where(claims.owned(Duty.SENDING, messages.c.chat_id))
        self._left = _CHATS.where(claims.unclaimed(Duty.SENDING, messages.c.chat_id))

    def add_within(self, connection: Connection, outgoing: Iterable[Outgoing]) -> None:
        """Queue messages as part of a larger transaction, to be sent by whoever sends to the chat.

        An edit takes the place of those of the same message that are still queued: only what it
        says in the end is worth a call.
        """
        for each in outgoing:
            row = _row(each)
            if each.method == EDIT:
                same = {"edited": row["edits"], "its_tag": each.tag}
                connection.execute(_DROP_EDITS, self._chat(each.chat_id) | same)
            connection.execute(_ADD, row | {"bot_id": self._bot_id})
            self._claims.claim_within(connection, Duty.SENDING, each.chat_id)

    def first_of(self, chat_id: int) -> Queued | None:
        """Return the message that is next in a chat, None if there is none.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(self._first, self._chat(chat_id))
        return _queued(chat_id, rows[0]) if rows else None

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
        rows = self._store.read(self._chats, {"bot": self._bot_id})
        return [chat_id for (chat_id,) in rows]

    async def take_up(self) -> bool:
        """Claim the sending to a fair part of the chats that nobody sends to; tell if there were.

        Raises:
            StoreError: the database can't be used now.
        """

        def work(connection: Connection) -> bool:
            chats = connection.scalars(self._left, {"bot": self._bot_id}).all()
            for chat_id in chats[: ceil(len(chats) / self._claims.processes)]:
                self._claims.claim_within(connection, Duty.SENDING, chat_id)
            return bool(chats)

        return await self._store.write(work)

    async def give_up(self, *, busy: Collection[int]) -> None:
        """Leave the sending to all but these chats to whoever has something to send there next.

        Raises:
            StoreError: the database can't be used now.
        """
        if not self._claims.are_shared:
            return
        given = {"busy": list(busy)}
        await self._store.write(
            lambda c: self._claims.release_within(c, Duty.SENDING, _AT_REST, given)
        )

    async def remove(self, queued: Queued, *, message_id: int | None = None) -> None:
        """Forget a message that can't be sent, or was, as this one; then its tag is noted."""
        message = queued.message

        def work(connection: Connection) -> None:
            connection.execute(_REMOVE, {"number": queued.id})
            if message.tag is not None and message_id is not None:
                known = SentMessage(message.chat_id, message_id)
                self._sent.note_within(connection, known, message.tag)

        await self._store.write(work)

    async def replace(self, queued: Queued, message: Outgoing) -> None:
        """Put another message in the place of one."""
        row = _row(message) | {"number": queued.id}
        await self._store.write(lambda c: c.execute(_REPLACE, row).rowcount)

    async def drop_chat(self, chat_id: int) -> int:
        """Forget all messages for a chat; return how many there were."""
        where = self._chat(chat_id)
        return await self._store.write(lambda c: c.execute(_DROP_CHAT, where).rowcount)

    async def move_chat(self, old: int, new: int) -> None:
        """Let all messages for a chat go to the one that it has become, edits as new ones."""

        def work(connection: Connection) -> None:
            for row in connection.execute(_ALL, self._chat(old)).all():
                queued = _queued(old, row)
                moved = _row(_moved(queued.message, new))
                connection.execute(_REPLACE, moved | {"number": queued.id})
            self._claims.claim_within(connection, Duty.SENDING, new)

        await self._store.write(work)

    def _chat(self, chat_id: int) -> dict[str, Any]:
        return {"bot": self._bot_id, "chat": chat_id}


def _row(message: Outgoing) -> dict[str, Any]:
    return {
        "chat_id": message.chat_id,
        "method": message.method,
        "arguments": json.dumps(dict(message.arguments)),
        "document": message.document,
        "tag": message.tag,
        "edits": message.arguments.get("message_id") if message.method == EDIT else None,
    }


def _queued(chat_id: int, row: Sequence[Any]) -> Queued:
    number, method, arguments, document, tag = row
    message = Outgoing(
        chat_id=chat_id,
        method=method,
        arguments=json.loads(arguments),
        document=document,
        tag=tag,
    )
    return Queued(id=number, message=message)


def _moved(message: Outgoing, chat_id: int) -> Outgoing:
    kept = {name: each for name, each in message.arguments.items() if name not in _OF_OLD_CHAT}
    method = "sendMessage" if message.method == EDIT else message.method
    return replace(message, chat_id=chat_id, method=method, arguments=kept)
