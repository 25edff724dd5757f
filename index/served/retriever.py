"""Answers from whatever generation is live on an engine, while that changes, and while it is down.

The counterpart of `index.live`: a thread looks at the engine's alias, takes up what it stands for,
and notes when the engine is away and when it is back.
"""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from index.errors import (
    EncoderMismatchError,
    EngineError,
    EngineGoneError,
    EngineUnavailableError,
    VerbatimError,
)
from index.queries import Query
from index.retriever import FinderRetriever
from index.served.finder import ServedFinder
from index.served.generations import ServedGenerations
from index.served.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import TracebackType

    from index.confidence import Thresholds
    from index.encoder import CrossEncoderReranker
    from index.library import Library
    from index.served.engine import Engine
    from index.served.layout import Facts
    from index.types import Answer, Encoder, EncoderIdentity, Passage, Vectors

__all__ = ["ServedRetriever"]

_EVERY_S = 0.5
_ENDS_WITHIN_S = 5.0

_log = logging.getLogger(__name__)


class ServedRetriever:
    """Answers from the live generation on an engine; see the `Retriever` protocol.

    Within a `with` block a thread follows what is live: a promotion is taken up at once, and a
    question under way is answered by the generation that it began with. It can be made while the
    engine is down: whatever is asked then raises, until the engine is up.
    """

    def __init__(
        self,
        engine: Engine,
        encoder: Encoder,
        *,
        encoder_like: Callable[[EncoderIdentity], Encoder] | None = None,
        thresholds: Thresholds | None = None,
        reranker: CrossEncoderReranker | None = None,
    ) -> None:
        self._engine = engine
        self._generations = ServedGenerations(engine)
        self._encoder = encoder
        self._encoder_like = encoder_like
        self._thresholds = thresholds
        self._reranker = reranker
        self._is_ending = threading.Event()
        self._thread = threading.Thread(target=self._follow, name="following", daemon=True)
        self._taking_up = threading.Lock()
        self._serving: FinderRetriever | None = None
        self._finder: ServedFinder | None = None
        self._refused: tuple[str, VerbatimError] | None = None
        self._problem: VerbatimError | None = EngineUnavailableError(
            engine.address, "is not taken up yet"
        )
        self._is_doubtful = False

    def __enter__(self) -> Self:
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_ending.set()
        self._thread.join(_ENDS_WITHIN_S)  # else it waits for an engine that hangs: that ends now
        self._engine.close()

    @property
    def problem(self) -> str:
        """Why nothing can be answered now; empty when all is well."""
        return str(self._problem) if self._problem is not None else ""

    @property
    def generation(self) -> str:
        """The name of the generation that answers now."""
        return self._live().generation

    @property
    def library(self) -> Library:
        """What can be looked up in the generation that answers now; it outlives the next one."""
        return self._live().library

    @property
    def passages(self) -> Sequence[Passage]:
        """Every passage, document by document, read when it is asked for."""
        self._live()
        return self._finder.library.passages if self._finder is not None else ()

    def warm_up(self) -> None:
        """Load the model, so that the first person to ask doesn't wait for it.

        Where nothing is taken up yet, its model is loaded when that is.
        """
        if self._serving is not None:
            self._serving.warm_up()

    def retrieve(self, question: str, *, k: int) -> Answer:
        """Return the `k` best passages for the question and a verdict on the best of them.

        Raises:
            QuestionError: the question is blank or far too long.
            EngineError: the engine can't answer now.
        """
        (answer,) = self.retrieve_many([Query(text=question)], k=k)
        return answer

    def retrieve_many(self, queries: Sequence[Query], *, k: int) -> Iterator[Answer]:
        """Answer several questions, in order, all from the same generation if that stays there.

        Raises:
            QuestionError: a question is blank or far too long.
            EngineError: the engine can't answer now.
        """
        left = list(queries)
        with self._noting():
            try:
                for answer in self._live().retrieve_many(queries, k=k):
                    left.pop(0)
                    yield answer
            except EngineGoneError:  # dropped meanwhile: another is live
                self._look()
                yield from self._live().retrieve_many(left, k=k)

    def vectors(self, questions: Sequence[str]) -> Vectors:
        """Return questions' vectors, an `(n, d)` array; inner products say how alike they are."""
        return self._live().vectors(questions)

    def _live(self) -> FinderRetriever:
        if not self._thread.is_alive():
            self._look()
        serving, problem = self._serving, self._problem
        if problem is not None and (serving is None or isinstance(problem, EngineError)):
            # At once: the thread tries on, and nobody waits. It is raised many times.
            raise problem.with_traceback(None)
        if serving is None:
            raise EngineUnavailableError(self._engine.address, "is not taken up yet")
        return serving

    def _follow(self) -> None:
        while not self._is_ending.wait(_EVERY_S):
            try:
                self._look()
            except (OSError, MemoryError) as error:  # an encoder that can't be loaded, say
                _log.error("what is live can't be taken up: %s", error)

    def _look(self) -> None:
        """Take up what is live where it is another, and note what is wrong."""
        with self._taking_up:
            try:
                self._take_up(self._generations.facts())
            except EngineGoneError as error:
                if self._serving is None:  # else it was dropped just now, or is not seen yet
                    self._note(error)
            except VerbatimError as error:
                self._note(error)

    def _take_up(self, facts: Facts) -> None:
        if self._refused is not None and self._refused[0] == facts.generation:
            raise self._refused[1].with_traceback(None)  # else it grows each time
        if self._serving is None or self._serving.generation != facts.generation:
            try:
                encoder = self._encoder_for(facts.encoder)
            except VerbatimError as error:
                self._refused = facts.generation, error
                raise
            finder = ServedFinder(self._engine, Shelf(self._engine, facts))
            finder.get_ready()
            encoder.embed_queries(["warm-up"])  # here, so that no question waits for its model
            self._finder = finder
            self._serving = FinderRetriever(
                finder, encoder, thresholds=self._thresholds, reranker=self._reranker
            )
            _log.info("answering from %s at %s", facts.generation, self._engine.address)
        elif self._problem is not None and self._finder is not None:
            if self._is_doubtful:
                self._finder.get_ready(timeout_s=None)
            _log.info("the engine at %s answers again", self._engine.address)
        self._problem, self._is_doubtful = None, False

    def _note(self, error: VerbatimError) -> None:
        if self._thread.is_alive() and str(error) != self.problem:  # else whoever asks is told
            _log.error("%s", error)
        self._problem = error

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Note that a search failed: the engine is in doubt until one succeeds."""
        try:
            yield
        except EngineGoneError:
            raise
        except EngineError as error:
            self._is_doubtful = True
            self._note(error)
            raise

    def _encoder_for(self, identity: EncoderIdentity) -> Encoder:
        if identity == self._encoder.identity:
            return self._encoder
        if self._encoder_like is None:
            raise EncoderMismatchError(str(identity), str(self._encoder.identity))
        own = self._encoder_like(identity)
        if own.identity != identity:
            raise EncoderMismatchError(str(identity), str(self._encoder.identity))
        return own
