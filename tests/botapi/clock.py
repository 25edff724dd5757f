"""The server's clock, which a test can move."""

import asyncio
import contextlib
import time


class Clock:
    """Unix time in seconds: the real time plus whatever a test has added."""

    def __init__(self) -> None:
        self._ahead_s = 0.0
        self._sleepers: set[asyncio.Future[None]] = set()

    def now(self) -> float:
        """Return the server's time in seconds since 1970."""
        return time.time() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass for the server at once; whoever sleeps looks at the clock again."""
        self._ahead_s += seconds
        for sleeper in self._sleepers:
            if not sleeper.done():
                sleeper.set_result(None)

    async def sleep(self, seconds: float) -> None:
        """Return when the clock has moved on by `seconds`, by itself or by `advance`."""
        await self.sleep_until(self.now() + seconds)

    async def sleep_until(self, until: float) -> None:
        """Return when the clock says `until` or later."""
        while (left_s := until - self.now()) > 0:
            sleeper = asyncio.get_running_loop().create_future()
            self._sleepers.add(sleeper)
            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(left_s):
                        await sleeper
            finally:
                self._sleepers.discard(sleeper)
