"""What a bot's processes tell one another through PostgreSQL (LISTEN), heard in a thread."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

__all__ = ["Hearing"]

_LOOK_S = 0.5
_ANEW_S = 1.0

_log = logging.getLogger(__name__)


class Hearing:
    """Listens at one channel, over a connection of its own, until stopped.

    `heard` is called on the loop with the words of each message. What is said while there is no
    connection is never heard; so with each new one `at_first` is.
    """

    def __init__(
        self, engine: Engine, channel: str, heard: Callable[[str], None], *, at_first: str
    ) -> None:
        self._engine = engine
        self._channel = channel
        self._heard = heard
        self._at_first = at_first
        self._loop = asyncio.get_running_loop()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hearing", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Hear nothing more; the thread ends in a moment."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._listen()
            except Exception as error:  # noqa: BLE001 -- the driver's own are of no one kind
                _log.debug("nothing is heard of other processes: %s", type(error).__name__)
                self._stopped.wait(_ANEW_S)

    def _listen(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f"LISTEN {self._channel}"))
            self._tell(self._at_first)
            driver: Any = connection.connection.driver_connection
            while not self._stopped.is_set():
                for notice in driver.notifies(timeout=_LOOK_S):
                    self._tell(str(notice.payload))
            connection.invalidate()  # nobody else is to hear of it

    def _tell(self, words: str) -> None:
        if not self._stopped.is_set() and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._heard, words)
