"""Feedback as golden questions: what people confirmed, in the words that are live now."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.database.choosing import database_of
from bot.database.store import Store
from bot.memory.votes import votes_of_all
from bot.people.judging import judged, question_key
from index.errors import StateFolderError
from index.generations import Generations
from index.golden import load_golden
from index.library import Library

if TYPE_CHECKING:
    from bot.memory.votes import Vote
    from bot.people.judging import Judgement
    from bot.settings import Settings

__all__ = ["Export", "export"]

_NOTE = "feedback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """Lines of a golden file, and what was left out of it, a line each, for a maintainer."""

    lines: tuple[str, ...]
    left_out: tuple[str, ...]


def export(settings: Settings) -> Export:
    """Return the golden questions that people's votes make, by whom left out.

    What the golden file asks already is not repeated.

    Raises:
        EvaluationError: the golden file can't be read.
        GenerationError: no index is live, or it is damaged.
        StateFolderError: there is no file of the bot's, or it can't be read.
    """
    judgements, conflicts = judged(_votes(settings))
    known = _known(settings)
    library = Library(Generations(settings.state_dir).load()[0])
    lines, left_out = [], [f"votes conflict: {question}" for question in conflicts]
    for each in judgements:
        if question_key(each.question) in known:
            continue
        quotes = _quotes(each, library)
        if each.quotes and not quotes:
            left_out.append(f"the passage is gone: {each.question}")
            continue
        golden = {"question": each.question, "quotes": quotes, "note": _NOTE}
        lines.append(json.dumps(golden, ensure_ascii=False))
    return Export(lines=tuple(lines), left_out=tuple(left_out))


def _votes(settings: Settings) -> list[Vote]:
    path = settings.state_dir / "bot.db"
    if settings.database_url is None and not path.is_file():
        raise StateFolderError(f"{path} does not exist: no bot has run with this state folder")
    store = Store(database_of(settings))
    try:
        return votes_of_all(store)
    finally:
        store.close()


def _known(settings: Settings) -> set[str]:
    if not settings.golden_file.is_file():
        return set()
    return {question_key(each.question) for each in load_golden(settings.golden_file)}


def _quotes(judgement: Judgement, library: Library) -> list[str]:
    """Return the sentences, verbatim, of the passages that still stand."""
    quotes = []
    for quoted in judgement.quotes:
        place = library.place(quoted.passage_id)
        if place is not None:
            start, end = quoted.highlight
            quotes.append(place.passage.text[start:end].strip())
    return [quote for quote in quotes if quote]
