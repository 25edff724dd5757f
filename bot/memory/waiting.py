"""Questions that the documents did not answer, and who wants to know once they do."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select, update

from bot.database.keeping import insert_or_replace
from bot.database.tables import waiting as table
from bot.errors import NobodyWaitsError
from bot.people.retention import WAITING_S

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store

__all__ = ["MOST_PER_PERSON", "Waiting", "WaitingFor"]

MOST_PER_PERSON = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingFor:
    """A question that somebody waits for.

    `question_id` is the message that asked, and `asker_id` who did; `generation` is the index that
    was last asked in vain.
    """

    user_id: int
    chat_id: int
    thread_id: int | None
    question_id: int
    asker_id: int | None
    question: str
    language: str
    generation: str


_COLUMNS = tuple(field.name for field in fields(WaitingFor))
_OF_BOT = table.c.bot_id == bindparam("bot")
_OF_USER = _OF_BOT & (table.c.user_id == bindparam("user"))
_OF_CHAT = (table.c.chat_id == bindparam("chat")) & (table.c.question_key == bindparam("key"))

_ADD = insert_or_replace(table)
_COUNT = select(func.count()).select_from(table).where(_OF_USER)
_NOT_ASKED = (
    select(*(table.c[name] for name in _COLUMNS))
    .where(_OF_BOT, table.c.generation != bindparam("live"))
    .order_by("since", "user_id")
    .limit(bindparam("most"))
)
_ASKED = update(table).where(_OF_USER, _OF_CHAT).values(generation=bindparam("live"))
_REMOVE = delete(table).where(_OF_USER, _OF_CHAT)
_TELL = delete(table).where(_OF_BOT, _OF_CHAT, table.c.question_id == bindparam("message"))
_FORGET = delete(table).where(
    _OF_BOT, (table.c.user_id == bindparam("user")) | (table.c.asker_id == bindparam("user"))
)
_PRUNE = delete(table).where(table.c.since < bindparam("before"))


class Waiting:
    """One bot's list of who waits for what: a person and question once in a chat."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(self, connection: Connection, waiting: WaitingFor) -> None:
        """Wait for a question from now on, as part of a larger transaction."""
        key = {"bot_id": self._bot_id, "question_key": _key(waiting.question)}
        connection.execute(_ADD, asdict(waiting) | key | {"since": time.time()})

    def count(self, user_id: int) -> int:
        """Return for how many questions a person waits.

        Raises:
            StoreError: the file can't be read.
        """
        [(count,)] = self._store.read(_COUNT, {"bot": self._bot_id, "user": user_id})
        return int(count)

    def not_asked(self, generation: str, *, most: int) -> list[WaitingFor]:
        """Return some of those that this index was not asked yet, the longest waiting first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(
            _NOT_ASKED, {"bot": self._bot_id, "live": generation, "most": most}
        )
        return [WaitingFor(**dict(zip(_COLUMNS, row, strict=True))) for row in rows]

    def asked_within(self, connection: Connection, waiting: WaitingFor, generation: str) -> None:
        """Note that an index was asked in vain."""
        connection.execute(_ASKED, self._it(waiting) | {"live": generation})

    def remove_within(self, connection: Connection, waiting: WaitingFor) -> None:
        """Wait no more."""
        connection.execute(_REMOVE, self._it(waiting))

    def tell_within(self, connection: Connection, waiting: WaitingFor) -> None:
        """Note that all who wait for this question are told: one reply tells a whole group.

        Raises:
            NobodyWaitsError: nobody does any more.
        """
        told = self._it(waiting) | {"message": waiting.question_id}
        if not connection.execute(_TELL, told).rowcount:
            raise NobodyWaitsError

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget what a person waits for, and who waits for what he has asked."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Give up what was waited for in vain for long."""
        connection.execute(_PRUNE, {"before": time.time() - WAITING_S})

    def _it(self, waiting: WaitingFor) -> dict[str, Any]:
        return {
            "bot": self._bot_id,
            "user": waiting.user_id,
            "chat": waiting.chat_id,
            "key": _key(waiting.question),
        }


def _key(question: str) -> str:
    return sha256(question.encode()).hexdigest()
