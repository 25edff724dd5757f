"""Small made-up answers, and a retriever that says what it is told."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from index.library import Place
from index.types import (
    Answer,
    Document,
    Hit,
    Passage,
    Source,
    Span,
    Timings,
    Verdict,
)
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.queries import Query
    from index.types import Vectors

TEXT = "It was late. The gate <A> stood open. Nobody came."
HIGHLIGHT = Span(13, 37)
"""Where "The gate <A> stood open." stands in `TEXT`."""


def make_hit(
    text: str = TEXT,
    highlight: Span = HIGHLIGHT,
    *,
    source: Source | None = None,
    number: int = 2,
    of: int = 5,
    page: int | None = None,
    heading: str | None = None,
    rank: int = 1,
    score: float = 0.8,
    also_in: tuple[Hit, ...] = (),
) -> Hit:
    """Return a hit on a passage that stands 100 characters into its document."""
    return Hit(
        passage=Passage(
            id=f"p{rank}",
            document_id="d1",
            number=number,
            of=of,
            start=100,
            end=100 + len(text),
            text=text,
            page=page,
            heading=heading,
        ),
        source=source or Source(title="The Gate", path="seeds/gate.txt"),
        rank=rank,
        score=score,
        highlight=highlight,
        also_in=also_in,
    )


def make_answer(
    *hits: Hit,
    verdict: Verdict = Verdict.ANSWERED,
    question: str = "was the gate open?",
    confidence: float = 0.93,
) -> Answer:
    """Return an answer with these hits."""
    return Answer(
        question=question,
        query=question,
        verdict=verdict,
        confidence=confidence,
        hits=hits,
        generation="20260101T000000Z-00000000",
        timings=Timings(encode_ms=6.12345, search_ms=0.4, rerank_ms=21.0, total_ms=27.52345),
    )


def make_document(number: int = 1, *, title: str = "The Gate", url: str | None = None) -> Document:
    """Return a document; only its source matters here."""
    return Document(
        id=f"d{number}",
        source=Source(title=title, path=f"seeds/{number}.txt", url=url),
        text=TEXT,
        content_hash="0" * 64,
    )


class ScriptedLibrary:
    """What can be looked up among some hits; each document has their passages in this order.

    `listed` are documents without any passage.
    """

    def __init__(
        self,
        hits: Sequence[Hit],
        listed: Sequence[Document] = (),
        generation: str = "20260101T000000Z-00000000",
    ) -> None:
        self.hits = list(hits)
        self.listed = list(listed)
        self.generation = generation

    @property
    def documents(self) -> list[Document]:
        """Every document of the hits, once."""
        found = {hit.passage.document_id: hit.source for hit in self.hits}
        return [
            Document(id=each, source=source, text=TEXT, content_hash="0" * 64)
            for each, source in found.items()
        ] + self.listed

    def place_of(self, document_id: str) -> int | None:
        """Return the place of a document among all."""
        ids = [document.id for document in self.documents]
        return ids.index(document_id) if document_id in ids else None

    def document(self, document_id: str) -> Document | None:
        """Return a document by its id."""
        return next((each for each in self.documents if each.id == document_id), None)

    def titled(self, words: str) -> list[Document]:
        """Return the documents with these words in their titles."""
        asked = set(words.casefold().split())
        return [
            each for each in self.documents if asked <= set(each.source.title.casefold().split())
        ]

    def passages_of(self, document_id: str) -> list[Passage]:
        """Return the passages of a document."""
        return [each.passage for each in self.hits if each.passage.document_id == document_id]

    def place(self, passage_id: str) -> Place | None:
        """Return where a passage stands."""
        hit = self._found(passage_id)
        if hit is None:
            return None
        beside = self.passages_of(hit.passage.document_id)
        return Place(
            passage=hit.passage,
            source=hit.source,
            document_id=hit.passage.document_id,
            index=beside.index(hit.passage),
        )

    def around(self, passage_id: str, *, before: int, after: int) -> Sequence[Passage]:
        """Return a passage with its neighbours."""
        place = self.place(passage_id)
        if place is None:
            return ()
        hit = self._found(passage_id)
        assert hit is not None
        return self.passages_of(hit.passage.document_id)[
            max(0, place.index - before) : place.index + after + 1
        ]

    def hit_of(self, passage_id: str, highlight: Span | None = None) -> Hit | None:
        """Return a passage as a hit."""
        hit = self._found(passage_id)
        return hit and replace(hit, highlight=highlight or Span(0, 0), rank=1, score=0.0)

    def _found(self, passage_id: str) -> Hit | None:
        return next((hit for hit in self.hits if hit.passage.id == passage_id), None)


class ScriptedRetriever:
    """Gives `answer` to every question, or raises `error`, and remembers what it was asked.

    While `gate` is closed, a question that is `slow` waits for it; `entered` is set by then.
    """

    def __init__(self, answer: Answer | None = None) -> None:
        self.answer = answer or make_answer(make_hit())
        self.error: Exception | None = None
        self.questions: list[str] = []
        self.queries: list[Query] = []
        self.limits: list[int] = []
        self.is_warm = False
        self.slow = ""
        self.entered = threading.Event()
        self.gate = threading.Event()
        self.known: list[Hit] | None = None
        self.listed: list[Document] = []

    @property
    def problem(self) -> str:
        """Tell that all is well."""
        return ""

    @property
    def library(self) -> ScriptedLibrary:
        """The hits of `known`, or else of the answer, and the documents put in `listed`."""
        hits = self.answer.hits if self.known is None else self.known
        return ScriptedLibrary(hits, self.listed, self.answer.generation)

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the answer, whatever the question."""
        self.questions.append(question)
        self.limits.append(k)
        if question == self.slow:
            self.entered.set()
            self.gate.wait(timeout=30)
        if self.error is not None:
            raise self.error
        return self.answer

    def retrieve_many(self, queries: Sequence[Query], *, k: int) -> Iterator[Answer]:
        """Return the answer for each question, one after another."""
        for query in queries:
            self.queries.append(query)
            yield self.retrieve(query.text, k=k)

    def vectors(self, questions: Sequence[str]) -> Vectors:
        """Return vectors by which questions of the same words are alike."""
        return FakeEncoder().encode_queries(questions)

    def warm_up(self) -> None:
        """Remember that it was asked to get ready."""
        self.is_warm = True
