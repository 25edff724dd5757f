"""How a process belongs to a bot: as the only one, or as one of several."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import literal, select

from bot.database.store import StoreError, insist
from bot.sharing.claims import ALONE, News
from bot.sharing.hearing import Hearing
from index.errors import StateFolderError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Mapping

    from sqlalchemy import ColumnElement

    from bot.database.store import Store
    from bot.sharing.claims import Claims, Duty
    from bot.sharing.replica import Replica

    Work = Callable[[], Coroutine[Any, Any, None]]

__all__ = ["Membership", "Reactions", "Shared", "Single"]

_BEAT_S = 1.0
_SWEEP_S = 2.0
_TOGETHER_S = 0.2  # several reasons to look are one
_LOOK_S = 1.0
_GOODBYE_S = 2.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """What a process does about the others.

    `on_live` hears at each beat how many processes there are. `told` has for a duty what to do
    when there is something new for a number; it tells whether it found anything. `take_up` claims
    what nobody has claimed, a fair part at a time, and looks through all that is this process's:
    it mends whatever was not heard. It tells whether it found something to claim: there may be
    more. `on_held` is called when any process was asked to send nothing to some chat.
    """

    on_live: Callable[[int], None]
    told: Mapping[str, Callable[[int], bool]]
    take_up: Callable[[], Awaitable[bool]]
    on_held: Callable[[], None]


class Membership(Protocol):
    """One process's part in a bot's work."""

    @property
    def claims(self) -> Claims:
        """What is this process's."""

    @property
    def problem(self) -> str:
        """Why nothing is sent now, empty while it may be."""

    async def join(self, reactions: Reactions, *, is_polling: bool, patience_s: float) -> None:
        """Wait until this process may work.

        Raises:
            StateFolderError: another one is in the way, and does not end.
        """

    async def run(self) -> None:
        """Go on with what others leave, until cancelled."""

    async def while_mine(self, duty: Duty, work: Work) -> None:
        """Do what one process is to do alone, for as long as that is this one."""

    async def leave(self) -> None:
        """Leave what was claimed to the others."""


class Single:
    """The only process: what keeps others away is a lock (`bot.delivery.alone`)."""

    claims: Claims = ALONE
    problem = ""

    async def join(self, _reactions: Reactions, *, is_polling: bool, patience_s: float) -> None:
        """Do nothing."""

    async def run(self) -> None:
        """Do nothing."""

    async def while_mine(self, _duty: Duty, work: Work) -> None:
        """Do it."""
        await work()

    async def leave(self) -> None:
        """Do nothing."""


class Shared:
    """One of several processes, which the database knows."""

    def __init__(self, replica: Replica, store: Store) -> None:
        self.claims = replica
        self._replica = replica
        self._store = store
        self._reactions: Reactions | None = None
        self._beating: asyncio.Task[None] | None = None
        self._hearing: Hearing | None = None
        self._is_left = asyncio.Event()

    @property
    def problem(self) -> str:
        """Why nothing is sent now, empty while it may be."""
        return self._replica.problem

    async def join(self, reactions: Reactions, *, is_polling: bool, patience_s: float) -> None:
        """Wait until this process may work: whoever polls must be the only one.

        Raises:
            StateFolderError: another one is in the way, and does not end.
        """
        self._reactions = reactions
        await insist(lambda: self._beat(reactions))
        self._beating = asyncio.create_task(self._go_on_beating(reactions))
        ends_at = time.monotonic() + patience_s
        has_said = False
        while not await insist(
            partial(self._replica.may_work, self._store, is_polling=is_polling)
        ):
            if time.monotonic() >= ends_at:
                await self.leave()
                raise StateFolderError(
                    "this bot runs already with this database, and only webhooks can be shared: "
                    "stop that process first"
                )
            if not has_said:
                _log.warning("this bot still runs with this database: waiting for its end")
                has_said = True
            await asyncio.sleep(_LOOK_S)
        _log.info("at work as replica %s", self._replica.id)

    async def run(self) -> None:
        """Take up what the others leave, until cancelled; what they tell is heard to the end."""
        reactions = self._reactions
        if reactions is None:
            return
        if self._hearing is None:
            self._hearing = Hearing(
                self._store.engine,
                self._replica.channel,
                lambda words: self._hear(words, reactions),
                at_first=News.LEFT,
            )
            self._hearing.start()
        while True:
            self._is_left.clear()
            with suppress(StoreError):  # health tells
                if await reactions.take_up():
                    self._is_left.set()
            with suppress(TimeoutError):
                async with asyncio.timeout(_SWEEP_S):
                    await self._is_left.wait()
            await asyncio.sleep(_TOGETHER_S)

    async def while_mine(self, duty: Duty, work: Work) -> None:
        """Do what one process is to do alone, for as long as that is this one."""
        while True:
            if await self._is_mine(duty, until_now=False):
                task = asyncio.create_task(work())
                try:
                    while not task.done() and await self._is_mine(duty, until_now=True):
                        await asyncio.wait({task}, timeout=_LOOK_S)
                    if task.done():
                        return task.result()
                finally:
                    task.cancel()
                    await asyncio.wait({task})
            await asyncio.sleep(_LOOK_S)

    async def leave(self) -> None:
        """Leave what was claimed to the others."""
        if self._beating is not None:
            self._beating.cancel()
            await asyncio.wait({self._beating})
        if self._hearing is not None:
            self._hearing.stop()
        with suppress(StoreError, TimeoutError):  # the others will find out
            async with asyncio.timeout(_GOODBYE_S):
                await self._replica.leave(self._store)

    async def _is_mine(self, duty: Duty, *, until_now: bool) -> bool:
        """Whether a duty is this process's, as it becomes where nobody has it."""
        try:
            if self._holds(self._replica.owned(duty, literal(0))):
                return True
            if not self._holds(self._replica.unclaimed(duty, literal(0))):
                return False
            return await self._store.write(lambda c: self._replica.claim_within(c, duty))
        except StoreError:
            return until_now and self._replica.is_sure

    def _holds(self, condition: ColumnElement[bool]) -> bool:
        return bool(self._store.read(select(1).where(condition)))

    async def _go_on_beating(self, reactions: Reactions) -> None:
        while True:
            await asyncio.sleep(_BEAT_S)
            was = self._replica.id
            try:
                await self._beat(reactions)
            except StoreError:  # health tells
                continue
            except Exception:  # noqa: BLE001 -- whoever beats no more sends nothing any more
                _log.exception("a beat failed")
                continue
            if self._replica.id != was:
                _log.warning("given up by the others, now at work as replica %s", self._replica.id)

    async def _beat(self, reactions: Reactions) -> None:
        await self._replica.beat(self._store)
        reactions.on_live(self._replica.processes)

    def _hear(self, words: str, reactions: Reactions) -> None:
        try:
            if words == News.HELD:
                reactions.on_held()
                return
            is_done = words != News.LEFT and self._did(words, reactions)
        except StoreError:
            is_done = False
        if not is_done:
            self._is_left.set()

    def _did(self, words: str, reactions: Reactions) -> bool:
        """Do what is new for this process; tell whether it was there to be done.

        If not, it is done already, or was given up meanwhile and is nobody's.
        """
        owner, duty, number = words.split(" ")
        return owner != self._replica.id or reactions.told[duty](int(number))
