"""Thumbs: what people think of an answer, and which passage they say was right."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, select

from bot.database.keeping import insert_or_replace
from bot.database.tables import votes
from bot.people.retention import FEEDBACK_S
from index.types import Span, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from bot.database.store import Store

__all__ = ["Quoted", "Vote", "Votes", "votes_of_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A passage, and the span of it that answers."""

    passage_id: str
    highlight: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """What one person thinks of the answer that a card gave to a question.

    It holds all that it is about, since a card changes with its question. `judged` is the passage
    that was on the screen, None where several were; `is_first` says that it was the best hit.
    `is_limited` says that it was asked of some documents alone.
    `right` is the passage chosen instead, and `is_none_right` that none of those offered was.
    """

    card_id: str
    user_id: int
    asker_id: int | None
    question: str
    verdict: Verdict
    is_up: bool
    judged: Quoted | None
    is_first: bool
    is_limited: bool = False
    right: Quoted | None = None
    is_none_right: bool = False


_JUDGING = ("is_up", "is_first", "is_none_right", "is_limited")
_PLAIN = ("card_id", "user_id", "asker_id", "question", "verdict", *_JUDGING)
_QUOTED = ("judged", "right")
_COLUMNS = (*_PLAIN, *(f"{name}_{part}" for name in _QUOTED for part in ("id", "start", "end")))
_OF_BOT = votes.c.bot_id == bindparam("bot")
_BY_USER = votes.c.user_id == bindparam("user")
_ROWS = select(*(votes.c[name] for name in _COLUMNS)).where(_OF_BOT)

_CAST = insert_or_replace(votes)
_GET = _ROWS.where(votes.c.card_id == bindparam("card"), _BY_USER)
_EVERYTHING = _ROWS.order_by("changed_at", "card_id", "user_id")
_COUNT = select(func.count().filter(votes.c.is_up), func.count().filter(~votes.c.is_up)).where(
    _OF_BOT, votes.c.changed_at >= bindparam("since")
)
_FORGET = delete(votes).where(_OF_BOT, _BY_USER | (votes.c.asker_id == bindparam("user")))
_PRUNE = delete(votes).where(votes.c.changed_at < bindparam("before"))
_BOTS = select(votes.c.bot_id).distinct().order_by("bot_id")


class Votes:
    """One bot's thumbs: one a person and card, the last one counts."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def cast_within(self, connection: Connection, vote: Vote) -> None:
        """Keep a vote in the place of the one before, as part of a larger transaction."""
        row = dict(zip(_COLUMNS, _row(vote), strict=True))
        connection.execute(_CAST, row | {"bot_id": self._bot_id, "changed_at": time.time()})

    def get(self, card_id: str, user_id: int) -> Vote | None:
        """Return how somebody has voted on a card, None if he has not.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_GET, {"bot": self._bot_id, "card": card_id, "user": user_id})
        return _vote(rows[0]) if rows else None

    def everything(self) -> list[Vote]:
        """Return all votes, the oldest first.

        Raises:
            StoreError: the file can't be read.
        """
        return list(map(_vote, self._store.read(_EVERYTHING, {"bot": self._bot_id})))

    def count(self, *, since: float) -> tuple[int, int]:
        """Return how many thumbs went up, and how many down, since a Unix time.

        Raises:
            StoreError: the file can't be read.
        """
        [(up, down)] = self._store.read(_COUNT, {"bot": self._bot_id, "since": since})
        return up, down

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget a person's votes, and those on what he has asked, which hold his words."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Forget votes that nobody has exported for long."""
        connection.execute(_PRUNE, {"before": time.time() - FEEDBACK_S})


def votes_of_all(store: Store) -> list[Vote]:
    """Return the votes of every bot that has ever had this database.

    Raises:
        StoreError: the file can't be read.
    """
    return [vote for (bot_id,) in store.read(_BOTS) for vote in Votes(store, bot_id).everything()]


def _row(vote: Vote) -> tuple[Any, ...]:
    quoted: list[Any] = []
    for name in _QUOTED:
        each: Quoted | None = getattr(vote, name)
        quoted += (None, None, None) if each is None else (each.passage_id, *each.highlight)
    return (*(getattr(vote, name) for name in _PLAIN), *quoted)


def _vote(row: Sequence[Any]) -> Vote:
    given = dict(zip(_PLAIN, row, strict=False))
    given["verdict"] = Verdict(given["verdict"])
    given |= {name: bool(given[name]) for name in _JUDGING}
    for at, quoted in enumerate(_QUOTED):
        passage_id, start, end = row[len(_PLAIN) + 3 * at :][:3]
        is_there = passage_id is not None
        given[quoted] = (
            Quoted(passage_id=passage_id, highlight=Span(start, end)) if is_there else None
        )
    return Vote(**given)
