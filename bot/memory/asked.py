"""What was asked and how it went, so that admins see which document is missing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, func, select

from bot.database.keeping import insert_or_replace
from bot.database.tables import asked
from bot.people.retention import QUESTIONS_S
from index.types import Verdict

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store
    from bot.incoming import Incoming
    from index.types import Answer

__all__ = ["Asked", "Slow"]

_OF_BOT = asked.c.bot_id == bindparam("bot")
_LATELY = _OF_BOT & (asked.c.at >= bindparam("since"))

_ADD = insert_or_replace(asked)
_COUNT = select(asked.c.verdict, func.count()).where(_LATELY).group_by(asked.c.verdict)
_SLOWEST = (
    select(asked.c.question, asked.c.ms)
    .where(_LATELY)
    .order_by(asked.c.ms.desc(), asked.c.update_id)
    .limit(bindparam("most"))
)
_UNANSWERED = (
    select(asked.c.question)
    .where(_LATELY, asked.c.verdict == Verdict.NO_ANSWER.value)
    .order_by(asked.c.at.desc(), asked.c.update_id.desc())
    .limit(bindparam("most"))
)
_FORGET = delete(asked).where(_OF_BOT, asked.c.user_id == bindparam("user"))
_PRUNE = delete(asked).where(asked.c.at < bindparam("before"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """A question, and how many milliseconds went by until its answer was found."""

    question: str
    ms: float


class Asked:
    """One bot's questions."""

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def add_within(
        self, connection: Connection, incoming: Incoming, answer: Answer, *, ms: float
    ) -> None:
        """Keep a question as part of a larger transaction; an update's once, the last one."""
        connection.execute(
            _ADD,
            {
                "bot_id": self._bot_id,
                "update_id": incoming.update_id,
                "at": time.time(),
                "chat_id": incoming.chat_id,
                "user_id": incoming.user_id,
                "question": answer.query,
                "verdict": answer.verdict.value,
                "confidence": answer.confidence,
                "ms": ms,
            },
        )

    def count(self, *, since: float) -> dict[Verdict, int]:
        """Return how many questions since a Unix time had which verdict.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_COUNT, {"bot": self._bot_id, "since": since})
        return dict.fromkeys(Verdict, 0) | {Verdict(verdict): count for verdict, count in rows}

    def slowest(self, *, since: float, most: int) -> list[Slow]:
        """Return the questions since a Unix time that took longest, the slowest first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_SLOWEST, {"bot": self._bot_id, "since": since, "most": most})
        return [Slow(question=question, ms=ms) for question, ms in rows]

    def unanswered(self, *, since: float, most: int) -> list[str]:
        """Return the latest questions since a Unix time that had no answer, the newest first.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_UNANSWERED, {"bot": self._bot_id, "since": since, "most": most})
        return [question for (question,) in rows]

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget what a person has asked."""
        connection.execute(_FORGET, {"bot": self._bot_id, "user": user_id})

    def prune_within(self, connection: Connection) -> None:
        """Forget what was asked long ago."""
        connection.execute(_PRUNE, {"before": time.time() - QUESTIONS_S})
