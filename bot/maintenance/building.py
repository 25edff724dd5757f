"""A build in a process of its own, so that it takes nothing from those who ask meanwhile."""

from __future__ import annotations

import asyncio
import logging
import sys
from asyncio.subprocess import PIPE, Process
from contextlib import suppress
from typing import TYPE_CHECKING

from pydantic import ValidationError

from bot.errors import BuildFailedError
from bot.maintenance.consoles import progress_bar, say_that_we_wait
from bot.maintenance.events import WAITING, BuildEnd, BuildEvent
from index.staleness import staleness
from index.types import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.maintenance.events import Progress
    from bot.settings import Settings
    from index.types import EncoderIdentity

__all__ = ["bring_up_to_date_apart", "build_apart"]

_COMMAND = (sys.executable, "-m", "bot", "build", "--attended")
_LINE_BYTES = 64 << 20  # the last line names every file left out; of those there may be many
_LAST_BREATH_S = 5.0

_log = logging.getLogger(__name__)


def bring_up_to_date_apart(settings: Settings, encoder: EncoderIdentity) -> tuple[str, ...]:
    """Build where the live generation is missing or stale; return what there is to say of it.

    This process will answer for days: what a build takes of memory is another's. A bar is shown
    where stderr is a terminal.

    Raises:
        BuildFailedError: it failed, or what was built is not live.
    """
    found = staleness(settings.seeds_dir, settings.state_dir, encoder)
    if not found.needs_build and settings.index_url is None:  # else it may have to be put there
        return ()
    with progress_bar("Encoding passages") as bar:

        def show(progress: Progress) -> None:
            if progress.stage == WAITING:
                say_that_we_wait()
            elif progress.stage == Stage.ENCODING:  # the other stages are short
                bar(progress.done, progress.of)

        event = asyncio.run(build_apart(settings, show, is_bounded=False))
    if event.end in {BuildEnd.PROMOTED, BuildEnd.CURRENT}:
        return event.lines
    raise BuildFailedError(event.error or "the build failed", event.problems or event.lines)


async def build_apart(
    settings: Settings, on_progress: Callable[[Progress], None], *, is_bounded: bool = True
) -> BuildEvent:
    """Bring the index up to date and return what came of it, in time if `is_bounded`.

    The process ends with this call, and with this process, however that ends.

    Raises:
        TimeoutError: it took too long, and was ended.
        OSError: no process can be started.
    """
    flags = ["--seeds", str(settings.seeds_dir), "--state", str(settings.state_dir)]
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        *flags,
        stdin=PIPE,
        stdout=PIPE,
        limit=_LINE_BYTES,
        start_new_session=True,  # Ctrl-C is for us, and we end it
    )
    try:
        async with asyncio.timeout(settings.rebuild_timeout_s if is_bounded else None):
            return await _attend(process, on_progress)
    finally:
        await _end(process)


async def _attend(process: Process, on_progress: Callable[[Progress], None]) -> BuildEvent:
    if process.stdout is None:  # it is a pipe, see above
        raise RuntimeError("a build without a pipe")
    try:
        async for line in process.stdout:
            event = BuildEvent.model_validate_json(line)
            if event.end is not None:
                return event
            if event.progress is not None:
                on_progress(event.progress)
    except (ValidationError, ValueError) as error:  # a line without end is a ValueError
        _log.error("a build said what is no event: %s", type(error).__name__)
        return BuildEvent(end=BuildEnd.FAILED)
    _log.error("a build ended with status %d and said nothing", await process.wait())
    return BuildEvent(end=BuildEnd.FAILED)


async def _end(process: Process) -> None:
    """End the process if it is still there: even in the middle that leaves nothing half done."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(_LAST_BREATH_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
