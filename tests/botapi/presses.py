"""Pressed buttons that wait for the bot's answer."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.clock import Clock
from tests.botapi.errors import bad_request

MAX_ANSWER_CHARS = 200
# No document says when a query grows stale; this is how long the server queues its update
# (telegram-bot-api, Client.cpp, add_update_callback_query), and clients give up sooner.
STALE_AFTER_S = 150
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"
_FIRST_QUERY_ID = 4_000_000_000_000_001  # a 64-bit number, passed as text


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """A pressed button: its callback query, and the bot's answers to it."""

    query_id: str
    stale_at: float
    answers: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)

    async def wait_answer(self, *, timeout_s: float = 10.0) -> dict[str, Any]:
        """Return the arguments of answerCallbackQuery.

        Raises:
            TimeoutError: when the bot did not answer in time.
        """
        async with asyncio.timeout(timeout_s):
            return await self.answers.get()


class Presses:
    """All callback queries of one bot."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._presses: dict[str, Press] = {}

    def new(self) -> Press:
        """Make a callback query."""
        press = Press(
            query_id=str(_FIRST_QUERY_ID + len(self._presses)),
            stale_at=self._clock.now() + STALE_AFTER_S,
        )
        self._presses[press.query_id] = press
        return press

    def answer(self, arguments: Mapping[str, Any]) -> None:
        """Hand the bot's answer to the user (Bot API, answerCallbackQuery).

        Raises:
            ApiError: 400 for a query that does not exist or is stale, or a text of over 200
                characters.
        """
        press = self._presses.get(arguments["callback_query_id"])
        if press is None or self._clock.now() > press.stale_at:
            raise bad_request(TOO_OLD)
        if len(arguments.get("text", "")) > MAX_ANSWER_CHARS:
            raise bad_request("MESSAGE_TOO_LONG")
        press.answers.put_nowait(dict(arguments))
