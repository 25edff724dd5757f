"""Answers from whatever generation is live: a new one is taken up while questions are answered."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Self

from index.errors import EncoderMismatchError, VerbatimError
from index.generations import Generations
from index.retriever import LocalRetriever
from index.warming import warming

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from index.confidence import Thresholds
    from index.encoder import CrossEncoderReranker
    from index.library import Library
    from index.queries import Query
    from index.types import Answer, Document, Encoder, EncoderIdentity, Vectors

__all__ = ["LiveRetriever"]

_EVERY_S = 0.25

_log = logging.getLogger(__name__)


class LiveRetriever:
    """Answers from the live generation; see the `Retriever` protocol.

    Within a `with` block a thread looks at CURRENT several times a second, loads what it names and
    puts it in the old one's place; a question under way is answered by the one it began with.
    What can't be loaded is logged, and the old one goes on.

    A generation of another encoder than the one at hand is asked with its own, which
    `encoder_like` finds.
    """

    def __init__(
        self,
        state_dir: Path,
        encoder: Encoder,
        *,
        encoder_like: Callable[[EncoderIdentity], Encoder] | None = None,
        thresholds: Thresholds | None = None,
        reranker: CrossEncoderReranker | None = None,
    ) -> None:
        """Load the live generation.

        Raises:
            GenerationError: there is none, it is damaged, or its encoder can't be had.
        """
        self._generations = Generations(state_dir)
        self._encoder = encoder
        self._encoder_like = encoder_like
        self._thresholds = thresholds
        self._reranker = reranker
        self._is_ending = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="following", daemon=True)
        self._refused: str | None = None
        self._warmed: set[str] = set()
        self._local = self._load()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_ending.set()
        self._thread.join()

    @property
    def problem(self) -> str:
        """Why nothing can be answered now: it is empty, since what is loaded goes on answering."""
        return ""

    @property
    def generation(self) -> str:
        """The name of the generation that answers now."""
        return self._local.generation

    @property
    def library(self) -> Library:
        """What can be looked up in the generation that answers now; it outlives the next one."""
        return self._local.library

    def documents(self) -> list[tuple[Document, int]]:
        """Return every document in the order of their paths, with its number of passages."""
        return self._local.documents()

    def warm_up(self) -> None:
        """Load the model, so that the first person to ask doesn't wait for it."""
        self._local.warm_up()

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the `k` best passages and a verdict on the best of them.

        Raises:
            QuestionError: the question is blank or far too long.
        """
        return self._local.retrieve(question, k=k)

    def retrieve_many(self, queries: Sequence[Query], *, k: int) -> Iterator[Answer]:
        """Answer several questions, in order, all from the same generation.

        Raises:
            QuestionError: a question is blank or far too long.
        """
        return self._local.retrieve_many(queries, k=k)

    def vectors(self, questions: Sequence[str]) -> Vectors:
        """Return questions' vectors, an `(n, d)` array; inner products say how alike they are."""
        return self._local.vectors(questions)

    def _follow(self) -> None:
        while not self._is_ending.wait(_EVERY_S):
            name = None
            try:
                name = self._generations.current()
                if name not in {None, self.generation, self._refused}:
                    self._local = self._load()
                    _log.info("answering from %s", self.generation)
            except (VerbatimError, OSError, MemoryError) as error:
                if name != self._refused:
                    _log.error("%s can't be taken up: %s", name, error)
                self._refused = name

    def _load(self) -> LocalRetriever:
        generation, manifest = self._generations.load()
        encoder = self._encoder_for(manifest.encoder)
        local = LocalRetriever(
            generation, encoder, thresholds=self._thresholds, reranker=self._reranker
        )
        local.get_ready()
        fresh = set(manifest.segments) - self._warmed
        warming(map(self._generations.segments.folder_of, fresh))
        self._warmed = set(manifest.segments)
        return local

    def _encoder_for(self, identity: EncoderIdentity) -> Encoder:
        if identity == self._encoder.identity:
            return self._encoder
        if self._encoder_like is None:
            raise EncoderMismatchError(str(identity), str(self._encoder.identity))
        own = self._encoder_like(identity)
        if own.identity != identity:
            raise EncoderMismatchError(str(identity), str(self._encoder.identity))
        own.embed_queries(["warm-up"])  # here, so that no question waits for its model
        return own
