"""The state of the index and of the bot, short enough for a phone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from bot.cards.lines import bounded, clipped, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bot.texts import Texts

__all__ = ["ago", "state_text"]

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


def state_text(
    state: dict[str, Any],
    problems: Mapping[str, str],
    texts: Texts,
    *,
    now: dt.datetime,
    is_building: bool,
) -> str:
    """Say what `status_object` and the bot's health hold."""
    return bounded(_lines(state, problems, texts, now=now, is_building=is_building))


def _lines(
    state: dict[str, Any],
    problems: Mapping[str, str],
    texts: Texts,
    *,
    now: dt.datetime,
    is_building: bool,
) -> Iterator[str]:
    if state["generation"] is None:
        yield texts("status-none")
    else:
        built = ago(state["created"], now, texts)
        yield texts("status-live", generation=state["generation"], ago=built)
        documents = texts("documents", count=state["documents"])
        yield f"{documents} · {texts('passages', count=state['passages'])}"
        yield texts("status-encoder", encoder=clipped(state["encoder"]["name"]))
    for each in state["generations"]:
        if each["is"] == "withheld":
            yield texts("status-withheld", generation=each["generation"])
    if state["rolled_back_from"] is not None:
        yield texts("status-rolled-back", generation=state["rolled_back_from"])
    if is_building:
        yield texts("status-building")
    if state["stale"]:
        yield texts("status-stale")
        yield from listed("•", state["stale"], texts)
    else:
        yield texts("status-current")
    if problems:
        yield texts("status-problems")
        yield from listed("•", list(problems.values()), texts)
    else:
        yield texts("status-healthy")


def ago(moment: str, now: dt.datetime, texts: Texts) -> str:
    """Say how long ago a moment (ISO 8601, with its zone) was, in its largest unit."""
    seconds = int((now - dt.datetime.fromisoformat(moment)).total_seconds())
    if seconds < _MINUTE_S:
        return texts("ago-now")
    if seconds < _HOUR_S:
        return texts("ago-minutes", count=seconds // _MINUTE_S)
    if seconds < _DAY_S:
        return texts("ago-hours", count=seconds // _HOUR_S)
    return texts("ago-days", count=seconds // _DAY_S)
