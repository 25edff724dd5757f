"""Waiting for what the bot does, with a text that helps when it does not."""

import asyncio
import json

from tests.botapi.calls import CallLog
from tests.botapi.messages import Message


async def wait_for_message(
    queue: asyncio.Queue[Message], what: str, calls: CallLog, *, timeout_s: float
) -> Message:
    """Return the next message of `queue`.

    Raises:
        TimeoutError: when none came in time; the text names the bot's last calls.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await queue.get()
    except TimeoutError:
        refused = [
            json.dumps(each.answer, ensure_ascii=False)
            for each in calls.latest(5)
            if each.error_code
        ]
        raise TimeoutError(
            f"no {what} within {timeout_s} s; {calls}; refused: {refused or 'none'}"
        ) from None


def unread_of(queue: asyncio.Queue[Message]) -> list[Message]:
    """Return what is in `queue` already, and take it out."""
    return [queue.get_nowait() for _ in range(queue.qsize())]
