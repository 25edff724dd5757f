"""Whether a commit went through whose answer was lost with the connection."""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, select, update

from bot.database.tables import writers

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["Receipts"]

_KEPT_S = 30 * 86_400.0  # a bot that runs writes every hour

_MINE = writers.c.id == bindparam("mine")
_NEXT = update(writers).where(_MINE).values(commits=bindparam("number"), at=bindparam("now"))
_LAST = select(writers.c.commits).where(_MINE).with_for_update()
_NEW = writers.insert()
_OLD = delete(writers).where(writers.c.at < bindparam("before"))


class Receipts:
    """One process's commits, counted in a row of its own by each of them.

    A transaction's number could be asked for instead (`pg_xact_status`), but a server that crashes
    gives numbers anew that never reached its disk.
    """

    def __init__(self, connection: Connection) -> None:
        """Make the row, and forget those of processes that ended long ago.

        Raises:
            SQLAlchemyError: the database can't be used now.
        """
        self._id = secrets.token_hex(8)
        self._number = 0
        now = time.time()
        with connection.begin():
            connection.execute(_OLD, {"before": now - _KEPT_S})
            connection.execute(_NEW, {"id": self._id, "commits": 0, "at": now})

    def sign(self, connection: Connection) -> None:
        """Count the transaction that is about to be committed."""
        self._number += 1
        connection.execute(_NEXT, {"mine": self._id, "number": self._number, "now": time.time()})

    def is_in(self, connection: Connection) -> bool:
        """Whether the last one that was signed went through.

        Its lock on the row is waited for: it may still be under way.

        Raises:
            SQLAlchemyError: it can't be told now.
        """
        with connection.begin():
            return connection.execute(_LAST, {"mine": self._id}).scalar() == self._number
