"""Answers for many people at once: searches run one after another in a thread of their own."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.live import LiveRetriever
    from index.retriever import LocalRetriever
    from index.types import Answer, Document

__all__ = ["Answering"]


class Answering:
    """Keeps the event loop free while the encoder, which holds a core, is at work."""

    def __init__(self, retriever: LiveRetriever | LocalRetriever, *, hits: int) -> None:
        self._retriever = retriever
        self._hits = hits
        # One thread: the encoder uses every core by itself, so more would only compete.
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="search")

    async def answer(self, question: str) -> Answer:
        """Answer a question.

        Raises:
            QuestionError: the question is blank or far too long.
        """
        search = partial(self._retriever.retrieve, question, k=self._hits)
        return await asyncio.get_running_loop().run_in_executor(self._worker, search)

    def documents(self) -> list[tuple[Document, int]]:
        """Return the documents that are answered from, each with its number of passages."""
        return self._retriever.documents()

    def close(self) -> None:
        """Let the search at work finish, and take no more."""
        self._worker.shutdown(wait=True, cancel_futures=True)
