"""What is wrong right now, said in the log when it begins and ends, and to whoever asks."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Health"]

_DEAF_AFTER_S = 60.0
_CONFLICTS = 3
_CONFLICT_S = 60.0
_WATCH_S = 1.0

_log = logging.getLogger(__name__)


class Health:
    """The signs of life that the other parts give, and the problems they add up to."""

    def __init__(
        self,
        *,
        file_problem: Callable[[], str] = lambda: "",
        index_problem: Callable[[], str] = lambda: "",
        lease_problem: Callable[[], str] = lambda: "",
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch; the functions tell why the database or the index can't be used, or nothing sent.

        They return nothing when all is well.
        """
        self._file_problem = file_problem
        self._index_problem = index_problem
        self._lease_problem = lease_problem
        self._now = now
        self._heard_at: float | None = None  # None: nobody polls
        self._conflicts: list[float] = []
        self._said: set[str] = set()
        self.is_receiving = False
        self.is_stopping = False

    def poll_began(self) -> None:
        """Expect polls to succeed from now on."""
        self._heard_at = self._now()

    def poll_succeeded(self) -> None:
        """Note that Telegram has answered a poll."""
        self._heard_at = self._now()
        self.is_receiving = True

    def poll_conflicted(self) -> None:
        """Note that Telegram has ended a poll in favour of another program's."""
        self._conflicts = [*self._conflicts[1 - _CONFLICTS :], self._now()]

    @property
    def problems(self) -> dict[str, str]:
        """What is wrong, by a short name; empty when all is well."""
        now, found = self._now(), {}
        recent = [at for at in self._conflicts if now - at < _CONFLICT_S]
        if len(recent) >= _CONFLICTS:
            found["conflict"] = "another program gets this bot's updates: stop it, or this one"
        elif self._heard_at is not None and now - self._heard_at >= _DEAF_AFTER_S:
            found["deaf"] = f"no poll has succeeded for {now - self._heard_at:.0f} s"
        if reason := self._file_problem():
            found["inbox"] = reason
        if reason := self._index_problem():
            found["index"] = reason
        if reason := self._lease_problem():
            found["lease"] = reason
        return found

    @property
    def is_ready(self) -> bool:
        """Whether questions are taken and answered."""
        return self.is_receiving and not self.is_stopping and not self.problems

    async def watch(self) -> None:
        """Say in the log when a problem begins and when it is over, once each."""
        while True:
            self.say()
            await asyncio.sleep(_WATCH_S)

    def say(self) -> None:
        """Log what has changed since the last time."""
        problems = self.problems
        for name in problems.keys() - self._said:
            _log.error("%s", problems[name])
        for name in self._said - problems.keys():
            _log.info("no longer a problem: %s", name)
        self._said = set(problems)
