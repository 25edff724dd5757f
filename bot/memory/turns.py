"""Which answer came after which: the conversations of each person in each chat and topic.

What was said is in the cards; here is only their order. So whoever's cards are forgotten has no
conversation left either.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, literal, select

from bot.database.keeping import insert_or_replace
from bot.database.tables import turns
from bot.people.retention import SENT_S

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store

__all__ = ["IDLE_S", "MAX_TURNS", "Talk", "Turns"]

IDLE_S = 30 * 60.0
"""After such a pause a question begins a conversation, unless it replies to an answer."""
MAX_TURNS = 5
"""How far back a conversation is remembered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Where a conversation takes place and whose it is; `thread_id` is None out of topics."""

    chat_id: int
    thread_id: int | None
    user_id: int

    @property
    def columns(self) -> dict[str, Any]:
        """Its values, by the names of the table's columns."""
        return {
            "chat_id": self.chat_id,
            "thread_id": self.thread_id or 0,
            "user_id": self.user_id,
        }


_OF_BOT = turns.c.bot_id == bindparam("bot")
_OF_USER = _OF_BOT & (turns.c.user_id == bindparam("user_id"))
_OF_TALK = (
    _OF_USER
    & (turns.c.chat_id == bindparam("chat_id"))
    & (turns.c.thread_id == bindparam("thread_id"))
)

_ADD = insert_or_replace(turns)
_LAST = (
    select(turns.c.card_id)
    .where(_OF_TALK, turns.c.at > bindparam("since"))
    .order_by(turns.c.at.desc())
    .limit(1)
)
_BEFORE = select(turns.c.after).where(_OF_BOT, turns.c.card_id == bindparam("card"))
_CHAIN = _BEFORE.add_columns(literal(1).label("back")).cte("chain", recursive=True)
_CHAIN = _CHAIN.union_all(
    select(turns.c.after, _CHAIN.c.back + 1).where(
        _OF_BOT, turns.c.card_id == _CHAIN.c.after, _CHAIN.c.back < MAX_TURNS - 1
    )
)
_UNTIL = select(_CHAIN.c.after).where(_CHAIN.c.after.is_not(None)).order_by(_CHAIN.c.back.desc())
_END = delete(turns).where(_OF_TALK)
_FORGET = delete(turns).where(_OF_USER)
_PRUNE = delete(turns).where(turns.c.at < bindparam("since"))


class Turns:
    """One bot's conversations; a turn is the id of the card that answered it."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(
        self, connection: Connection, talk: Talk, card_id: str, *, after: str | None
    ) -> None:
        """Note a turn as part of a larger transaction; `after` is the one that it goes on from."""
        turn = {"bot_id": self._bot_id, "card_id": card_id, "after": after, "at": time.time()}
        connection.execute(_ADD, talk.columns | turn)

    def last(self, talk: Talk) -> str | None:
        """Return the turn that a question goes on from, None where it begins a conversation.

        Raises:
            StoreError: the file can't be read.
        """
        since = time.time() - IDLE_S
        rows = self._store.read(_LAST, talk.columns | {"bot": self._bot_id, "since": since})
        return str(rows[0][0]) if rows else None

    def until(self, card_id: str) -> list[str]:
        """Return a turn with those before it, the oldest first, `MAX_TURNS` at most.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_UNTIL, {"bot": self._bot_id, "card": card_id})
        return [*(before for (before,) in rows), card_id]

    def before(self, card_id: str) -> str | None:
        """Return the turn that one goes on from, None where it began a conversation.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_BEFORE, {"bot": self._bot_id, "card": card_id})
        return str(rows[0][0]) if rows and rows[0][0] is not None else None

    def end_within(self, connection: Connection, talk: Talk) -> None:
        """Forget a conversation, and all before it in the same place."""
        connection.execute(_END, talk.columns | {"bot": self._bot_id})

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget all conversations of a person."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user_id": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Forget what was said long ago."""
        connection.execute(_PRUNE, {"since": time.time() - SENT_S})
