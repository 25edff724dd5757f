"""Updates on disk, from before Telegram is told that they were received until they are handled.

The answer's messages are queued in the same transaction that marks the update as done, so after a
crash it is either handled again, with nothing sent yet, or not at all.
"""

from __future__ import annotations

import json
import logging
import time
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, literal_column, select

from bot.database.keeping import insert_or_keep
from bot.database.shared_tables import claims
from bot.database.tables import updates
from bot.delivery.ordering import lane_of, update_id_of
from bot.errors import DoneByAnotherError
from bot.people.retention import HANDLED_S
from bot.sharing.claims import ALONE, Duty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Select, Update

    from bot.database.store import Store
    from bot.delivery.drafts import Draft
    from bot.delivery.outgoing import Messages, Outgoing
    from bot.sharing.claims import Claims

__all__ = ["Inbox", "Received"]

_OF_BOT = updates.c.bot_id == bindparam("bot")
_IT = _OF_BOT & (updates.c.update_id == bindparam("number"))
_WAITS = updates.c.state == literal_column("'waiting'")  # as the index says it
_CHANGE = updates.update().where(_IT, _WAITS)  # a lane may have gone to another process

_RECEIVE = insert_or_keep(updates)
_UNFINISHED = (
    select(updates.c.update_id, updates.c.lane).where(_OF_BOT, _WAITS).order_by("update_id")
)
_IN_LANE = updates.c.lane == bindparam("lane")
_SUSPECTS = updates.c.attempts >= bindparam("least")
_FIRST = (
    select(updates.c.update_id, updates.c.body)
    .where(_OF_BOT, _IN_LANE, _WAITS)
    .order_by(updates.c.update_id)
    .limit(1)
)
_BEGIN_AGAIN = _CHANGE.values(attempts=updates.c.attempts + 1)
_ATTEMPTS = select(updates.c.attempts).where(_IT)
_FINISH = _CHANGE.values(state="done", body=None, changed_at=bindparam("now"))
_SET_ASIDE = _CHANGE.values(state="set aside", changed_at=bindparam("now"))
_its = updates.alias()
_ITS_LANE = (
    select(_its.c.lane)
    .where(_its.c.bot_id == bindparam("bot"), _its.c.update_id == bindparam("number"))
    .scalar_subquery()
)
_LANE_IS_EMPTY = (claims.c.number == _ITS_LANE) & ~exists().where(
    updates.c.bot_id == claims.c.bot_id, updates.c.lane == claims.c.number, _WAITS
)
_PRUNE = delete(updates).where(~_WAITS, updates.c.changed_at < bindparam("before"))

_AT_A_TIME = 256

_log = logging.getLogger(__name__)


class Received(NamedTuple):
    """An update that is to be handled; those of one lane in order."""

    update_id: int
    lane: int


