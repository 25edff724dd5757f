"""Which of a bot's processes does what: one alone does everything, several claim it first."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import false, true

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Connection

__all__ = ["ALONE", "Alone", "Claims", "Duty", "News"]


class Duty(StrEnum):
    """What one process does at a time; the first two once for each lane or chat."""

    HANDLING = "handling"
    SENDING = "sending"
    POLLING = "polling"
    PRUNING = "pruning"
    ANNOUNCING = "announcing"
    REBUILDING = "rebuilding"


class News(StrEnum):
    """What all processes are told."""

    LEFT = "left"
    """There may be something to do that nobody has claimed."""
    HELD = "held"
    """Telegram takes no messages to some chat for a while."""


class Claims(Protocol):
    """One process's claims.

    They stand in the database and nowhere else: whose a duty is, is asked in the very statement
    that reads what there is to do. So no memory can be wrong about it.
    """

    @property
    def are_shared(self) -> bool:
        """Whether there may be other processes."""

    @property
    def processes(self) -> int:
        """How many there are, this one included."""

    @property
    def is_sure(self) -> bool:
        """Whether nothing that this process has claimed can be another's by now."""

    def owned(self, duty: Duty, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition, for queries, that a duty is this process's."""

    def unclaimed(self, duty: Duty, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition, for queries, that nobody does a duty."""

    def claim_within(self, connection: Connection, duty: Duty, number: int = 0) -> bool:
        """Claim a duty as part of a larger transaction; tell whether it is this process's now.

        If it is another's, that one hears of the commit: there is something to do.
        """

    def release_within(
        self,
        connection: Connection,
        duty: Duty,
        when: ColumnElement[bool],
        parameters: Mapping[str, object],
    ) -> None:
        """Give up those of this process's claims that meet a condition on their table."""

    def tell_within(self, connection: Connection, news: News) -> None:
        """Tell all processes something, once the transaction is committed."""


class Alone:
    """The claims of a process that is the only one: everything is its own, at no cost."""

    are_shared = False
    processes = 1
    is_sure = True

    def owned(self, _duty: Duty, _number: ColumnElement[int]) -> ColumnElement[bool]:
        """Return what always holds."""
        return true()

    def unclaimed(self, _duty: Duty, _number: ColumnElement[int]) -> ColumnElement[bool]:
        """Return what never holds."""
        return false()

    def claim_within(self, _connection: Connection, _duty: Duty, _number: int = 0) -> bool:
        """Do nothing."""
        return True

    def release_within(
        self,
        _connection: Connection,
        _duty: Duty,
        _when: ColumnElement[bool],
        _parameters: Mapping[str, object],
    ) -> None:
        """Do nothing."""

    def tell_within(self, _connection: Connection, _news: News) -> None:
        """Do nothing."""


ALONE = Alone()
