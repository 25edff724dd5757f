"""The pool: a few long-lived worker processes, each replaced when it dies or takes too long."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from queue import LifoQueue
from typing import TYPE_CHECKING, TypeVar

from index.documents import ParsedDocument
from index.errors import MissingExtraError, UnreadableFileError
from index.reading.frames import OUTCOME, Refusal, Task, receive, send
from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Self

__all__ = ["Limits", "ReaderPool"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")

# All of our environment that a worker sees: it reads strangers' files and needs no secrets.
_ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "SYSTEMROOT", "TEMP", "TMP")
_LAST_BREATH_S = 5.0
_AHEAD = 4  # files taken up for each worker before the first one's result is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one file may take: seconds on the clock, of processor time, and bytes of memory.

    Memory is a worker's whole address space (its libraries take some 300 MB of it); it and the
    processor time are held by the system, where that knows such limits (Linux; macOS the time).
    """

    clock_s: float = 180.0
    cpu_s: int = 60
    memory_bytes: int = 2 << 30


class ReaderPool:
    """Reads files in worker processes; a process is started when the first file asks for it.

    `workers` is how many there may be, by default one for each processor and four at most;
    `module` is what they run.

    Safe to use from several threads, and meant to be: each reads one file at a time.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        workers: int | None = None,
        module: str = "index.reading.worker",
    ) -> None:
        self._limits = limits or Limits()
        self._module = module
        self.workers = workers or min(4, os.cpu_count() or 1)
        self._is_ending = False
        self._at_work: set[_Worker] = set()
        self._idle: LifoQueue[_Worker | None] = LifoQueue()
        for _ in range(self.workers):
            self._idle.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers; a file that is being read is given up."""
        self._is_ending = True
        for worker in tuple(self._at_work):
            worker.kill()
        for _ in range(self.workers):
            idle = self._idle.get()
            if idle is not None:
                idle.end()
        for _ in range(self.workers):
            self._idle.put(None)

    def read(
        self, name: str, data: bytes, *, folder: str, stated: Metadata | None = None
    ) -> ParsedDocument:
        """Return the document a file makes.

        Args:
            name: the file's path below the folder; its ending says what format it is of.
            data: its bytes.
            folder: the folder's name.
            stated: what `sources.toml` says of it.

        Raises:
            MissingExtraError: its format needs an optional dependency.
            UnreadableFileError: it can't be read within the limits, or at all.
        """
        task = Task(
            name=name, folder=folder, stated=stated or Metadata(), cpu_s=self._limits.cpu_s
        )
        worker = self._idle.get()
        try:
            outcome, worker = self._ask(worker, task, data)
        finally:
            self._idle.put(worker)
        if isinstance(outcome, ParsedDocument):
            return outcome
        if outcome.extra is not None:
            raise MissingExtraError(name, outcome.reason, extra=outcome.extra)
        raise UnreadableFileError(name, outcome.reason)

    def in_order(self, function: Callable[[_In], _Out], over: Iterable[_In]) -> Iterator[_Out]:
        """Give `function(x)` for each x in turn, as many at once as there are workers."""
        with ThreadPoolExecutor(self.workers, thread_name_prefix="reading") as threads:
            pending: deque[Future[_Out]] = deque()
            try:
                for each in over:
                    pending.append(threads.submit(function, each))
                    if len(pending) >= _AHEAD * self.workers:
                        yield pending.popleft().result()
                while pending:
                    yield pending.popleft().result()
            except BaseException:
                for future in pending:
                    future.cancel()
                self.close()  # or leaving the executor waits for what is being read
                raise

    def _ask(
        self, worker: _Worker | None, task: Task, data: bytes
    ) -> tuple[ParsedDocument | Refusal, _Worker | None]:
        """Return a file's outcome and the worker to keep, if it is fit for another."""
        while not self._is_ending:
            is_fresh = worker is None
            worker = worker or _Worker(self._module, self._limits)
            self._at_work.add(worker)
            try:
                outcome = worker.ask(task, data)
            finally:
                self._at_work.discard(worker)
            is_fatal = isinstance(outcome, Refusal) and outcome.is_fatal
            is_overdue = worker.is_overdue
            if not is_fatal and not is_overdue:
                return outcome, worker
            worker.end()
            worker = None
            # Earlier files may have left the worker in a bad way: ask again in a new one.
            if (is_fresh or is_overdue) and not self._is_ending:
                return outcome, None
        return Refusal(reason="was not read: the pool is closed"), worker


class _Worker:
    """One worker process, and the clock that ends it."""

    def __init__(self, module: str, limits: Limits) -> None:
        self._limits = limits
        self.is_overdue = False
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
        clock = threading.Timer(self._limits.clock_s, self._time_out)
        clock.daemon = True
        clock.start()
        try:
            send(requests, task.model_dump_json().encode(), data)
            reply = receive(replies)
        except OSError:
            reply = None
        finally:
            clock.cancel()
            clock.join()  # from here on it can't go off, or it has
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

    def _time_out(self) -> None:
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
