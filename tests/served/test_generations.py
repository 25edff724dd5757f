"""Generations on the engine: whole or not there, live in one step, no more than are kept."""

from __future__ import annotations

import threading
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import (
    EngineError,
    EngineGoneError,
    EngineRefusedError,
    GenerationFormatError,
    NoGenerationError,
)
from index.generations import Generations
from index.served import generations as generations_module
from index.served.engine import Engine
from index.served.generations import ServedGenerations
from index.served.layout import COLUMNS, Names
from index.served.retriever import ServedRetriever
from tests.index.made import ENCODER, document, make

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.generation import Generation
    from index.manifest import Manifest
    from tests.served.serving import Server

pytestmark = pytest.mark.milvus

INSERTS = 100  # fewer than 300 documents take, five rows at a time


def build(state: Path, *words: str) -> tuple[Generation, Manifest]:
    """Return a generation with a document for each of these words."""
    make(state, *(document(f"{word}.txt", f"The {word} stood open.") for word in words))
    return Generations(state).load()


def push(served: ServedGenerations, generation: Generation, manifest: Manifest) -> str:
    """Put a generation on the engine and make it live."""
    served.push(generation, manifest)
    served.make_live(generation.name)
    return generation.name


def test_what_is_pushed_is_live_once_that_is_asked_for(engine: Engine, state_dir: Path) -> None:
    """A push by itself changes nothing that is answered."""
    served = ServedGenerations(engine)
    assert served.current() is None
    with pytest.raises(NoGenerationError, match="run `verbatim build`"):
        served.facts()
    generation, manifest = build(state_dir, "gate", "well")
    served.push(generation, manifest)
    assert (served.names(), served.current()) == ([generation.name], None)
    served.make_live(generation.name)
    facts = served.facts()
    assert (facts.generation, facts.documents, facts.passages) == (generation.name, 2, 2)
    assert facts.encoder == ENCODER.identity


def test_as_many_are_kept_as_are_asked_for(engine: Engine, state_dir: Path) -> None:
    """The live one stays, and of the others the newest; what is dropped leaves nothing behind."""
    served = ServedGenerations(engine, keep=2)
    names = [push(served, *build(state_dir, "gate", f"well{at}")) for at in range(3)]
    assert served.names() == sorted(names[1:], reverse=True)
    kept = {Names(name).of(each) for name in names[1:] for each in COLUMNS}
    assert set(engine.collections()) == kept


def test_the_one_before_can_be_made_live_again(engine: Engine, state_dir: Path) -> None:
    """That sends nothing anew; what was never there can't be made live."""
    served = ServedGenerations(engine)
    first = build(state_dir, "gate")
    push(served, *first)
    second = push(served, *build(state_dir, "well"))
    assert served.current() == second
    push(served, *first)
    assert served.current() == first[0].name
    assert second in served.names()
    with pytest.raises(EngineGoneError):
        served.make_live("20200101T000000Z-00000000")


def test_a_push_that_ends_early_is_not_there_and_is_swept(
    engine: Engine, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was live stays so; the next push takes away what is left."""
    served = ServedGenerations(engine)
    live = push(served, *build(state_dir, "gate"))
    broken = build(state_dir, "well")
    insert = engine.insert

    def fail(name: str, rows: Sequence[Any]) -> None:
        if name.endswith("documents"):
            raise KeyboardInterrupt
        insert(name, rows)

    monkeypatch.setattr(engine, "insert", fail)
    with pytest.raises(KeyboardInterrupt):
        served.push(*broken)
    monkeypatch.undo()
    assert (served.names(), served.current()) == ([live], live)
    assert Names(broken[0].name).of("passages") in engine.collections()
    now = push(served, *build(state_dir, "mill"))
    assert served.current() == now
    assert Names(broken[0].name).of("passages") not in engine.collections()


def test_a_row_that_does_not_arrive_is_noticed(
    engine: Engine, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine's own count decides; what was live stays so."""
    served = ServedGenerations(engine)
    live = push(served, *build(state_dir, "gate"))
    insert = engine.insert
    monkeypatch.setattr(engine, "insert", lambda name, rows: insert(name, rows[1:] or rows))
    with pytest.raises(EngineRefusedError, match="1 of 2 passages have arrived"):
        push(served, *build(state_dir, "well", "mill"))
    assert (served.names(), served.current()) == ([live], live)


def test_another_versions_generation_is_refused(
    engine: Engine, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says which command mends that, and is not swept: it may serve others."""
    served = ServedGenerations(engine)
    name = push(served, *build(state_dir, "gate"))
    monkeypatch.setattr(generations_module, "SERVED_FORMAT", 99)
    with pytest.raises(GenerationFormatError, match="verbatim build"):
        served.facts()
    assert served.names() == [name]
    retriever = ServedRetriever(engine, ENCODER)
    with pytest.raises(GenerationFormatError):
        retriever.retrieve("where is the gate", k=1)


def test_a_server_killed_in_the_midst_of_a_push_keeps_what_was_live(
    own_server: Server, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After its start the old one is live and whole, and a push starts over and succeeds."""
    monkeypatch.setattr(generations_module, "_BATCH_ROWS", 5)
    many = build(state_dir, *(f"gate{at}" for at in range(300)))
    errors: list[EngineError] = []
    is_half_way, is_killed = threading.Event(), threading.Event()
    with Engine(own_server.url, timeout_s=30) as engine:
        served = ServedGenerations(engine)
        live = push(served, *build(state_dir, "gate"))
        insert, inserted = engine.insert, count()

        def inserting(name: str, rows: Sequence[Any]) -> None:
            number = next(inserted)
            if number == INSERTS // 4:
                is_half_way.set()
            if number == INSERTS // 2:  # never done before the kill, however fast
                is_killed.wait()
            insert(name, rows)

        def pushing() -> None:
            try:
                served.push(*many)
            except EngineError as error:
                errors.append(error)

        monkeypatch.setattr(engine, "insert", inserting)
        thread = threading.Thread(target=pushing)
        thread.start()
        assert is_half_way.wait(60)
        own_server.kill()
        is_killed.set()
        thread.join()
        assert errors
    own_server.start()
    # A connection of its own: one that has just failed would spare the engine for a moment.
    with Engine(own_server.url, timeout_s=30) as engine:
        served = ServedGenerations(engine)
        assert served.current() == live
        assert served.names() == [live]
        retriever = ServedRetriever(engine, ENCODER)
        assert retriever.retrieve("where is the gate", k=1).generation == live
        assert push(served, *many) == served.current() == many[0].name
        counted = {each: engine.count(Names(many[0].name).of(each)) for each in COLUMNS}
        assert counted["passages"] == counted["documents"] == counted["sentences"] == 300
        assert retriever.retrieve("gate299", k=1).hits[0].passage.text == "The gate299 stood open."
