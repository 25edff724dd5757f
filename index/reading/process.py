"""One worker process: how it is started, asked and ended, and what it died of."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.reading.frames import OUTCOME, Refusal, receive, send

if TYPE_CHECKING:
    from index.documents import ParsedDocument
    from index.reading.frames import Task

__all__ = ["Limits", "WorkerProcess"]

# All of our environment that a worker sees: it reads strangers' files and needs no secrets.
_ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TEMP", "TMP")
_LAST_BREATH_S = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may take: seconds on the clock, of processor time, and bytes of memory.

    Memory is a worker's whole address space (its libraries take some 300 MB of it); it and the
    processor time are held by the system, where that knows such limits (Linux; macOS the time).
    """

    clock_s: float = 180.0
    cpu_s: int = 60
    memory_bytes: int = 3 << 29


class WorkerProcess:
    """A process that reads one file at a time; `is_overdue` once a file took it too long."""

    def __init__(self, module: str, limits: Limits) -> None:
        self._limits = limits
        self.is_overdue = False
        self._deadline: float | None = None  # of the file at hand, on the monotonic clock
        self._deciding = threading.Lock()
        paths = os.pathsep.join(path for path in sys.path if path)
        command = [sys.executable, "-P", "-m", module, str(limits.memory_bytes)]
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={key: os.environ[key] for key in _ENVIRONMENT if key in os.environ}
            | {"PYTHONPATH": paths},
        )

    def ask(self, task: Task, data: bytes) -> ParsedDocument | Refusal:
        """Return a file's outcome; a fatal refusal where the process died of it."""
        requests, replies = self._process.stdin, self._process.stdout
        if requests is None or replies is None:  # both are pipes, see above
            raise RuntimeError("a worker without pipes")
        self._deadline = time.monotonic() + self._limits.clock_s
        try:
            send(requests, task.model_dump_json().encode(), data)
            reply = receive(replies)
        except OSError:
            reply = None
        finally:
            with self._deciding:
                self._deadline = None  # from here on its time can't be up, or it was
        if reply is not None:
            return OUTCOME.validate_json(reply)
        return Refusal(reason=self._cause_of_death(), is_fatal=True)

    def kill(self) -> None:
        """End the process while another thread waits for its reply."""
        self._process.kill()

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what is left to send has nobody to go to
                    pipe.close()

    def kill_if_overdue(self) -> None:
        """End the process if its file has taken longer than it may."""
        with self._deciding:
            if self._deadline is not None and time.monotonic() > self._deadline:
                self.is_overdue = True
                self._process.kill()

    def _cause_of_death(self) -> str:
        try:
            code = self._process.wait(_LAST_BREATH_S)
        except subprocess.TimeoutExpired:  # alive, but what it wrote was no reply
            self._process.kill()
            code = self._process.wait()
        if self.is_overdue:
            return f"was not read within {self._limits.clock_s:g} s"
        if code == -getattr(signal, "SIGXCPU", 0):
            self.is_overdue = True
            return f"takes more than {self._limits.cpu_s} s of processor time"
        if code < 0:
            return f"made its reader crash ({signal.Signals(-code).name})"
        return f"made its reader stop (status {code})"
