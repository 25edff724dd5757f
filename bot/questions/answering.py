"""Answers for many people at once: questions that wait together are searched as one batch."""

from __future__ import annotations

import asyncio
import queue
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.questions.answerer import Answerer
    from index.library import Library
    from index.queries import Query
    from index.types import Answer, Vectors

__all__ = ["Answering"]

_MAX_BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    query: Query
    hits: int
    answered: asyncio.Future[Answer]
    loop: asyncio.AbstractEventLoop


@dataclass(frozen=True, slots=True, kw_only=True)
class _Encoding:
    questions: Sequence[str]
    answered: asyncio.Future[Vectors]
    loop: asyncio.AbstractEventLoop


class Answering:
    """Keeps the event loop free while the encoder, which holds a core, is at work.

    One thread: the encoder uses every core by itself, so more would only compete. What is asked
    during a search waits for it and is then encoded in one go, which takes little longer than one
    question alone.
    """

    def __init__(self, retriever: Answerer, *, hits: int) -> None:
        self._retriever = retriever
        self._hits = hits
        self._asked: queue.SimpleQueue[_Asked | _Encoding | None] = queue.SimpleQueue()
        # A daemon: a search that never ends must not keep the process from ending.
        self._thread = threading.Thread(target=self._work, name="search", daemon=True)
        self._thread.start()

    async def answer(self, query: Query, *, hits: int | None = None) -> Answer:
        """Answer a question with so many hits at most, as many as is usual unless said.

        Raises:
            QuestionError: the question is blank or far too long.
        """
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answer] = loop.create_future()
        most = self._hits if hits is None else hits
        self._asked.put(_Asked(query=query, hits=most, answered=answered, loop=loop))
        return await answered

    async def vectors(self, questions: Sequence[str]) -> Vectors:
        """Return the vectors of questions, an `(n, d)` array.

        It gives way: of many, a few are encoded at a time, after whoever asks meanwhile.
        """
        loop = asyncio.get_running_loop()
        parts: list[Vectors] = []
        for start in range(0, len(questions), _MAX_BATCH):
            part = questions[start : start + _MAX_BATCH]
            answered: asyncio.Future[Vectors] = loop.create_future()
            self._asked.put(_Encoding(questions=part, answered=answered, loop=loop))
            parts.append(await answered)
        return np.concatenate(parts) if parts else np.zeros((0, 0), np.float32)

    @property
    def library(self) -> Library:
        """What can be looked up in the documents that are answered from now."""
        return self._retriever.library

    @property
    def problem(self) -> str:
        """Why nothing can be answered now; empty when all is well."""
        return self._retriever.problem

    def close(self, *, timeout_s: float | None = None) -> None:
        """Let the search at work finish, within a time limit if there is one."""
        self._asked.put(None)
        self._thread.join(timeout_s)

    def _work(self) -> None:
        while (first := self._asked.get()) is not None:
            batch: list[_Asked | _Encoding] = [first]
            is_last = False
            while len(batch) < _MAX_BATCH and not self._asked.empty():
                following = self._asked.get()
                if following is None:
                    is_last = True
                    break
                if not following.answered.cancelled():  # nobody waits for it any more
                    batch.append(following)
            asked = [each for each in batch if isinstance(each, _Asked)]
            for hits in dict.fromkeys(each.hits for each in asked):
                self._search([each for each in asked if each.hits == hits])
            for each in batch:
                if isinstance(each, _Encoding):
                    self._encode(each)
            if is_last:
                return

    def _encode(self, encoding: _Encoding) -> None:
        try:
            _tell(encoding, self._retriever.vectors(encoding.questions))
        except Exception as error:  # noqa: BLE001 -- handed to who asked
            _tell(encoding, error)

    def _search(self, batch: list[_Asked]) -> None:
        left = list(batch)
        hits = batch[0].hits
        try:
            answers = self._retriever.retrieve_many([each.query for each in batch], k=hits)
            for answer in answers:
                _tell(left.pop(0), answer)
        except Exception as error:  # noqa: BLE001 -- handed to who asked
            if len(batch) == 1:
                _tell(batch[0], error)
                return
            for each in left:  # one of them is at fault: the others must not suffer
                self._search([each])


def _tell(asked: _Asked | _Encoding, outcome: Any) -> None:
    def tell() -> None:
        if asked.answered.done():
            return
        if isinstance(outcome, Exception):
            asked.answered.set_exception(outcome)
        else:
            asked.answered.set_result(outcome)

    if not asked.loop.is_closed():
        asked.loop.call_soon_threadsafe(tell)
