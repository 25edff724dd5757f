"""One process for each bot and its file: two would send all that is queued twice."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING

from index.errors import StateFolderError
from index.locking import lock_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["alone"]

_LOOK_S = 0.1

_log = logging.getLogger(__name__)


async def alone(state_dir: Path, bot_id: int, *, patience_s: float) -> Callable[[], None]:
    """Wait until no other process works for the bot; return what ends this one's right to.

    The system ends it with the process, however that ends.

    Raises:
        StateFolderError: the other is not ending, or the folder can't be written.
    """
    path = state_dir / f"bot-{bot_id}.lock"
    ends_at = time.monotonic() + patience_s
    has_said = False
    while (release := lock_at(path)) is None:
        if time.monotonic() >= ends_at:
            raise StateFolderError(
                f"this bot runs already in {state_dir}: stop that process first"
            )
        if not has_said:
            _log.warning("this bot still runs in %s: waiting for its end", state_dir)
            has_said = True
        await asyncio.sleep(_LOOK_S)
    return release
