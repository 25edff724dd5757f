"""Inline mode: queries, their answers, and the cache between them.

Source: Bot API, "Inline mode", answerInlineQuery.
"""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.botapi.clock import Clock
from tests.botapi.errors import bad_request, not_modelled
from tests.botapi.keyboards import check_markup
from tests.botapi.presses import TOO_OLD
from tests.botapi.text import FormattedText, formatted_text

MAX_RESULTS = 50
MAX_RESULT_ID_BYTES = 64
MAX_OFFSET_BYTES = 64
STALE_AFTER_S = 30  # telegram-bot-api, Client.cpp, add_update_inline_query
_DEFAULT_CACHE_S = 300
_START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_FIRST_QUERY_ID = 5_000_000_000_000_001


@dataclass(slots=True, kw_only=True, eq=False)
class InlineQuery:
    """What a user typed after the bot's name, and the bot's answer."""

    query_id: str
    user_id: int
    text: str
    offset: str
    stale_at: float
    answer: "asyncio.Future[dict[str, Any]]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )

    async def wait_results(self, *, timeout_s: float = 10.0) -> list[dict[str, Any]]:
        """Return the results as the bot gave them.

        Raises:
            TimeoutError: when the bot did not answer in time.
        """
        async with asyncio.timeout(timeout_s):
            answer = await asyncio.shield(self.answer)
        results: list[dict[str, Any]] = answer["results"]
        return results


class InlineMode:
    """The bot's inline mode: off until /setinline, without feedback until /setinlinefeedback."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queries: dict[str, InlineQuery] = {}
        self._cache: dict[tuple[str, str, int], tuple[dict[str, Any], float]] = {}
        self.is_on = False
        self.gives_feedback = False

    def new(self, user_id: int, text: str, offset: str) -> InlineQuery:
        """Make a query; it comes answered if the server still has the answer cached."""
        query = InlineQuery(
            query_id=str(_FIRST_QUERY_ID + len(self._queries)),
            user_id=user_id,
            text=text,
            offset=offset,
            stale_at=self._clock.now() + STALE_AFTER_S,
        )
        self._queries[query.query_id] = query
        for owner_id in (0, user_id):
            answer, until = self._cache.get((text, offset, owner_id), ({}, 0.0))
            if until > self._clock.now() and not query.answer.done():
                query.answer.set_result(answer)
        return query

    def answer(self, arguments: Mapping[str, Any]) -> None:
        """Hand the bot's results to the user, and cache them.

        Raises:
            ApiError: 400 for a query that is stale or unknown, and for results beyond the limits.
        """
        query = self._queries.get(arguments["inline_query_id"])
        if query is None or query.answer.done() or self._clock.now() > query.stale_at:
            raise bad_request(TOO_OLD)
        check_results(arguments["results"])
        if len(arguments.get("next_offset", "").encode()) > MAX_OFFSET_BYTES:
            raise bad_request("NEXT_OFFSET_INVALID")
        if button := arguments.get("button"):
            _check_button(button)
        query.answer.set_result(dict(arguments))
        owner_id = query.user_id if arguments.get("is_personal") else 0
        until = self._clock.now() + arguments.get("cache_time", _DEFAULT_CACHE_S)
        self._cache[query.text, query.offset, owner_id] = (dict(arguments), until)


def check_results(results: list[dict[str, Any]]) -> None:
    """Refuse results that Telegram would refuse.

    Raises:
        ApiError: 400; 501 for a type that this server does not model.
    """
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    seen: set[str] = set()
    for result in results:
        if result["type"] != "article":
            raise not_modelled(f'inline results of type "{result["type"]}"')
        if not 1 <= len(result["id"].encode()) <= MAX_RESULT_ID_BYTES:
            raise bad_request("RESULT_ID_INVALID")
        if result["id"] in seen:
            raise bad_request("RESULT_ID_DUPLICATE")
        seen.add(result["id"])
        if not result["title"].strip():
            raise bad_request("ARTICLE_TITLE_EMPTY")
        check_markup(result.get("reply_markup"))
        inline_content(result)


def inline_content(result: Mapping[str, Any]) -> FormattedText:
    """Return what choosing `result` sends.

    Raises:
        ApiError: 400 for a text that could not be sent.
    """
    content = result["input_message_content"]
    return formatted_text(
        content["message_text"],
        parse_mode=content.get("parse_mode", ""),
        entities=content.get("entities", ()),
    )


def _check_button(button: Mapping[str, Any]) -> None:
    if not button["text"].strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    if not _START_PARAMETER.fullmatch(button.get("start_parameter", "")):
        raise bad_request("START_PARAM_INVALID")
