"""Builds while the documents change: the one module that imports watchfiles."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING

from watchfiles import watch

from bot.maintenance.maintaining import bring_up_to_date, build_lines
from index.errors import VerbatimError, WatchError

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.settings import Settings
    from index.types import Encoder

__all__ = ["end_with_stdin", "give_way", "watch_documents"]

_LOOK_EVERY_MS = 1000
_PATIENCE_MS = 60_000  # a folder that never falls quiet is built all the same
_NICENESS = 10  # a build takes the cores that answering leaves


def watch_documents(
    settings: Settings,
    encoder: Encoder,
    *,
    stop: threading.Event,
    say: Callable[[str], object],
) -> None:
    """Build when the folder changes and has then been quiet for a while, until `stop` is set.

    Whatever goes wrong in a build is said in a line, and the index before goes on.

    Raises:
        WatchError: the folder is not there, or the system watches no more folders.
    """
    while not stop.is_set():
        _watch_one_folder(settings, encoder, stop=stop, say=say)


def _watch_one_folder(
    settings: Settings,
    encoder: Encoder,
    *,
    stop: threading.Event,
    say: Callable[[str], object],
) -> None:
    """Watch until the folder is another of the same name, or gone."""
    seeds_dir = settings.seeds_dir
    try:
        inode = seeds_dir.stat().st_ino
        changes = watch(
            seeds_dir,
            step=int(settings.watch_quiet_s * 1000),
            debounce=_PATIENCE_MS,
            rust_timeout=_LOOK_EVERY_MS,
            yield_on_timeout=True,
            stop_event=stop,
            raise_interrupt=False,
        )
        is_first = True
        for changed in changes:
            if changed or is_first:  # what changed before the watching began counts too
                _build(settings, encoder, say=say)
            is_first = False
            if not seeds_dir.exists() or seeds_dir.stat().st_ino != inode:
                break
    except OSError as error:
        raise WatchError(f"{seeds_dir} can't be watched: {error.strerror or error}") from error
    while not seeds_dir.exists() and not stop.wait(_LOOK_EVERY_MS / 1000):
        pass


def _build(settings: Settings, encoder: Encoder, *, say: Callable[[str], object]) -> None:
    try:
        report = bring_up_to_date(settings, encoder, is_asked_for=False)
    except VerbatimError as error:
        for problem in getattr(error, "problems", ()):  # the files or questions that it is about
            say(f"verbatim: {problem}")
        say(f"verbatim: {error}")
    except Exception as error:  # noqa: BLE001 - the next change may mend it; the watch must go on
        what = " ".join(f"{type(error).__name__}: {error}".split())
        say(f"verbatim: the index could not be built ({what}); the one before stays live")
    else:
        for line in build_lines(report) if report else ():
            say(line)


def give_way() -> None:
    """Let every other process go first, where the system has such an order."""
    if sys.platform != "win32":
        os.nice(_NICENESS)


def end_with_stdin(stop: threading.Event) -> None:
    """Set `stop` when stdin ends: the process that holds its other end is gone."""

    def wait() -> None:
        while sys.stdin.buffer.read(1):
            pass
        stop.set()

    threading.Thread(target=wait, name="stdin", daemon=True).start()
