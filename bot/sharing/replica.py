"""One of several processes that share a bot's work: its life, and what it has claimed.

Whoever was not heard of for a while is struck off by another, and its claims go with it in the
same statement. So a claim means: of a process that nobody has given up yet.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, exists, extract, func, select, update
from sqlalchemy.dialects.postgresql import insert

from bot.database.shared_tables import claims, replicas
from bot.sharing.claims import Duty, News

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import BindParameter, ColumnElement, Connection

    from bot.database.store import Store

__all__ = ["LEASE_S", "Replica"]

LEASE_S = 10.0
_SURE = 0.7  # of the lease: a call that is under way then has the rest of it
_ATTEMPTS = 3
_TOLD = {Duty.HANDLING, Duty.SENDING}

_NOW = extract("epoch", func.clock_timestamp())  # the database's: the same for all
_LIVE = select(func.count()).select_from(replicas).where(replicas.c.bot_id == bindparam("bot_id"))
_JOIN = replicas.insert().values(beat_at=_NOW)
_BEAT = update(replicas).where(replicas.c.id == bindparam("me")).values(beat_at=_NOW)
_LATE = (
    select(replicas.c.id)
    .where(replicas.c.bot_id == bindparam("bot_id"))
    .where(replicas.c.beat_at < _NOW - bindparam("lease_s"))
    .with_for_update(skip_locked=True)  # another strikes it off just now, or it writes
)
_STRIKE = delete(replicas).where(replicas.c.id.in_(_LATE))
_LEAVE = delete(replicas).where(replicas.c.id == bindparam("me"))
_KEY = ("bot_id", "duty", "number")
_CLAIM = (
    insert(claims)
    .from_select(
        [*_KEY, "owner"],
        select(*(bindparam(name, type_=claims.c[name].type) for name in _KEY), replicas.c.id)
        .where(replicas.c.id == bindparam("me"))  # nobody who was struck off claims anything
        .with_for_update(read=True, key_share=True),
    )
    .on_conflict_do_nothing()
    .returning(claims.c.owner)
)
_OWNER = select(claims.c.owner).where(*(claims.c[name] == bindparam(name) for name in _KEY))


class Replica:
    """One process of several, under an id of its own.

    Once it was struck off it comes back under another: nothing that the old one had is its own.
    What is told is told to all replicas of the bot, to those that listen at `channel`.
    """

    are_shared = True

    def __init__(self, bot_id: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self.id = ""
        self.processes = 1
        self.channel = f"verbatim_{bot_id}"
        self._bot_id = bot_id
        self._lease_s = LEASE_S
        self._now = now
        self._beat_at = float("-inf")
        self._may_strike_at = float("-inf")
        me: BindParameter[str] = bindparam("me", callable_=lambda: self.id)
        self._mine = (claims.c.bot_id == bot_id) & (claims.c.owner == me)

    @property
    def is_sure(self) -> bool:
        """Whether no other process can have struck this one off by now."""
        return self._now() - self._beat_at < _SURE * self._lease_s

    @property
    def problem(self) -> str:
        """Why this process sends nothing now, empty while it may."""
        return "" if self.is_sure else "the database was not reached in time: nothing is sent"

    async def beat(self, store: Store) -> None:
        """Say that this process lives, and count how many do.

        Those that have not said so for long are struck off. But whoever was not heard himself for
        a while gives the others time to be heard again: it was the database, or the way to it.

        Raises:
            StoreError: the database can't be used now.
        """
        begun_at = self._now()
        if self.id and not self.is_sure:
            self._may_strike_at = begun_at + self._lease_s
        self.id, self.processes = await store.write(self._beat_within)
        self._beat_at = begun_at

    async def may_work(self, store: Store, *, is_polling: bool) -> bool:
        """Whether no other process is in the way: to poll is for one alone.

        Raises:
            StoreError: the database can't be used now.
        """
        return await store.write(
            self._polls_alone_within if is_polling else self._nobody_polls_within
        )

    async def leave(self, store: Store) -> None:
        """Give up all claims at once, and tell the others of what there is to take up.

        Raises:
            StoreError: the database can't be used now; they will find out.
        """

        def work(connection: Connection) -> None:
            connection.execute(_LEAVE, {"me": self.id})
            self.tell_within(connection, News.LEFT)

        self._beat_at = float("-inf")
        await store.write(work)

    def owned(self, duty: Duty, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition, for queries, that a duty is this process's."""
        return exists().where(self._mine, claims.c.duty == duty, claims.c.number == number)

    def unclaimed(self, duty: Duty, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition, for queries, that nobody does a duty."""
        ours = claims.c.bot_id == self._bot_id
        return ~exists().where(ours, claims.c.duty == duty, claims.c.number == number)

    def claim_within(self, connection: Connection, duty: Duty, number: int = 0) -> bool:
        """Claim a duty as part of a larger transaction; tell whether it is this process's now.

        If it is another's, that one hears of the commit: there is something to do.
        """
        key = {"bot_id": self._bot_id, "duty": duty, "number": number}
        owner = None
        for _ in range(_ATTEMPTS):  # another may give it up just now
            owner = connection.scalar(_CLAIM, key | {"me": self.id})
            owner = owner or connection.scalar(_OWNER, key)
            if owner is not None:
                break
        if owner == self.id:
            return True
        if duty in _TOLD:
            self._say(connection, f"{owner} {duty} {number}" if owner else News.LEFT)
        return False

    def release_within(
        self,
        connection: Connection,
        duty: Duty,
        when: ColumnElement[bool],
        parameters: Mapping[str, object],
    ) -> None:
        """Give up those of this process's claims that meet a condition on their table."""
        ours = delete(claims).where(self._mine, claims.c.duty == duty)
        connection.execute(ours.where(when), parameters)

    def tell_within(self, connection: Connection, news: News) -> None:
        """Tell all processes something, once the transaction is committed."""
        self._say(connection, news)

    def _say(self, connection: Connection, words: str) -> None:
        connection.execute(select(func.pg_notify(self.channel, words)))

    def _beat_within(self, connection: Connection) -> tuple[str, int]:
        me, ours = self.id, {"bot_id": self._bot_id}
        if not connection.execute(_BEAT, {"me": me}).rowcount:
            me = secrets.token_hex(8)
            connection.execute(_JOIN, ours | {"id": me})
        may_strike = self._now() >= self._may_strike_at
        late = ours | {"lease_s": self._lease_s}
        if may_strike and connection.execute(_STRIKE, late).rowcount:
            self.tell_within(connection, News.LEFT)
        return me, connection.scalar(_LIVE, ours) or 1

    def _polls_alone_within(self, connection: Connection) -> bool:
        is_claimed = self.claim_within(connection, Duty.POLLING)
        return is_claimed and connection.scalar(_LIVE, {"bot_id": self._bot_id}) == 1

    def _nobody_polls_within(self, connection: Connection) -> bool:
        key = {"bot_id": self._bot_id, "duty": Duty.POLLING, "number": 0}
        return connection.scalar(_OWNER, key) is None
