"""What is kept of people: the source of what /privacy says, held to the tables by a test."""

from __future__ import annotations

from dataclasses import dataclass

from bot.people.retention import (
    COUNTED_S,
    DAY_S,
    FEEDBACK_S,
    HANDLED_S,
    QUESTIONS_S,
    REBUILDS_S,
    SENT_S,
    WAITING_S,
)

__all__ = ["KEPT", "Kept"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What some tables hold, as the text of this name says it, and for how long if bounded."""

    text: str
    tables: tuple[str, ...]
    seconds: float | None = None

    @property
    def days(self) -> int:
        """For how many days it is kept, rounded up; 0 without a bound."""
        return -int(-(self.seconds or 0) // DAY_S)


KEPT = (
    Kept(
        text="kept-updates",
        tables=("updates", "messages", "holds", "claims"),
        seconds=HANDLED_S,
    ),
    Kept(text="kept-cards", tables=("cards", "sent", "turns"), seconds=SENT_S),
    Kept(text="kept-asked", tables=("asked",), seconds=QUESTIONS_S),
    Kept(text="kept-votes", tables=("votes",), seconds=FEEDBACK_S),
    Kept(text="kept-waiting", tables=("waiting",), seconds=WAITING_S),
    Kept(text="kept-uses", tables=("uses",), seconds=COUNTED_S),
    Kept(text="kept-rebuilds", tables=("rebuilds", "offers"), seconds=REBUILDS_S),
    Kept(text="kept-members", tables=("members",)),
)
"""All of it, in the order in which it is said."""
