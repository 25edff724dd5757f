"""From a question to verified, cited hits, over one loaded generation."""

from __future__ import annotations

import logging
from dataclasses import replace
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Self

import numpy as np

from index.candidates import find_candidates
from index.confidence import Thresholds, confidence, probability
from index.errors import EncoderMismatchError
from index.fusion import fused_scores
from index.generations import Generations
from index.highlight import highlight
from index.questions import checked
from index.reranking import rerank
from index.text import sha256_hex
from index.types import Answer, Hit, Span, Timings, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from index.candidates import Candidates
    from index.encoder import CrossEncoderReranker
    from index.generation import Generation
    from index.types import Document, Embedding, Encoder, Passage

__all__ = ["LocalRetriever"]

_log = logging.getLogger(__name__)


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
        self._whole: dict[int, bool] = {}

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
    def generation(self) -> str:
        """The name of the generation it answers from."""
        return self._generation.name

    def get_ready(self) -> None:
        """Work out what the first question would else have to; the encoder is left alone."""
        generation = self._generation
        _ = generation.document_rows, generation.languages, generation.alike

    def warm_up(self) -> None:
        """Load the model, so that the first person to ask doesn't wait for it."""
        self._encoder.embed_queries(["warm-up"])

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the `k` best passages and a verdict on the best of them.

        Raises:
            QuestionError: the question is blank or over `MAX_QUESTION_CHARS` characters.
        """
        (answer,) = self.retrieve_many([question], k=k)
        return answer

    def retrieve_many(self, questions: Sequence[str], *, k: int) -> Iterator[Answer]:
        """Answer several questions, in order; they are encoded together, which is much faster.

        Each answer's encoding time is its share of the whole.

        Raises:
            QuestionError: a question is blank or over `MAX_QUESTION_CHARS` characters.
        """
        asked = [checked(question) for question in questions]
        started = perf_counter()
        embeddings = self._encoder.embed_queries(asked)
        share_ms = 1000 * (perf_counter() - started) / max(1, len(asked))
        for question, words, embedding in zip(questions, asked, embeddings, strict=True):
            yield self._answer(question, words, embedding, k=k, encode_ms=share_ms)

    def _answer(
        self, question: str, asked: str, embedding: Embedding, *, k: int, encode_ms: float
    ) -> Answer:
        encoded = perf_counter()
        candidates = find_candidates(self._generation, asked, embedding)
        searched = perf_counter()
        scores = self._scores(asked, candidates)
        found = list(islice(self._hits(asked, embedding, candidates, scores), k))
        hits = tuple(hit for _, hit in found)
        sureness = self._confidence(candidates, scores, found[0][0]) if found else 0.0
        done = perf_counter()
        return Answer(
            question=question,
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

    def _scores(self, asked: str, candidates: Candidates) -> NDArray[np.float32]:
        scores = fused_scores(candidates)
        if self._reranker is None:
            return scores
        texts = [self._generation.passages[row].text for row in candidates.rows]
        return rerank(self._reranker, asked, texts, scores)

    def _confidence(
        self, candidates: Candidates, scores: NDArray[np.float32], first: int
    ) -> float:
        if self._reranker is not None:
            return probability(float(scores[first]))  # a cross-encoder's score is a logit
        documents = self._generation.document_rows[candidates.rows]
        return confidence(candidates, scores, documents, first=first)

    def _hits(
        self,
        asked: str,
        embedding: Embedding,
        candidates: Candidates,
        scores: NDArray[np.float32],
    ) -> Iterator[tuple[int, Hit]]:
        """Give each hit with its place among the candidates, best first, ties by passage id.

        Near-duplicates are one hit.
        """
        generation = self._generation
        rows = [int(row) for row in candidates.rows]
        places = {row: at for at, row in enumerate(rows)}
        order = sorted(rows, key=lambda row: (-scores[places[row]], generation.passages[row].id))
        first_alike = generation.first_alike
        seen: set[int] = set()
        rank = 0
        for row in order:
            group = int(first_alike[row])
            if group in seen or not self._is_verbatim(row):
                continue
            seen.add(group)
            rank += 1
            span = highlight(generation, asked, embedding, candidates, places[row])
            sentence = generation.passages[row].text[slice(*span)]
            others = [
                self._hit(
                    other,
                    rank=rank,
                    score=float(scores[places[other]] if other in places else scores.min()),
                    span=_span_of(sentence, generation.passages[other].text),
                )
                for other in generation.alike.get(group, ())
                if other != row and self._is_verbatim(other)
            ]
            others.sort(key=lambda hit: (-hit.score, hit.passage.id))
            hit = self._hit(row, rank=rank, score=float(scores[places[row]]), span=span)
            yield places[row], replace(hit, also_in=tuple(others))

    def _hit(self, row: int, *, rank: int, score: float, span: Span) -> Hit:
        generation = self._generation
        return Hit(
            passage=generation.passages[row],
            source=generation.documents[generation.document_rows[row]].source,
            rank=rank,
            score=score,
            highlight=span,
        )

    def _is_verbatim(self, row: int) -> bool:
        """Whether the passage stands in its document, whose hash is taken once and remembered."""
        generation = self._generation
        passage = generation.passages[row]
        at = int(generation.document_rows[row])
        document = generation.documents[at]
        if at not in self._whole:
            self._whole[at] = sha256_hex(document.text) == document.content_hash
        is_verbatim = (
            self._whole[at] and document.text[passage.start : passage.end] == passage.text
        )
        if not is_verbatim:
            _log.error("passage %s is not in its document: not shown", passage.id)
        return is_verbatim


def _span_of(sentence: str, text: str) -> Span:
    """Return where a near-duplicate has the sentence; all of it where it words it otherwise."""
    at = text.find(sentence)
    return Span(at, at + len(sentence)) if at >= 0 else Span(0, len(text))
