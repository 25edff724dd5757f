"""The queue of updates of one bot, and the long polls on it.

Source: tdlib/telegram-bot-api, Client.cpp, do_get_updates and abort_long_poll; td, TQueue.cpp.
"""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tests.botapi.clock import Clock
from tests.botapi.errors import ApiError, conflict

# A restart of the real server begins anywhere; a bot must not count on small numbers.
FIRST_UPDATE_ID = 700_000_001
MAX_LIMIT = 100
MAX_TIMEOUT_S = 50
BY_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
OTHER_POLLER = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)
_DAY_S = 86_400
_KEPT_S = {"callback_query": 150, "inline_query": 30}  # all other kinds: a day
_FUTURE_TOLERATED = 10


@dataclass(frozen=True, slots=True)
class QueuedUpdate:
    """An update that nobody has confirmed yet."""

    update_id: int
    kind: str
    body: dict[str, Any]
    expires_at: float


class UpdateQueue:
    """Updates in order until an offset confirms them; at most one long poll waits at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queued: OrderedDict[int, QueuedUpdate] = OrderedDict()
        self._first_expiry = math.inf
        self._again: list[dict[str, Any]] = []
        self.on_put: Callable[[QueuedUpdate], None] | None = None
        self._next_id = FIRST_UPDATE_ID
        self._allowed: frozenset[str] | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._poller_waits = asyncio.Event()
        self._is_closed = False

    @property
    def pending_count(self) -> int:
        """How many updates no offset has confirmed yet."""
        self._drop_expired()
        return len(self._queued)

    @property
    def allowed(self) -> list[str] | None:
        """The kinds asked for, sorted; None for the default."""
        return sorted(self._allowed) if self._allowed else None

    def allow(self, kinds: Iterable[str] | None) -> None:
        """Set the kinds to queue from now on: None keeps the setting, empty is the default."""
        if kinds is not None:
            self._allowed = frozenset(kinds)

    def put(self, kind: str, body: dict[str, Any]) -> int | None:
        """Queue an update; return its id, or None when the bot did not ask for its kind."""
        if not self._is_allowed(kind):
            return None
        update_id = self._next_id
        self._next_id += 1
        expires_at = self._clock.now() + _KEPT_S.get(kind, _DAY_S)
        body = {"update_id": update_id, kind: body}
        queued = QueuedUpdate(update_id, kind, body, expires_at)
        self._queued[update_id] = queued
        self._first_expiry = min(self._first_expiry, expires_at)
        if self.on_put is not None:
            self.on_put(queued)
        self._wake()
        return update_id

    def put_poison(self) -> int | None:
        """Queue a message that no client library can read: its date and chat are nonsense."""
        return self.put("message", {"message_id": "?", "date": {"never": None}, "chat": 0})

    def send_again(self, update: dict[str, Any]) -> None:
        """Put a copy of an update in front of the next answer, confirmed or not.

        So it goes when the confirmation was lost on its way; the id tells that it is a duplicate.
        """
        self._again.append(update)
        self._wake()

    @property
    def pending(self) -> list[QueuedUpdate]:
        """The updates that nobody has confirmed yet, oldest first."""
        self._drop_expired()
        return list(self._queued.values())

    def confirm(self, update_id: int) -> None:
        """Forget one update, which a webhook has taken."""
        self._queued.pop(update_id, None)

    def is_pending(self, update_id: int) -> bool:
        """Tell whether an update still waits to be taken."""
        self._drop_expired()
        return update_id in self._queued

    def clear(self) -> None:
        """Forget everything that is queued."""
        self._queued.clear()

    async def poll(self, *, offset: int, limit: int, timeout_s: float) -> list[dict[str, Any]]:
        """Return the next updates; with none there, wait up to `timeout_s` for one.

        An offset confirms all updates below it. A negative one keeps that many of the newest and
        forgets the rest. A new poll that has to wait ends the one that waits already.

        Raises:
            ApiError: 409 when another request ended this one.
        """
        if offset < 0:
            self._keep_newest(-offset)
            offset = 0
        updates = self._take(offset, limit)
        if updates or timeout_s <= 0 or self._is_closed:
            return updates
        self.end_poll(conflict(OTHER_POLLER))
        waiter = self._waiter = asyncio.get_running_loop().create_future()
        self._poller_waits.set()
        try:
            async with asyncio.timeout(timeout_s):
                await waiter
        except TimeoutError:
            return []
        finally:
            if self._waiter is waiter:
                self._forget_waiter()
        return self._take(offset, limit)

    async def wait_for_poller(self, *, timeout_s: float = 10.0) -> None:
        """Return once a long poll waits: from then on the bot is ready.

        Raises:
            TimeoutError: when none came in time.
        """
        async with asyncio.timeout(timeout_s):
            await self._poller_waits.wait()

    def end_poll(self, reason: ApiError) -> None:
        """Answer the poll that waits, if there is one, with `reason`."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(reason)
        self._forget_waiter()

    def close(self) -> None:
        """Answer the poll that waits, and let no later one wait."""
        self._is_closed = True
        self._wake()

    def _forget_waiter(self) -> None:
        self._waiter = None
        self._poller_waits.clear()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _is_allowed(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in BY_REQUEST_ONLY

    def _take(self, offset: int, limit: int) -> list[dict[str, Any]]:
        self._drop_expired()
        # An offset far ahead is not believed: the answer starts at the oldest (TQueue.cpp, get).
        if 0 < offset <= self._next_id + _FUTURE_TOLERATED:
            while self._queued and next(iter(self._queued)) < offset:
                self._queued.popitem(last=False)
        limit = min(max(limit, 1), MAX_LIMIT)
        again, self._again = self._again[:limit], self._again[limit:]
        rest = islice(self._queued.values(), limit - len(again))
        return again + [each.body for each in rest]

    def _keep_newest(self, count: int) -> None:
        while len(self._queued) > count:
            self._queued.popitem(last=False)

    def _drop_expired(self) -> None:
        now = self._clock.now()
        if now < self._first_expiry:
            return
        kept = [each for each in self._queued.values() if each.expires_at > now]
        self._queued = OrderedDict((each.update_id, each) for each in kept)
        self._first_expiry = min((each.expires_at for each in kept), default=math.inf)
