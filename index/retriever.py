"""From a question to verified, cited hits, over one loaded generation."""

from __future__ import annotations

import logging
from collections import Counter
from time import perf_counter
from typing import TYPE_CHECKING, Self

from index.confidence import Thresholds, confidence
from index.errors import EncoderMismatchError, QuestionError
from index.generations import Generations
from index.highlight import highlight
from index.text import sha256_hex
from index.types import Answer, Hit, Timings, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from index.generations import Generation
    from index.types import Document, Encoder, Passage

__all__ = ["MAX_QUESTION_CHARS", "LocalRetriever"]

MAX_QUESTION_CHARS = 4096  # a whole Telegram message; the encoder reads its beginning

_SPARE = 16  # fetched beyond k, so that ties at the end are broken by passage id

_log = logging.getLogger(__name__)


class LocalRetriever:
    """Answers from a generation held in this process; see the `Retriever` protocol."""

    def __init__(
        self, generation: Generation, encoder: Encoder, thresholds: Thresholds | None = None
    ) -> None:
        if encoder.identity != generation.manifest.encoder:
            raise EncoderMismatchError(generation.manifest.encoder.name, encoder.name)
        self._generation = generation
        self._encoder = encoder
        self._thresholds = thresholds or Thresholds()

    @classmethod
    def from_state(
        cls, state_dir: Path, encoder: Encoder, thresholds: Thresholds | None = None
    ) -> Self:
        """Load the live generation of a state folder.

        Raises:
            GenerationError: there is none, it is damaged, or it belongs to another encoder.
        """
        return cls(Generations(state_dir).load(), encoder, thresholds)

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage, document by document."""
        return self._generation.passages

    def documents(self) -> list[tuple[Document, int]]:
        """Return every document in the order of their paths, with its number of passages."""
        counts = Counter(passage.document_id for passage in self._generation.passages)
        return [(document, counts[id_]) for id_, document in self._generation.documents.items()]

    def warm_up(self) -> None:
        """Load the model, so that the first person to ask doesn't wait for it."""
        self._encoder.encode_queries(["warm-up"])

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the `k` best passages and a verdict on the best of them.

        Raises:
            QuestionError: the question is blank or over `MAX_QUESTION_CHARS` characters.
        """
        asked = " ".join(question.split())
        if not asked:
            raise QuestionError("the question is empty")
        if len(asked) > MAX_QUESTION_CHARS:
            raise QuestionError(f"the question is over {MAX_QUESTION_CHARS} characters long")
        started = perf_counter()
        vector = self._encoder.encode_queries([asked])
        encoded = perf_counter()
        scores, rows = self._generation.vectors.search(vector, k + _SPARE)
        passages = self._generation.passages
        ranked = sorted(
            ((float(s), passages[row]) for s, row in zip(scores[0], rows[0], strict=True)),
            key=lambda scored: (-scored[0], scored[1].id),
        )
        searched = perf_counter()
        hits = tuple(self._hits(asked, ranked, k))
        sureness = confidence(hits[0].score) if hits else 0.0
        done = perf_counter()
        return Answer(
            question=question,
            verdict=self._thresholds.verdict(sureness) if hits else Verdict.NO_ANSWER,
            confidence=sureness,
            hits=hits,
            generation=self._generation.name,
            timings=Timings(
                encode_ms=1000 * (encoded - started),
                search_ms=1000 * (searched - encoded),
                rerank_ms=1000 * (done - searched),
                total_ms=1000 * (done - started),
            ),
        )

    def _hits(self, question: str, ranked: list[tuple[float, Passage]], k: int) -> Iterator[Hit]:
        rank = 0
        for score, passage in ranked:
            document = self._generation.documents.get(passage.document_id)
            if document is None or not _is_verbatim(passage, document):
                _log.error("passage %s is not in its document: not shown", passage.id)
                continue
            rank += 1
            yield Hit(
                passage=passage,
                source=document.source,
                rank=rank,
                score=score,
                highlight=highlight(question, passage.text, document.source.language),
            )
            if rank == k:
                return


def _is_verbatim(passage: Passage, document: Document) -> bool:
    """Whether the passage stands in the document's text, and that text is what was read."""
    return (
        document.text[passage.start : passage.end] == passage.text
        and sha256_hex(document.text) == document.content_hash
    )
