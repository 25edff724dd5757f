"""Who waits for an answer is told once, whenever another index answers it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
from bot.delivery.service import Service
from bot.memory import waiting as module
from bot.memory.waiting import Waiting, WaitingFor
from bot.people import announcing
from bot.texts import ENGLISH, texts_for
from index.types import Span, Verdict
from tests.bot.handlers.conftest import Run
from tests.bot.samples import TEXT, ScriptedRetriever, make_answer, make_hit
from tests.botapi import BotApi, Message, ScriptedUser

NOTHING = replace(make_answer(make_hit(), verdict=Verdict.NO_ANSWER), generation="one")
FOUND = replace(make_answer(make_hit()), generation="two")
TOLD = f"{ENGLISH('now-answered')}\n\n{TEXT}\n"


@pytest.fixture
def retriever(monkeypatch: pytest.MonkeyPatch) -> ScriptedRetriever:
    """Return a retriever that has no answer, and look at it often."""
    monkeypatch.setattr(announcing, "_EVERY_S", 0.01)
    return ScriptedRetriever(NOTHING)


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """Start the server."""
    async with BotApi() as server:
        yield server


def tell_data(refusal: Message) -> str:
    """Return what the button holds."""
    [data] = [
        each["callback_data"]
        for each in refusal.buttons
        if each["callback_data"].startswith("tell:")
    ]
    return str(data)


async def wait_for(service: Service, user: ScriptedUser, refusal: Message) -> str:
    """Press the button; return what is said, once that is on disk."""
    press = await user.press(refusal, data=tell_data(refusal))
    said = str((await press.wait_answer())["text"])
    while not service._lanes.is_idle:  # noqa: ASYNC110 -- idleness is no event
        await asyncio.sleep(0.005)
    return said


async def refused(user: ScriptedUser, text: str = "was it?") -> Message:
    """Ask what has no answer."""
    await user.say(text)
    return await user.wait_reply()


def rows(service: Service) -> list[Any]:
    """Return who waits for what, and which index was asked in vain."""
    return service.store.read(
        text("SELECT user_id, question, generation FROM waiting ORDER BY 1, 2")
    )


async def until_asked(service: Service, generation: str) -> None:
    """Wait until this index was asked all."""
    async with asyncio.timeout(10):
        while {row[2] for row in rows(service)} != {generation}:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_another_index_that_answers_is_told_of_once(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """As a card in reply to the question; neither the same nor a later index tells it again."""
    user = api.user()
    async with run() as service:
        question = await user.say("was it?")
        refusal = await user.wait_reply()
        assert await wait_for(service, user, refusal) == ENGLISH("tell-noted")
        assert await wait_for(service, user, refusal) == ENGLISH("tell-noted")
        assert rows(service) == [(user.id, "was it?", "one")]
        retriever.answer = replace(NOTHING, generation="still none")
        await until_asked(service, "still none")
        assert user.unread == []
        retriever.answer = FOUND
        told = await user.wait_reply()
        assert told.text.startswith(TOLD)
        assert told.reply_to is question
        assert {each["text"] for each in told.buttons} >= {"👍", "👎"}
        assert rows(service) == []
        retriever.answer = replace(FOUND, generation="three")
        await user.say("/help")
        assert (await user.wait_reply()).text == ENGLISH("help")


async def test_sources_that_differ_are_told_together(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """The card is that of an answer to the question."""
    question = "how many soldiers defected with Colonel Aziz"
    hits = [
        replace(made, passage=replace(made.passage, document_id=f"d{rank}"))
        for rank, number in enumerate((150, 300), 1)
        for text in (f"Colonel Aziz defected with {number} soldiers.",)
        for made in (make_hit(text, Span(0, len(text)), rank=rank),)
    ]
    retriever.answer = replace(NOTHING, question=question, query=question)
    user = api.user()
    async with run() as service:
        refusal = await refused(user, question)
        await wait_for(service, user, refusal)
        retriever.answer = replace(make_answer(*hits, question=question), generation="two")
        told = await user.wait_reply()
        assert told.text.startswith(
            f"{ENGLISH('now-answered')}\n\n{ENGLISH('sources-differ')}\n\n"
        )
        assert len(told.marked("blockquote")) == 2


async def test_an_index_that_became_live_meanwhile_is_asked_at_the_start(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """The bot was not running then; and the card's buttons work."""
    user = api.user("Ada", language_code="ar")
    async with run() as service:
        await wait_for(service, user, await refused(user))
    retriever.answer = FOUND
    async with run():
        told = await user.wait_reply()
        assert told.text.startswith(texts_for("ar")("now-answered"))
        up = next(each["callback_data"] for each in told.buttons if each["text"] == "👍")
        press = await user.press(told, data=up)
        assert (await press.wait_answer())["text"] == texts_for("ar")("vote-noted")


