"""The process that builds while the documents change, to whoever starts it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.settings import Settings

__all__ = ["watcher_process"]

_LAST_BREATH_S = 5.0


@contextmanager
def watcher_process(settings: Settings) -> Iterator[None]:
    """Watch in a process of its own, so that encoding takes nothing from those who ask.

    It ends with the block, or with this process, however that ends.
    """
    command = [sys.executable, "-m", "bot", "watch", "--until-stdin-ends"]
    flags = ["--seeds", str(settings.seeds_dir), "--state", str(settings.state_dir)]
    process = subprocess.Popen(  # noqa: S603 - our own command
        [*command, *flags],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C is for us, and we end it
    )
    try:
        yield
    finally:
        process.terminate()  # even in the middle of a build: that leaves nothing half done
        try:
            process.wait(_LAST_BREATH_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            process.stdin.close()
