"""The pool: a few long-lived worker processes, each replaced when it dies or takes too long."""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from queue import LifoQueue
from typing import TYPE_CHECKING, TypeVar

from index.documents import ParsedDocument
from index.errors import MissingExtraError, UnreadableFileError
from index.reading.frames import Refusal, Task
from index.reading.process import Limits, WorkerProcess
from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType
    from typing import Self

__all__ = ["ReaderPool"]

_In = TypeVar("_In")
_Out = TypeVar("_Out")

_WATCH_INTERVAL_S = 0.1
_AHEAD = 4  # files taken up for each worker before the first one's result is asked for


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
        self._ending = threading.Event()
        self._watch = threading.Thread(target=self._watch_clocks, name="watch", daemon=True)
        self._starting = threading.Lock()
        self._at_work: set[WorkerProcess] = set()
        self._idle: LifoQueue[WorkerProcess | None] = LifoQueue()
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
        self._ending.set()
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
        worker, kept = self._idle.get(), None
        try:
            outcome, kept = self._ask(worker, task, data)
        finally:
            self._idle.put(kept)
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
        self, worker: WorkerProcess | None, task: Task, data: bytes
    ) -> tuple[ParsedDocument | Refusal, WorkerProcess | None]:
        """Return a file's outcome and the worker to keep, if it is fit for another."""
        while not self._ending.is_set():
            is_fresh = worker is None
            worker = worker or self._started()
            self._at_work.add(worker)
            try:
                outcome = worker.ask(task, data)
            except BaseException:
                worker.end()
                raise
            finally:
                self._at_work.discard(worker)
            is_fatal = isinstance(outcome, Refusal) and outcome.is_fatal
            is_overdue = worker.is_overdue
            if not is_fatal and not is_overdue:
                return outcome, worker
            worker.end()
            worker = None
            # Earlier files may have left the worker in a bad way: ask again in a new one.
            if (is_fresh or is_overdue) and not self._ending.is_set():
                return outcome, None
        return Refusal(reason="was not read: the pool is closed"), worker

    def _started(self) -> WorkerProcess:
        with self._starting:
            if self._watch.ident is None:
                self._watch.start()
        return WorkerProcess(self._module, self._limits)

    def _watch_clocks(self) -> None:
        """End the workers whose time is up, until the pool closes."""
        while not self._ending.wait(_WATCH_INTERVAL_S):
            for worker in tuple(self._at_work):
                worker.kill_if_overdue()
