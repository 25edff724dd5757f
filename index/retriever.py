"""From a question to verified, cited hits, over one loaded generation."""

from __future__ import annotations

from itertools import groupby, islice
from time import perf_counter
from typing import TYPE_CHECKING, Self

import numpy as np

from index.candidates import find_candidates
from index.confidence import Thresholds, confidence, probability
from index.conversing import Conversing
from index.errors import EncoderMismatchError
from index.fusion import fused_scores
from index.generations import Generations
from index.highlight import highlight
from index.library import Library
from index.queries import Query
from index.questions import checked
from index.quoting import Quoting
from index.reranking import rerank
from index.types import Answer, Timings, Verdict
from index.weighing import Search, best_search
from index.within import passages_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.conversing import Understanding
    from index.encoder import CrossEncoderReranker
    from index.generation import Generation
    from index.types import Document, Embedding, Encoder, Hit, Passage, Vectors

__all__ = ["LocalRetriever"]


class LocalRetriever:
    """Answers from a generation held in this process; see the `Retriever` protocol."""

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        *,
        thresholds: Thresholds | None = None,
        reranker: CrossEncoderReranker | None = None,
    ) -> None:
        self._generation = generation
        self._encoder = encoder
        self._thresholds = thresholds or Thresholds()
        self._reranker = reranker
        self._quoting = Quoting(generation)
        self._library = Library(generation, self._quoting)
        self._conversing = Conversing(generation, self._library)

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
    def passages(self) -> Sequence[Passage]:
        """Every passage, document by document."""
        return self._generation.passages

    def documents(self) -> list[tuple[Document, int]]:
        """Return every document in the order of their paths, with its number of passages."""
        counts = np.bincount(self._generation.document_rows)
        return list(zip(self._generation.documents, counts.tolist(), strict=True))

    @property
    def library(self) -> Library:
        """What can be looked up in the generation."""
        return self._library

    @property
    def generation(self) -> str:
        """The name of the generation it answers from."""
        return self._generation.name

    def get_ready(self) -> None:
        """Work out what the first question would else have to; the encoder is left alone."""
        self._generation.get_ready()
        self._library.get_ready()

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
        understood = [self._conversing.understand(query, checked(query.text)) for query in queries]
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
        within = passages_within(self._generation, query.scope)
        hits: tuple[Hit, ...] = ()
        sureness, asked = 0.0, understood.texts[0]
        if within is None or within.any():
            searches = [
                self._search(text, embedding, within)
                for text, embedding in zip(understood.texts, embeddings, strict=True)
            ]
            search = best_search(searches, understood, self._generation)
            asked = search.text
            searched = perf_counter()
            scores = self._scores(search)
            found = list(islice(self._hits(search, scores, within), k))
            hits = tuple(hit for _, hit in found)
            sureness = self._confidence(search, scores, found[0][0]) if found else 0.0
        done = perf_counter()
        return Answer(
            question=query.text,
            query=asked,
            is_followup=asked != understood.asked,
            verdict=self._thresholds.verdict(sureness) if hits else Verdict.NO_ANSWER,
            confidence=sureness,
            hits=hits,
            generation=self._generation.name,
            timings=Timings(
                encode_ms=encode_ms,
                search_ms=1000 * (searched - encoded),
                rerank_ms=1000 * (done - searched),
                total_ms=encode_ms + 1000 * (done - encoded),
            ),
        )

    def _search(self, text: str, embedding: Embedding, within: NDArray[np.bool_] | None) -> Search:
        candidates = find_candidates(self._generation, text, embedding, within=within)
        scores = fused_scores(candidates)
        return Search(
            text=text, embedding=embedding, candidates=candidates, scores=scores, weighed=scores
        )

    def _scores(self, search: Search) -> NDArray[np.float32]:
        if self._reranker is None:
            return search.weighed
        texts = [self._generation.passages[row].text for row in search.candidates.rows]
        return rerank(self._reranker, search.text, texts, search.weighed)

    def _confidence(self, search: Search, scores: NDArray[np.float32], first: int) -> float:
        if self._reranker is not None:
            return probability(float(scores[first]))  # a cross-encoder's score is a logit
        documents = self._generation.document_rows[search.candidates.rows]
        return confidence(search.candidates, search.scores, documents, first=first)

    def _best_first(self, search: Search, scores: NDArray[np.float32]) -> Iterator[int]:
        """Give the candidates' places, best first; ids are read only where scores tie."""
        passages, rows = self._generation.passages, search.candidates.rows
        order = np.argsort(-scores, kind="stable").tolist()
        for _, tied in groupby(order, key=lambda at: scores[at]):
            first, *others = tied
            if others:
                yield from sorted((first, *others), key=lambda at: passages[int(rows[at])].id)
            else:
                yield first

    def _hits(
        self, search: Search, scores: NDArray[np.float32], within: NDArray[np.bool_] | None
    ) -> Iterator[tuple[int, Hit]]:
        """Give each hit with its place among the candidates, best first, ties by passage id.

        Near-duplicates are one hit; those out of scope are not named.
        """
        generation, candidates = self._generation, search.candidates
        rows: list[int] = candidates.rows.tolist()
        score_of = dict(zip(rows, scores.tolist(), strict=True))
        least = float(scores.min())
        seen: set[int] = set()
        for at in self._best_first(search, scores):
            row = rows[at]
            group = int(generation.first_alike[row])
            if group in seen or not self._quoting.is_verbatim(row):
                continue
            seen.add(group)
            rank = len(seen)
            span = highlight(generation, search.text, search.embedding, candidates, at)
            others = [
                self._quoting.hit(other, rank=rank, score=score_of.get(other, least), span=its)
                for other, its in self._quoting.alike(row, span)
                if within is None or within[other]
            ]
            others.sort(key=lambda hit: (-hit.score, hit.passage.id))
            hit = self._quoting.hit(
                row, rank=rank, score=score_of[row], span=span, also_in=tuple(others)
            )
            yield at, hit
