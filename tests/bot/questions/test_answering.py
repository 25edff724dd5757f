"""Questions that wait together are searched together, and fail apart."""

import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pytest

from bot.questions.answering import Answering
from index.build import build
from index.errors import QuestionError
from index.queries import Query
from index.retriever import LocalRetriever
from index.types import Answer, Vectors
from tests.bot.samples import ScriptedRetriever, make_answer, make_hit
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from bot.questions.answerer import Answerer


class Batches(ScriptedRetriever):
    """Remembers what was searched together; the first search waits for `gate`."""

    def __init__(self) -> None:
        super().__init__()
        self.batches: list[list[str]] = []

    def retrieve_many(self, queries: Sequence[Query], *, k: int) -> Iterator[Answer]:
        """Answer each question with its own words; refuse an empty one."""
        del k
        questions = [query.text for query in queries]
        self.batches.append(questions)
        self.entered.set()
        assert self.gate.wait(timeout=30)
        for question in questions:
            if not question:
                raise QuestionError("the question is empty")
            yield make_answer(make_hit(), question=question)


async def asked_together(retriever: Batches, *questions: str) -> list[Answer | BaseException]:
    """Ask one question and, while it is searched, all the others."""
    answering = Answering(cast("Answerer", retriever), hits=3)
    asked: list[Awaitable[Answer]] = [asyncio.create_task(answering.answer(Query(text="first")))]
    assert await asyncio.to_thread(retriever.entered.wait, 10)
    asked += [
        asyncio.create_task(answering.answer(Query(text=question))) for question in questions
    ]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    retriever.gate.set()
    found = await asyncio.gather(*asked, return_exceptions=True)
    await asyncio.to_thread(answering.close)
    return found


def words(found: Sequence[Answer | BaseException]) -> list[str]:
    """Return the question of each answer, or what went wrong."""
    return [each.question if isinstance(each, Answer) else str(each) for each in found]


async def test_what_waits_together_is_searched_together() -> None:
    """Questions asked during a search are the next one's, and each gets its own answer."""
    retriever = Batches()
    assert words(await asked_together(retriever, "a", "b", "c")) == ["first", "a", "b", "c"]
    assert retriever.batches == [["first"], ["a", "b", "c"]]


async def test_a_question_that_fails_fails_alone() -> None:
    """What is answered stays answered, and the rest is searched one by one."""
    retriever = Batches()
    found = await asked_together(retriever, "a", "", "c")
    assert words(found) == ["first", "a", "the question is empty", "c"]
    assert retriever.batches == [["first"], ["a", "", "c"], [""], ["c"]]


async def test_a_batch_is_bounded() -> None:
    """Beyond 32 questions a batch would make the first wait for the last."""
    retriever = Batches()
    found = await asked_together(retriever, *map(str, range(40)))
    assert words(found)[1:] == list(map(str, range(40)))
    assert list(map(len, retriever.batches)) == [1, 32, 8]


def test_closing_waits_for_the_search_at_work() -> None:
    """But no longer than it is told to."""
    retriever = Batches()
    answering = Answering(cast("Answerer", retriever), hits=3)
    answering.close()
    assert not any(thread.name == "search" for thread in threading.enumerate())


@pytest.mark.usefixtures("documents")
def test_many_answers_are_those_of_one_at_a_time(own_folder: Path) -> None:
    """A batch changes nothing but the time it takes."""
    encoder = FakeEncoder()
    build(own_folder / "seeds", own_folder / "state", encoder)
    retriever = LocalRetriever.from_state(own_folder / "state", encoder)
    questions = ["was the old gate open", "cold water in summer", "who went home"]
    together = list(retriever.retrieve_many([Query(text=each) for each in questions], k=2))
    for question, answer in zip(questions, together, strict=True):
        alone = retriever.retrieve(question, k=2)
        assert (answer.question, answer.hits) == (question, alone.hits)
        assert answer.verdict == alone.verdict
    with pytest.raises(QuestionError):
        list(retriever.retrieve_many([Query(text="why?"), Query(text=" ")], k=2))


async def test_vectors_give_way_to_questions() -> None:
    """Many questions are encoded a few at a time, after those that wait for an answer."""
    retriever = Batches()
    order: list[str] = []
    encode = retriever.vectors

    def vectors(questions: Sequence[str]) -> Vectors:
        order.append(f"{len(questions)} vectors")
        return encode(questions)

    retriever.vectors = vectors  # type: ignore[method-assign]
    answering = Answering(cast("Answerer", retriever), hits=3)
    first = asyncio.create_task(answering.answer(Query(text="first")))
    assert await asyncio.to_thread(retriever.entered.wait, 10)
    texts = [f"question {number}" for number in range(70)]
    encoded = asyncio.create_task(answering.vectors(texts))
    await asyncio.sleep(0)
    second = asyncio.create_task(answering.answer(Query(text="second")))
    second.add_done_callback(lambda _: order.append("second"))
    await asyncio.sleep(0)
    retriever.gate.set()
    found = await encoded
    await asyncio.gather(first, second)
    assert (await answering.vectors([])).shape == (0, 0)
    answering.close()
    assert retriever.batches == [["first"], ["second"]]
    assert [each for each in order if each != "second"] == [
        "32 vectors",
        "32 vectors",
        "6 vectors",
    ]
    assert np.array_equal(found, FakeEncoder().encode_queries(texts))


async def test_vectors_that_can_not_be_made_are_an_error() -> None:
    """It is told to whoever asked for them, and the thread goes on."""
    retriever = ScriptedRetriever()

    def fail(questions: Sequence[str]) -> Vectors:
        raise RuntimeError(f"{len(questions)} broken")

    retriever.vectors = fail  # type: ignore[method-assign]
    answering = Answering(cast("Answerer", retriever), hits=3)
    with pytest.raises(RuntimeError, match="broken"):
        await answering.vectors(["why?"])
    assert (await answering.answer(Query(text="why?"))).hits
    answering.close()
