"""A new generation is taken up while questions are answered."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from index.build import build
from index.errors import EncoderMismatchError, NoGenerationError
from index.generations import Generations
from index.live import LiveRetriever
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.types import Encoder, EncoderIdentity

PROMOTIONS = 30
EVERY = 3
ENCODER = FakeEncoder()
QUESTION = "which note is it that stands here now"


@pytest.fixture(autouse=True)
def _here() -> Iterator[None]:
    with reading_here():
        yield


@pytest.fixture
def seeds(seeds_dir: Path) -> Path:
    """Return a folder with one document that stays."""
    (seeds_dir / "gate.txt").write_text("The Gate\n\nThe old gate stood open.\n", "utf-8")
    return seeds_dir


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for what must come about soon."""
    until = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


@dataclass
class Asking:
    """Someone who asks without a pause, and what came of it."""

    retriever: LiveRetriever
    gone_at: dict[str, float]
    """When each document's successor was taken up, by its path."""
    errors: list[Exception] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    generations: set[str] = field(default_factory=set)
    asked: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def ask(self) -> None:
        """Ask until `done`."""
        while not self.done.wait(0.002):
            at = time.monotonic()
            try:
                answer = self.retriever.retrieve(QUESTION, k=3)
            except Exception as error:  # noqa: BLE001 - they are counted
                self.errors.append(error)
                continue
            self.asked += 1
            self.generations.add(answer.generation)
            paths = {hit.source.path for hit in answer.hits}
            self.stale += [path for path in paths if at > self.gone_at.get(path, at)]


def test_no_question_fails_and_no_answer_is_stale_through_many_promotions(
    seeds: Path, state_dir: Path
) -> None:
    """Asked without a pause through 30 promotions; each of them takes a document's place.

    Every third is waited for; the others may be overtaken by the next.
    """
    gone_at: dict[str, float] = {}

    def promote(number: int) -> str:
        path = seeds / f"{number}.txt"
        path.write_text(f"It is note {number} that stands here now.\n", "utf-8")
        (seeds / f"{number - 1}.txt").unlink(missing_ok=True)
        return build(seeds, state_dir, ENCODER).generation

    promote(0)
    with LiveRetriever(state_dir, ENCODER) as retriever:
        asking = Asking(retriever, gone_at)
        thread = threading.Thread(target=asking.ask)
        thread.start()
        try:
            for number in range(1, PROMOTIONS + 1):
                live = promote(number)
                if number % EVERY == 0:
                    wait_until(lambda live=live: retriever.generation == live)  # type: ignore[misc]
                    gone = (f"seeds/{each}.txt" for each in range(number - EVERY, number))
                    gone_at |= dict.fromkeys(gone, time.monotonic())
                    asked = asking.asked
                    wait_until(lambda asked=asked: asking.asked > asked + 1)  # type: ignore[misc]
        finally:
            asking.done.set()
            thread.join()
        [hit, *_] = retriever.retrieve(QUESTION, k=1).hits
    assert (asking.errors, asking.stale) == ([], [])
    assert hit.source.path == f"seeds/{PROMOTIONS}.txt"
    assert len(asking.generations) >= PROMOTIONS // EVERY


def test_what_is_damaged_is_not_taken_up(
    seeds: Path, state_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once, the one before goes on, and the next good one is taken up."""
    first = build(seeds, state_dir, ENCODER).generation
    kept = Generations(state_dir)
    with caplog.at_level(logging.ERROR), LiveRetriever(state_dir, ENCODER) as retriever:
        bad = "20990101T000000Z-00000000"
        kept.pointer.write_text(f"{bad}\n", "utf-8")
        wait_until(lambda: bool(caplog.records))
        time.sleep(0.6)
        assert retriever.generation == first
        assert retriever.retrieve("gate", k=1).hits
        third = build(seeds, state_dir, ENCODER).generation
        wait_until(lambda: retriever.generation == third)
    assert len(caplog.records) == 1
    assert f"{bad} can't be taken up" in caplog.text


def test_a_generation_of_another_encoder_answers_with_its_own(
    seeds: Path, state_dir: Path
) -> None:
    """Until one is built with the encoder that is set."""
    old, new = FakeEncoder(name="old", dimension=32), FakeEncoder(name="new")
    build(seeds, state_dir, old)
    asked_for: list[EncoderIdentity] = []

    def like(identity: EncoderIdentity) -> Encoder:
        asked_for.append(identity)
        return old

    with LiveRetriever(state_dir, new, encoder_like=like) as retriever:
        [hit] = retriever.retrieve("did the gate stand open", k=1).hits
        assert hit.source.path == "seeds/gate.txt"
        report = build(seeds, state_dir, new)
        wait_until(lambda: retriever.generation == report.generation)
        assert retriever.retrieve("did the gate stand open", k=1).hits
    assert asked_for == [old.identity]


def test_an_encoder_that_is_not_the_same_any_more_is_refused(seeds: Path, state_dir: Path) -> None:
    """Its name alone doesn't make vectors comparable."""
    build(seeds, state_dir, FakeEncoder(name="old"))
    with pytest.raises(EncoderMismatchError):
        LiveRetriever(
            state_dir, FakeEncoder(name="new"), encoder_like=lambda _: FakeEncoder(dimension=32)
        )
    with pytest.raises(EncoderMismatchError):
        LiveRetriever(state_dir, FakeEncoder(name="new"))


def test_without_a_generation_there_is_nothing_to_follow(state_dir: Path) -> None:
    """The error says what to do."""
    with pytest.raises(NoGenerationError):
        LiveRetriever(state_dir, ENCODER)


def test_it_tells_of_its_documents(seeds: Path, state_dir: Path) -> None:
    """As a retriever of one generation does."""
    build(seeds, state_dir, ENCODER)
    retriever = LiveRetriever(state_dir, ENCODER)
    retriever.warm_up()
    [(document, passages)] = retriever.documents()
    assert (document.source.title, passages) == ("The Gate", 1)