class Inbox:
    """One bot's updates, of which a process sees those of the lanes that are its own."""

    def __init__(
        self, store: Store, messages: Messages, bot_id: int, claims: Claims = ALONE
    ) -> None:
        self._store = store
        self._messages = messages
        self._bot_id = bot_id
        self._claims = claims
        is_own = claims.owned(Duty.HANDLING, updates.c.lane)
        self._unfinished = _UNFINISHED.where(is_own)
        self._suspects = self._unfinished.where(_SUSPECTS)
        self._first = _FIRST.where(is_own)
        is_nobodys = claims.unclaimed(Duty.HANDLING, updates.c.lane)
        self._left = _UNFINISHED.where(is_nobodys).limit(_AT_A_TIME)

    async def receive(self, updates: Sequence[Any]) -> list[Received]:
        """Write updates to disk; return those that were not there before, in order.

        Those of a lane that another process works on are left to it.

        Raises:
            StoreError: they could not be written; Telegram must not be told otherwise.
        """
        rows = []
        for update in updates:
            update_id = update_id_of(update)
            if update_id is None:
                _log.error("an update without a number was passed over")
                continue
            # ASCII: what is no text (a lone surrogate) is kept as its escape.
            try:
                body = json.dumps(update)
            except RecursionError:  # it is set aside: lists within lists mean nothing
                body = json.dumps({"update_id": update_id})
            received = Received(update_id, lane_of(update))
            row = received._asdict() | {"bot_id": self._bot_id, "changed_at": time.time()}
            rows.append((received, row | {"body": body}))

        def work(connection: Connection) -> list[Received]:
            return [
                each
                for each, row in rows
                if connection.execute(_RECEIVE, row).rowcount
                and self._claims.claim_within(connection, Duty.HANDLING, each.lane)
            ]

        return await self._store.write(work)

    async def take_up(self) -> list[Received]:
        """Claim a fair part of the lanes that nobody works on; return what waits in them.

        Raises:
            StoreError: the database can't be used now.
        """

        def work(connection: Connection) -> list[Received]:
            left = connection.execute(self._left, {"bot": self._bot_id}).all()
            lanes = list(dict.fromkeys(lane for _, lane in left))
            own = {
                lane
                for lane in lanes[: ceil(len(lanes) / self._claims.processes)]
                if self._claims.claim_within(connection, Duty.HANDLING, lane)
            }
            return [Received(*row) for row in left if row.lane in own]

        return await self._store.write(work)

    def unfinished(self) -> list[Received]:
        """Return the updates that were received and not handled, oldest first.

        Raises:
            StoreError: the database can't be read.
        """
        return self._found(self._unfinished)

    def suspects(self, *, attempts: int) -> list[Received]:
        """Return the unfinished updates that were taken up so often after a restart."""
        return self._found(self._suspects, least=attempts)

    def first_of(self, lane: int) -> tuple[int, dict[str, Any]] | None:
        """Return the update that is next in a lane, as Telegram sent it; None if none waits.

        Raises:
            StoreError: the database can't be read.
        """
        rows = self._store.read(self._first, {"bot": self._bot_id, "lane": lane})
        for update_id, body in rows:
            return update_id, json.loads(body)
        return None

    async def begin_again(self, update_id: int) -> int:
        """Count that an update is taken up after a restart; return how often it was by now."""

        def work(connection: Connection) -> int:
            connection.execute(_BEGIN_AGAIN, self._it(update_id))
            (attempts,) = connection.execute(_ATTEMPTS, self._it(update_id)).one()
            return int(attempts)

        return await self._store.write(work)

    async def finish(self, update_id: int, draft: Draft) -> None:
        """Mark an update as done, delete its text, and write what its handling led to.

        Raises:
            DoneByAnotherError: another process has done it, or left it; nothing was written.
            StoreError: the file can't be written now.
            Exception: what a work of the draft raises; then nothing was written.
        """

        def work(connection: Connection) -> None:
            if not self._mark(connection, _FINISH, update_id):
                raise DoneByAnotherError
            for each in draft.works:
                each(connection)
            self._messages.add_within(connection, draft.messages)

        await self._store.write(work)

    async def set_aside(self, update_id: int, messages: Sequence[Outgoing] = ()) -> None:
        """Leave an update that can't be handled, for a maintainer to look at for a while.

        `messages` say so to whoever sent it.
        """

        def work(connection: Connection) -> None:
            if self._mark(connection, _SET_ASIDE, update_id):
                self._messages.add_within(connection, messages)

        await self._store.write(work)

    async def prune(self) -> None:
        """Forget what was handled long ago."""
        before = time.time() - HANDLED_S
        await self._store.write(lambda c: c.execute(_PRUNE, {"before": before}).rowcount)

    def _mark(self, connection: Connection, change: Update, update_id: int) -> bool:
        """Note that an update waits no more; tell whether it did until now.

        Whoever else does so waits for this transaction: one alone finds that it waits.
        """
        it = self._it(update_id)
        if not connection.execute(change, it | {"now": time.time()}).rowcount:
            return False
        self._claims.release_within(connection, Duty.HANDLING, _LANE_IS_EMPTY, it)
        return True

    def _found(self, query: Select[tuple[int, int]], **given: object) -> list[Received]:
        return [Received(*row) for row in self._store.read(query, given | {"bot": self._bot_id})]

    def _it(self, update_id: int) -> dict[str, Any]:
        return {"bot": self._bot_id, "number": update_id}