async def test_in_a_group_one_reply_tells_all(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """It stands in the topic of the question."""
    ada, bob = api.user("Ada"), api.user("Bob")
    group = api.supergroup("Readers", ada, bob, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Gates")
    async with run() as service:
        await ada.say("/ask was it?", to=group, thread_id=topic)
        refusal = await group.wait_reply()
        for user in (ada, bob):
            await wait_for(service, user, refusal)
        assert len(rows(service)) == 2
        retriever.answer = FOUND
        told = await group.wait_reply()
        assert told.text.startswith(TOLD)
        assert told.thread_id == topic
        assert told.reply_to is not None
        assert told.reply_to.text == "/ask was it?"
        await ada.say("/help", to=group)
        assert (await group.wait_reply()).text == ENGLISH("help")
        assert rows(service) == []


async def test_a_person_waits_for_so_many_and_no_more(
    api: BotApi, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next is refused, with a reason."""
    monkeypatch.setattr("bot.handlers.telling.MOST_PER_PERSON", 2)
    user = api.user()
    async with run() as service:
        said = [
            await wait_for(service, user, await refused(user, f"question {number}"))
            for number in range(3)
        ]
        assert said == [ENGLISH("tell-noted")] * 2 + [ENGLISH("tell-too-many", most=2)]
        assert len(rows(service)) == 2


async def test_only_a_refusal_can_be_waited_for(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """A forged press notes nothing: of another chat's card, of none, of an answer."""
    user, other = api.user("Ada"), api.user("Eve")
    async with run() as service:
        refusal, elsewhere = await refused(user), await refused(other)
        retriever.answer = FOUND
        await user.say("was it?")
        answer = await user.wait_reply()
        up = next(each["callback_data"] for each in answer.buttons if each["text"] == "👍")
        for data in (tell_data(elsewhere), "tell:0123456789", up.replace("up:", "tell:")):
            press = await user.press(refusal, data=data)
            assert (await press.wait_answer())["text"] == ENGLISH("card-gone")
        assert rows(service) == []


async def test_who_may_not_ask_any_more_is_not_told(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """He was taken off the list since."""
    user = api.user("Ada")
    async with run(access="allowlist", allowed_users=[user.id]) as service:
        await wait_for(service, user, await refused(user))
    retriever.answer = FOUND
    async with run(access="allowlist") as service:
        async with asyncio.timeout(10):
            while rows(service):  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert user.unread == []


async def test_a_question_that_fails_does_not_keep_the_others(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """It is asked again of the next index only."""
    user = api.user()
    async with run() as service:
        await wait_for(service, user, await refused(user))
        retriever.error = RuntimeError("broken")
        retriever.answer = FOUND
        await until_asked(service, "two")
        retriever.error = None
        retriever.answer = replace(FOUND, generation="three")
        assert (await user.wait_reply()).text.startswith(TOLD)


async def test_what_is_waited_for_too_long_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And whoever is forgotten waits no more, nor does anybody for what he has asked."""
    store = Store(SqliteDatabase(tmp_path / "bot.db"))
    waiting = Waiting(store, 7)
    one = WaitingFor(
        user_id=1,
        chat_id=1,
        thread_id=None,
        question_id=3,
        asker_id=2,
        question="was it?",
        language="en",
        generation="one",
    )
    for each in (one, one, replace(one, user_id=2), replace(one, user_id=3, asker_id=3)):
        await store.write(lambda c, w=each: waiting.add_within(c, w))  # type: ignore[misc]
    assert waiting.count(1) == 1
    assert waiting.not_asked("one", most=9) == []
    assert waiting.not_asked("two", most=1) == [one]
    await store.write(lambda c: waiting.forget_within(c, 2))
    assert [each.user_id for each in waiting.not_asked("two", most=9)] == [3]
    monkeypatch.setattr(module, "WAITING_S", -1.0)
    await store.write(waiting.prune_within)
    assert waiting.not_asked("two", most=9) == []
    store.close()
