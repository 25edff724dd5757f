"""The server's clock, which a test can move."""

import time


class Clock:
    """Unix time in seconds: the real time plus whatever a test has added."""

    def __init__(self) -> None:
        self._ahead_s = 0.0

    def now(self) -> float:
        """Return the server's time in seconds since 1970."""
        return time.time() + self._ahead_s

    def advance(self, seconds: float) -> None:
        """Let `seconds` pass for the server at once; nothing waits."""
        self._ahead_s += seconds
