"""Checking a claim: for each of its sentences, what the documents have that is nearest to it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import QuestionError
from index.queries import Query
from index.sentences import sentence_spans
from index.types import Verdict

if TYPE_CHECKING:
    from bot.questions.answering import Answering
    from index.types import Hit

__all__ = ["MAX_SENTENCES", "Checked", "check", "sentences_of"]

MAX_SENTENCES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A sentence with the closest passage, None where the documents hold nothing about it.

    `is_sure` says how the passage was found, never whether the sentence is true.
    """

    sentence: str
    hit: Hit | None
    is_sure: bool = False


def sentences_of(text: str) -> list[str]:
    """Return the sentences of a text that say anything in words or numbers."""
    lines = text.splitlines()
    found = [line[slice(*span)] for line in lines for span in sentence_spans(line)]
    return [each for each in found if any(map(str.isalnum, each))]


async def check(sentences: list[str], answering: Answering) -> list[Checked]:
    """Return what the documents have for each sentence, in order; they are searched together."""
    return list(await asyncio.gather(*(_check(each, answering) for each in sentences)))


async def _check(sentence: str, answering: Answering) -> Checked:
    try:
        answer = await answering.answer(Query(text=sentence), hits=1)
    except QuestionError:
        return Checked(sentence=sentence, hit=None)
    if answer.verdict == Verdict.NO_ANSWER or not answer.hits:
        return Checked(sentence=sentence, hit=None)
    is_sure = answer.verdict == Verdict.ANSWERED
    return Checked(sentence=sentence, hit=answer.hits[0], is_sure=is_sure)
