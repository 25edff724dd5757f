"""One build at a time, and one bot: the one module that imports filelock.

The system's own lock on a file, so that it ends with the process that holds it, however that ends.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.errors import StateFolderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

__all__ = ["build_lock", "lock_at"]


@contextmanager
def build_lock(state_dir: Path, on_wait: Callable[[], None] | None = None) -> Iterator[bool]:
    """Hold the right to change what is in a state folder; give whether another had it first.

    `on_wait` is called before waiting for the other. A thread that holds it may take it again.

    Raises:
        StateFolderError: the folder can't be written.
    """
    from filelock import FileLock, Timeout

    folder = state_dir / "index"
    lock = FileLock(folder / "build.lock", is_singleton=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
            has_waited = False
        except Timeout:
            if on_wait is not None:
                on_wait()
            lock.acquire()
            has_waited = True
    except OSError as error:
        raise StateFolderError(
            f"the index can't be written to {folder} "
            f"({error.strerror or error}); the one before stays live"
        ) from error
    try:
        yield has_waited
    finally:
        lock.release()


def lock_at(path: Path) -> Callable[[], None] | None:
    """Take the lock on a file and return what lets go of it; None while another process has it.

    Raises:
        StateFolderError: the file can't be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        return None
    except OSError as error:
        raise StateFolderError(f"{path} can't be made: {error.strerror or error}") from error
    return lock.release
