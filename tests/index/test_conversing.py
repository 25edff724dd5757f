"""Follow-ups over a small index, with an encoder that knows words alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from index.conversing import Conversing
from index.library import Library
from index.queries import Query, Turn
from index.retriever import LocalRetriever
from tests.index.made import ENCODER, document, make

if TYPE_CHECKING:
    from index.generation import Generation

BORN = Turn(query="Where was Teodor Maas born?")


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return an index of a person's life and a town's."""
    return make(
        tmp_path_factory.mktemp("conversing"),
        document(
            "maas.txt",
            "Teodor Maas was an engineer who built bridges. He was born near Brack.",
            "He died of a stroke. His wife Henrike kept the drawings.",
            title="Teodor Maas",
        ),
        document(
            "brack.txt",
            "Brack has a mayor and a mill. The people of Brack grow hops.",
            "The mill in Brack burned down.",
            title="Brack",
        ),
    )


@pytest.fixture
def retriever(generation: Generation) -> LocalRetriever:
    """Return a retriever over it."""
    return LocalRetriever(generation, ENCODER)


def turn_on(generation: Generation, query: str, beginning: str) -> Turn:
    """Return a turn that was answered by the passage with this beginning."""
    shown = next(each for each in generation.passages if each.text.startswith(beginning))
    return Turn(query=query, passages=(shown.id,))


def texts(generation: Generation, text: str, *history: Turn, is_reply: bool = False) -> list[str]:
    """Return what is searched for a question."""
    query = Query(text=text, history=history, is_reply=is_reply)
    return list(Conversing(generation, Library(generation)).understand(query, text).texts)


def test_a_first_question_is_left_alone(generation: Generation) -> None:
    """However much it seems to lean."""
    assert texts(generation, "When did he die?") == ["When did he die?"]


def test_a_followup_is_searched_as_asked_and_as_understood(generation: Generation) -> None:
    """Both have a say."""
    assert texts(generation, "When did he die?", BORN) == [
        "When did he die?",
        "When did Teodor Maas die?",
    ]


def test_names_are_known_without_capitals(generation: Generation) -> None:
    """As the documents write them."""
    before = Turn(query="where was teodor maas born")
    assert texts(generation, "when did he die", before)[1] == "when did teodor maas die"
    assert texts(generation, "when did teodor maas die", before) == ["when did teodor maas die"]


def test_a_part_is_searched_in_its_place_alone(generation: Generation) -> None:
    """By itself it asks nothing."""
    before = Turn(query="How many people live in Halmar?")
    assert texts(generation, "and in Brack?", before) == ["How many people live in Brack?"]


def test_an_earlier_turn_is_gone_back_to(generation: Generation) -> None:
    """Where the last one names nobody."""
    assert texts(generation, "When did he die?", BORN, Turn(query="When did the mill burn?"))[
        1
    ] == ("When did Teodor Maas die?")


def test_the_answer_of_the_turn_before_is_looked_up(generation: Generation) -> None:
    """A person who was asked for is in it."""
    before = turn_on(generation, "Who was an engineer?", "Teodor Maas was")
    assert "When did Teodor Maas die?" in texts(generation, "When did he die?", before)


def test_a_passage_that_is_gone_leaves_the_question(generation: Generation) -> None:
    """A rebuild may have dropped it."""
    before = Turn(query=BORN.query, passages=("0" * 16,))
    assert texts(generation, "When did he die?", before)[1] == "When did Teodor Maas die?"


def test_a_question_about_something_else_is_left_alone(generation: Generation) -> None:
    """The document that was talked about has none of its words."""
    before = turn_on(generation, "Does Brack have a mill?", "Brack has")
    assert texts(generation, "best recipe for lasagna", before) == ["best recipe for lasagna"]
    assert len(texts(generation, "who is the mayor?", before)) > 1


def test_a_question_that_is_asked_again_stands_alone(generation: Generation) -> None:
    """It is not about its own answer, also when something else was asked in between."""
    before = turn_on(generation, "What burned down?", "The mill")
    assert len(texts(generation, "What burned?", before)) > 1
    for again in ("What burned down?", "what burned down"):
        assert texts(generation, again, before) == [again]
        assert texts(generation, again, before, is_reply=True) == [again]
        assert texts(generation, again, before, BORN) == [again]
        assert len(texts(generation, again, before, BORN, is_reply=True)) > 1


def test_a_word_asked_again_stands_for_what_was_said_since(generation: Generation) -> None:
    """Where nothing was, it stands for nothing still."""
    before = Turn(query="When did he die?")
    assert texts(generation, "When did he die?", before) == ["When did he die?"]
    assert texts(generation, "When did he die?", before, BORN)[1] == "When did Teodor Maas die?"


def test_a_reply_is_about_what_it_replies_to(generation: Generation) -> None:
    """Even if the document has none of its words."""
    before = turn_on(generation, "Does Brack have a mill?", "Brack has")
    assert texts(generation, "is the school old?", before) == ["is the school old?"]
    assert len(texts(generation, "is the school old?", before, is_reply=True)) > 1


@pytest.mark.parametrize("text", ["Who was Teodor Maas?", "Does Brack have a mill?"])
def test_what_stands_alone_is_answered_as_if_nothing_had_been_said(
    retriever: LocalRetriever, generation: Generation, text: str
) -> None:
    """The same hits, scores and confidence."""
    before = turn_on(generation, "Does Brack have a mill?", "Brack has")
    (alone,) = retriever.retrieve_many([Query(text=text)], k=5)
    (after,) = retriever.retrieve_many([Query(text=text, history=(before,))], k=5)
    assert (after.hits, after.confidence, after.query) == (alone.hits, alone.confidence, text)
    assert not after.is_followup


def test_an_answer_says_how_it_was_understood(retriever: LocalRetriever) -> None:
    """And the next turn keeps that."""
    query = Query(text="When did he die?", history=(BORN,))
    (answer,) = retriever.retrieve_many([query], k=5)
    assert answer.question == "When did he die?"
    assert answer.query == "When did Teodor Maas die?"
    assert answer.is_followup
    assert answer.hits[0].passage.text.startswith("He died of a stroke")
    assert Turn.from_answer(answer).query == answer.query


def test_followups_and_others_are_encoded_together(retriever: LocalRetriever) -> None:
    """Each gets its own answer, in order."""
    queries = [
        Query(text="Who grows hops?"),
        Query(text="When did he die?", history=(BORN,)),
        Query(text="What burned down?"),
    ]
    together = [answer.query for answer in retriever.retrieve_many(queries, k=1)]
    assert together == ["Who grows hops?", "When did Teodor Maas die?", "What burned down?"]
