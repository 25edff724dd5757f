"""What is answered from the engine is what is answered from the same generation in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.queries import Query, Scope, Turn
from index.retriever import LocalRetriever
from index.served.engine import Engine
from index.served.retriever import ServedRetriever
from index.types import Span
from tests.index.made import ENCODER, document, make
from tests.served.serving import publish, shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.types import Answer
    from tests.served.serving import Server

pytestmark = pytest.mark.milvus

COPY = "The mayor opened the new bridge over the river on a cold Sunday morning in early March."
DOCUMENTS = (
    document(
        "bridge.txt",
        "The bridge was built in 1910. It is made of iron. Ships pass below it.",
        COPY,
        "Ali Hassan drew the bridge. He was born in Aleppo.",
        title="The Iron Bridge",
        published="2011-05-03",
    ),
    document(
        "mill.txt",
        "The mill stands by the river. Its wheel turned for a hundred years.",
        "Nobody lives in the mill now.",
        COPY,
        title="The Old Mill",
        published="2012",
    ),
    document("marks.txt", "… !!! …", "A door, a gate: 12 keys.", title="Marks"),
    document("arabic.txt", "بني الجسر الحديدي في عام 1910 فوق النهر.", title="الجسر"),
)
QUESTIONS = (
    "when was the bridge built",
    "who opened the new bridge",
    "does anybody live in the mill",
    "how many keys",
    "متى بني الجسر",
    "what is the capital of france",
    "bridge",
    "…",
)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a state folder with an index of the documents."""
    folder: Path = tmp_path_factory.mktemp("served")
    make(folder, *DOCUMENTS)
    return folder


@pytest.fixture(scope="module")
def local(state: Path) -> LocalRetriever:
    """Return a retriever over the documents in memory."""
    return LocalRetriever.from_state(state, ENCODER)


@pytest.fixture(scope="module")
def served(state: Path, server: Server) -> Iterator[ServedRetriever]:
    """Return a retriever over the same index on the engine."""
    with Engine(server.database(), timeout_s=30) as engine:
        publish(engine, state)
        yield ServedRetriever(engine, ENCODER)


def ask(retriever: LocalRetriever | ServedRetriever, query: Query) -> Answer:
    """Return the answer to one query."""
    (answer,) = retriever.retrieve_many([query], k=10)
    return answer


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_are_the_same(
    local: LocalRetriever, served: ServedRetriever, question: str
) -> None:
    """Verdict, passages, their order, highlights and near-duplicates agree."""
    here, there = (ask(each, Query(text=question)) for each in (local, served))
    assert shown(here) == shown(there)
    assert there.confidence == pytest.approx(here.confidence, abs=1e-3)
    assert [hit.score for hit in there.hits] == pytest.approx(
        [hit.score for hit in here.hits], rel=1e-3
    )


@pytest.mark.parametrize(
    "scope",
    [
        Scope(after="2012"),
        Scope(before="2012"),
        Scope(after="2011-05", before="2011-06"),
        Scope(after="1999"),
        Scope(after="2020"),
        Scope(documents=frozenset()),
        Scope(documents=frozenset({"no such document"})),
    ],
    ids=str,
)
def test_scopes_let_in_the_same(
    local: LocalRetriever, served: ServedRetriever, scope: Scope
) -> None:
    """Bounds hold on the engine, also for near-duplicates; where nothing is left is no answer."""
    query = Query(text="who opened the new bridge", scope=scope)
    assert shown(ask(local, query)) == shown(ask(served, query))


def test_documents_are_a_scope(local: LocalRetriever, served: ServedRetriever) -> None:
    """Only the passages of the documents named are found."""
    mill = served.library.titled("old mill")[0]
    query = Query(text="who opened it", scope=Scope(documents=frozenset({mill.id})))
    answer = ask(served, query)
    assert shown(answer) == shown(ask(local, query))
    assert {hit.passage.document_id for hit in answer.hits} == {mill.id}
    assert all(not hit.also_in for hit in answer.hits)


@pytest.mark.parametrize("question", ["where was he born", "and the mill?", "why", "when"])
def test_follow_ups_are_understood_the_same(
    local: LocalRetriever, served: ServedRetriever, question: str
) -> None:
    """What was said before is looked up on the engine; a passage that is gone is no error."""
    first = local.retrieve("who drew the bridge", k=1)
    history = (Turn(query="gone", passages=("gone",)), Turn.from_answer(first))
    query = Query(text=question, history=history)
    assert shown(ask(local, query)) == shown(ask(served, query))


def test_questions_in_one_batch_are_answered_in_order(served: ServedRetriever) -> None:
    """Each answer belongs to its question."""
    queries = [Query(text=question) for question in QUESTIONS]
    answers = list(served.retrieve_many(queries, k=3))
    assert [answer.question for answer in answers] == list(QUESTIONS)


def test_what_can_be_looked_up_is_the_same(local: LocalRetriever, served: ServedRetriever) -> None:
    """Documents, passages, their places, neighbours and hits agree."""
    here, there = local.library, served.library
    assert there.generation == here.generation
    assert list(there.documents) == list(here.documents)
    assert there.documents[1:3] == here.documents[1:3]
    assert list(there.newest(3)) == list(here.newest(3))
    for each in here.documents:
        assert there.document(each.id) == each
        assert there.place_of(each.id) == here.place_of(each.id)
        assert list(there.passages_of(each.id)) == list(here.passages_of(each.id))
        assert list(there.passages_of(each.id)[:1]) == list(here.passages_of(each.id)[:1])
    for passage in local.passages:
        assert there.place(passage.id) == here.place(passage.id)
        assert there.row_of(passage.id) == here.row_of(passage.id)
        assert there.around(passage.id, before=1, after=1) == here.around(
            passage.id, before=1, after=1
        )
        for span in (None, Span(0, 3), Span(5, 10_000)):
            assert there.hit_of(passage.id, span) == here.hit_of(passage.id, span)
    assert list(served.passages) == list(local.passages)


@pytest.mark.parametrize("words", ["bridge", "BRIDGE iron", "the", "mill.txt", "الجسر", "%", "_"])
def test_titles_are_found_the_same(
    local: LocalRetriever, served: ServedRetriever, words: str
) -> None:
    """Case, order and signs of the engine's patterns don't matter."""
    assert list(served.library.titled(words)) == list(local.library.titled(words))


@pytest.mark.parametrize("id_", ["", "gone", '"] or row >= 0 or id in ["', "x" * 200])
def test_what_is_not_there_is_not_found(served: ServedRetriever, id_: str) -> None:
    """An id that nothing has, or that would be another expression, is just unknown."""
    library = served.library
    assert library.document(id_) is None
    assert library.place_of(id_) is None
    assert list(library.passages_of(id_)) == []
    assert library.row_of(id_) is None
    assert library.place(id_) is None
    assert list(library.around(id_, before=1, after=1)) == []
    assert library.hit_of(id_) is None
