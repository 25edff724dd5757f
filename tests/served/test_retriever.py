"""What is live is followed without a pause, and an engine that fails is said and waited for."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.errors import (
    EncoderMismatchError,
    EngineRefusedError,
    EngineUnavailableError,
    VerbatimError,
)
from index.served.engine import Engine
from index.served.generations import ServedGenerations
from index.served.layout import Names
from index.served.retriever import ServedRetriever
from tests.fakes import FakeEncoder
from tests.index.made import ENCODER, document, make
from tests.served import serving
from tests.served.serving import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.types import Answer

pytestmark = pytest.mark.milvus

QUESTION = "which note is it that stands here now"
PROMOTIONS = 6  # more than are kept


def publish(engine: Engine, state: Path, word: str) -> str:
    """Make a generation with one note live on the engine; return its name."""
    make(state, document("note.txt", f"The note that stands here now is {word}."))
    return serving.publish(engine, state)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what must come about soon."""
    until = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.05)


@pytest.fixture
def impatient(own_server: Server, state_dir: Path) -> Iterator[Engine]:
    """Return an engine with a note on it, which is given up on after two seconds."""
    with Engine(own_server.url, timeout_s=30) as engine:
        publish(engine, state_dir, "red")
    with Engine(own_server.url, timeout_s=2) as engine:
        yield engine


