"""How passages began that a link was given for: so that the closest is found once one is gone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select

from bot.database.keeping import insert_or_replace
from bot.database.tables import linked
from bot.people.retention import LINKED_S

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from bot.database.store import Store
    from index.types import Passage

__all__ = ["MAX_KEPT", "Linked", "beginning"]

MAX_KEPT = 50_000  # passages, the last linked to; some 20 MB
_MAX_CHARS = 400  # the encoder reads little more

_OF_BOT = linked.c.bot_id == bindparam("bot")

_NOTE = insert_or_replace(linked)
_WORDS = select(linked.c.words).where(_OF_BOT, linked.c.passage_id == bindparam("passage"))
_PRUNE = delete(linked).where(linked.c.at < bindparam("before"))
_LAST_KEPT = (
    select(linked.c.at)
    .where(_OF_BOT)
    .order_by(linked.c.at.desc())
    .limit(1)
    .offset(bindparam("most"))
    .scalar_subquery()
)
_PRUNE_TOO_MANY = delete(linked).where(_OF_BOT, linked.c.at < _LAST_KEPT)


class Linked:
    """One bot's linked passages; nothing of it is about a person."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def note_within(self, connection: Connection, passages: Iterable[Passage]) -> None:
        """Remember passages whose links are shown, as part of a larger transaction."""
        now = time.time()
        rows = {  # a passage once: PostgreSQL replaces no row twice
            each.id: {
                "bot_id": self._bot_id,
                "passage_id": each.id,
                "words": beginning(each.text),
                "at": now,
            }
            for each in passages
        }
        if rows:
            connection.execute(_NOTE, list(rows.values()))

    def words_of(self, passage_id: str) -> str | None:
        """Return how a passage began, None for one that no link was given for, or long ago.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_WORDS, {"bot": self._bot_id, "passage": passage_id})
        for (words,) in rows:
            return str(words)
        return None

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Keep everything: who was given a link is not known."""

    def prune_within(self, connection: Connection) -> None:
        """Forget what was linked to long ago, and the oldest of too many."""
        connection.execute(_PRUNE, {"before": time.time() - LINKED_S})
        connection.execute(_PRUNE_TOO_MANY, {"bot": self._bot_id, "most": MAX_KEPT - 1})


def beginning(text: str) -> str:
    """Return the first words of a text, the last one whole where there is a space."""
    if len(text) <= _MAX_CHARS:
        return text
    cut = text[: _MAX_CHARS + 1]
    return (cut.rsplit(maxsplit=1)[0] if any(map(str.isspace, cut)) else cut)[:_MAX_CHARS]
