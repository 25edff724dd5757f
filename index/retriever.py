"""From a question to verified, cited hits, over one generation."""

from __future__ import annotations

from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Self

import numpy as np

from index.candidates import gather
from index.confidence import Thresholds, confidence, probability
from index.errors import EncoderMismatchError
from index.finding import LocalFinder
from index.fusion import fused_scores
from index.generations import Generations
from index.hits import hits_of
from index.queries import Query
from index.questions import checked
from index.reranking import rerank
from index.types import Answer, Timings, Verdict
from index.weighing import Search, best_search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.conversing import Understanding
    from index.encoder import CrossEncoderReranker
    from index.finding import Finder, Found
    from index.generation import Generation
    from index.library import Library
    from index.types import Document, Embedding, Encoder, Hit, Passage, Vectors

__all__ = ["FinderRetriever", "LocalRetriever"]


class FinderRetriever:
    """Answers from what a finder finds; see the `Retriever` protocol."""

    def __init__(
        self,
        finder: Finder,
        encoder: Encoder,
        *,
        thresholds: Thresholds | None = None,
        reranker: CrossEncoderReranker | None = None,
    ) -> None:
        self._finder = finder
        self._encoder = encoder
        self._thresholds = thresholds or Thresholds()
        self._reranker = reranker

    @property
    def library(self) -> Library:
        """What can be looked up in the generation."""
        return self._finder.library

    @property
    def generation(self) -> str:
        """The name of the generation it answers from."""
        return self._finder.name

    def get_ready(self) -> None:
        """Work out what the first question would else have to; the encoder is left alone."""
        self._finder.get_ready()

    def warm_up(self) -> None:
        """Load the model, so that the first person to ask doesn't wait for it."""
        self._encoder.embed_queries(["warm-up"])

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the `k` best passages and a verdict on the best of them.

        Raises:
            QuestionError: the question is blank or over `MAX_QUESTION_CHARS` characters.
        """
        (answer,) = self.retrieve_many([Query(text=question)], k=k)
        return answer

    def retrieve_many(self, queries: Sequence[Query], *, k: int) -> Iterator[Answer]:
        """Answer several questions, in order; they are encoded together, which is much faster.

        Each answer's encoding time is its share of the whole. Where a scope holds no document the
        answer has no hits.

        Raises:
            QuestionError: a question is blank or over `MAX_QUESTION_CHARS` characters.
        """
        understood = [self._finder.understand(query, checked(query.text)) for query in queries]
        texts = [text for each in understood for text in each.texts]
        started = perf_counter()
        embeddings = iter(self._encoder.embed_queries(texts))
        share_ms = 1000 * (perf_counter() - started) / max(1, len(queries))
        for query, each in zip(queries, understood, strict=True):
            own = list(islice(embeddings, len(each.texts)))
            yield self._answer(query, each, own, k=k, encode_ms=share_ms)

    def vectors(self, questions: Sequence[str]) -> Vectors:
        """Return questions' vectors, an `(n, d)` array; inner products say how alike they are."""
        return self._encoder.encode_queries(questions)

    def _answer(
        self,
        query: Query,
        understood: Understanding,
        embeddings: Sequence[Embedding],
        *,
        k: int,
        encode_ms: float,
    ) -> Answer:
        encoded = searched = perf_counter()
        hits: tuple[Hit, ...] = ()
        sureness, asked = 0.0, understood.texts[0]
        found = self._finder.find(understood.texts, embeddings, query.scope)
        if found is not None:
            searches = [
                _search(found, at, text, embedding)
                for at, (text, embedding) in enumerate(
                    zip(understood.texts, embeddings, strict=True)
                )
            ]
            search = best_search(searches, understood, found.generation)
            asked = search.text
            searched = perf_counter()
            scores = self._scores(found, search)
            ranked = list(islice(hits_of(found, search, scores), k))
            hits = tuple(hit for _, hit in ranked)
            sureness = self._confidence(found, search, scores, ranked[0][0]) if ranked else 0.0
        done = perf_counter()
        return Answer(
            question=query.text,
            query=asked,
            is_followup=asked != understood.asked,
            verdict=self._thresholds.verdict(sureness) if hits else Verdict.NO_ANSWER,
            confidence=sureness,
            hits=hits,
            generation=self._finder.name,
            timings=Timings(
                encode_ms=encode_ms,
                search_ms=1000 * (searched - encoded),
                rerank_ms=1000 * (done - searched),
                total_ms=encode_ms + 1000 * (done - encoded),
            ),
        )

    def _scores(self, found: Found, search: Search) -> NDArray[np.float32]:
        if self._reranker is None:
            return search.weighed
        texts = [found.generation.passages[row].text for row in search.candidates.rows]
        return rerank(self._reranker, search.text, texts, search.weighed)

    def _confidence(
        self, found: Found, search: Search, scores: NDArray[np.float32], first: int
    ) -> float:
        if self._reranker is not None:
            return probability(float(scores[first]))  # a cross-encoder's score is a logit
        documents = found.generation.document_rows[search.candidates.rows]
        return confidence(search.candidates, search.scores, documents, first=first)


class LocalRetriever(FinderRetriever):
    """Answers from a generation held in this process; see the `Retriever` protocol."""

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        *,
        thresholds: Thresholds | None = None,
        reranker: CrossEncoderReranker | None = None,
    ) -> None:
        super().__init__(
            LocalFinder(generation), encoder, thresholds=thresholds, reranker=reranker
        )
        self._generation = generation

    @classmethod
    def from_state(
        cls,
        state_dir: Path,
        encoder: Encoder,
        *,
        thresholds: Thresholds | None = None,
        reranker: CrossEncoderReranker | None = None,
    ) -> Self:
        """Load the live generation of a state folder.

        Raises:
            GenerationError: there is none, it is damaged, or it belongs to another encoder.
        """
        generation, manifest = Generations(state_dir).load()
        if encoder.identity != manifest.encoder:
            raise EncoderMismatchError(str(manifest.encoder), str(encoder.identity))
        return cls(generation, encoder, thresholds=thresholds, reranker=reranker)

    @property
    def problem(self) -> str:
        """Why nothing can be answered now: it is empty, since all that is needed is here."""
        return ""

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage, document by document."""
        return self._generation.passages

    def documents(self) -> list[tuple[Document, int]]:
        """Return every document in the order of their paths, with its number of passages."""
        counts = np.bincount(self._generation.document_rows)
        return list(zip(self._generation.documents, counts.tolist(), strict=True))


def _search(found: Found, at: int, text: str, embedding: Embedding) -> Search:
    candidates = gather(found.generation, found.rows[at], text, embedding)
    scores = fused_scores(candidates)
    return Search(
        text=text, embedding=embedding, candidates=candidates, scores=scores, weighed=scores
    )