def test_promotions_are_taken_up_without_an_error_or_an_old_quote(
    engine: Engine, state_dir: Path
) -> None:
    """Whoever asks without a pause hears of each new one, and from then on of no other."""
    heard_at: dict[str, float] = {publish(engine, state_dir, "0"): time.monotonic()}
    answers: list[tuple[float, Answer]] = []
    errors: list[Exception] = []
    is_over = threading.Event()

    def asking(retriever: ServedRetriever) -> None:
        while not is_over.is_set():
            began = time.monotonic()
            try:
                answers.append((began, retriever.retrieve(QUESTION, k=1)))
            except VerbatimError as error:
                errors.append(error)

    with ServedRetriever(engine, ENCODER) as retriever:
        threads = [threading.Thread(target=asking, args=(retriever,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for number in range(1, PROMOTIONS):
            name = publish(engine, state_dir, str(number))
            wait_until(lambda name=name: answers[-1][1].generation == name)  # type: ignore[misc]
            heard_at[name] = time.monotonic()
        is_over.set()
        for thread in threads:
            thread.join()
    assert errors == []
    names = list(heard_at)
    assert {answer.generation for _, answer in answers} == set(names)
    for began, answer in answers:
        at = names.index(answer.generation)
        assert answer.hits[0].passage.text == f"The note that stands here now is {at}."
        if at + 1 < len(names):
            assert began < heard_at[names[at + 1]]


def test_an_engine_that_is_down_at_the_start_is_waited_for(
    tmp_path: Path, state_dir: Path
) -> None:
    """Questions are refused at once with what is wrong, and answered once it is up."""
    server = Server(tmp_path / "milvus")
    try:
        with (
            Engine(server.url, timeout_s=30) as engine,
            ServedRetriever(engine, ENCODER) as retriever,
        ):
            assert "can't be reached" in retriever.problem
            for ask in (lambda: retriever.retrieve(QUESTION, k=1), lambda: retriever.library):
                with pytest.raises(EngineUnavailableError, match="INDEX_URL"):
                    ask()
            server.start()
            wait_until(lambda: "there is no index" in retriever.problem)
            publish(engine, state_dir, "green")
            wait_until(lambda: not retriever.problem)
            assert "green" in retriever.retrieve(QUESTION, k=1).hits[0].passage.text
    finally:
        server.kill()


def test_an_engine_that_is_killed_is_taken_up_again(own_server: Server, impatient: Engine) -> None:
    """Meanwhile every question is refused with what is wrong; nothing need be restarted."""
    with ServedRetriever(impatient, ENCODER) as retriever:
        assert retriever.retrieve(QUESTION, k=1).hits
        own_server.kill()
        with pytest.raises(EngineUnavailableError):
            retriever.retrieve(QUESTION, k=1)
        wait_until(lambda: "can't be reached" in retriever.problem)
        own_server.start()
        wait_until(lambda: not retriever.problem)
        assert retriever.retrieve(QUESTION, k=1).hits


def test_an_engine_that_does_not_answer_is_given_up_on_in_time(
    own_server: Server, impatient: Engine
) -> None:
    """One question waits for as long as is set, the next ones not at all, until it answers."""
    with ServedRetriever(impatient, ENCODER) as retriever:
        assert retriever.retrieve(QUESTION, k=1).hits
        own_server.send(signal.SIGSTOP)
        with pytest.raises(
            EngineUnavailableError, match=r"did not answer within|can't be reached"
        ):
            retriever.retrieve(QUESTION, k=1)
        assert retriever.problem
        with pytest.raises(EngineUnavailableError):
            retriever.retrieve(QUESTION, k=1)
        own_server.send(signal.SIGCONT)
        wait_until(lambda: not retriever.problem)
        assert retriever.retrieve(QUESTION, k=1).hits


def test_another_encoder_is_refused_with_what_mends_it(engine: Engine, state_dir: Path) -> None:
    """Vectors of two encoders must not be compared."""
    publish(engine, state_dir, "red")
    with ServedRetriever(engine, FakeEncoder(name="other", dimension=200)) as retriever:
        assert "verbatim build" in retriever.problem
        with pytest.raises(EncoderMismatchError):
            retriever.retrieve(QUESTION, k=1)


def test_an_encoder_that_can_be_found_is_used(engine: Engine, state_dir: Path) -> None:
    """As with an index here, a generation is asked with the encoder that made it."""
    publish(engine, state_dir, "red")
    other = FakeEncoder(name="other", dimension=200)
    with ServedRetriever(engine, other, encoder_like=lambda _identity: ENCODER) as retriever:
        assert retriever.retrieve(QUESTION, k=1).hits


def test_what_was_dropped_meanwhile_is_asked_of_the_next(engine: Engine, state_dir: Path) -> None:
    """A question that comes between two looks at the alias is answered all the same."""
    first = publish(engine, state_dir, "red")
    retriever = ServedRetriever(engine, ENCODER)
    assert retriever.retrieve(QUESTION, k=1).generation == first
    serving = retriever._serving
    for word in ("green", "blue", "black"):
        publish(engine, state_dir, word)
    assert first not in ServedGenerations(engine).names()
    assert retriever._serving is serving
    assert "black" in retriever.retrieve(QUESTION, k=1).hits[0].passage.text


def test_where_an_engine_is_is_said_without_what_lets_one_in() -> None:
    """An address may be logged and shown."""
    engine = Engine("http://user:secret@127.0.0.1:1/db", timeout_s=1)
    assert engine.address == "http://127.0.0.1:1/db"
    with engine, pytest.raises(EngineUnavailableError) as caught:
        engine.collections()
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "where", ['title like "% harmoush %" and', 'harmoush like "x"', 'title like "% harmoush']
)
def test_what_people_ask_is_not_repeated_in_an_error(
    engine: Engine, state_dir: Path, where: str
) -> None:
    """A server quotes the filter that it refuses; errors are logged, some with a traceback."""
    documents = Names(publish(engine, state_dir, "red")).of("documents")
    vectors = np.ones((1, ENCODER.dimension), np.float32)
    for ask in (
        lambda: engine.rows(documents, where, ["row"]),
        lambda: engine.nearest(documents, "vector", vectors, 1, where=where),
    ):
        with pytest.raises(EngineRefusedError, match=r"refuses: error \d+$") as caught:
            ask()
        assert "harmoush" not in "".join(traceback.format_exception(caught.value))
