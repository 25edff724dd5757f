"""Questions that go on from those before them: through the real dispatcher."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.memory import turns as module
from bot.texts import ENGLISH
from index.queries import Turn
from index.types import Span
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever, make_answer, make_hit
from tests.bot.shelf import shelf
from tests.botapi import BotApi, Message, ScriptedGroup, ScriptedUser
from tests.index.made import document


@pytest.fixture
def retriever() -> ScriptedRetriever:
    """Return a retriever with one answer."""
    return ScriptedRetriever()


@pytest.fixture
async def api(retriever: ScriptedRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it."""
    async with BotApi() as server, running(server, retriever, tmp_path):
        yield server


async def asked(
    user: ScriptedUser, text: str, *, to: ScriptedGroup | None = None, **place: int
) -> Message:
    """Ask in a chat; return the reply."""
    await user.say(text, to=to, **place)  # type: ignore[arg-type]
    return await (to or user).wait_reply()


def history(retriever: ScriptedRetriever) -> list[str]:
    """Return which questions were before the last one, oldest first."""
    return [turn.query for turn in retriever.queries[-1].history]


async def test_a_question_comes_with_those_before_it(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """The last five, each with the passage that was shown; of a refusal, none."""
    user = api.user()
    for number in range(7):
        await asked(user, f"question {number}")
        assert history(retriever) == [f"question {n}" for n in range(max(0, number - 5), number)]
    assert retriever.queries[-1].history[-1] == Turn(query="question 5", passages=("p1",))
    assert not retriever.queries[-1].is_reply


async def test_new_forgets(api: BotApi, retriever: ScriptedRetriever) -> None:
    """What comes after it stands alone."""
    user = api.user()
    await asked(user, "one")
    assert (await asked(user, "/new")).text == ENGLISH("new-begun")
    await asked(user, "two")
    assert history(retriever) == []
    await asked(user, "three")
    assert history(retriever) == ["two"]


async def test_a_pause_begins_a_new_conversation(
    api: BotApi, retriever: ScriptedRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """But a reply takes up the old one."""
    user = api.user()
    await asked(user, "one")
    answer = await asked(user, "two")
    monkeypatch.setattr(module, "IDLE_S", -1.0)
    await asked(user, "three")
    assert history(retriever) == []
    await user.say("four", reply_to=answer)
    await user.wait_reply()
    assert history(retriever) == ["one", "two"]
    assert retriever.queries[-1].is_reply


async def test_a_reply_takes_its_answers_conversation(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """Anybody's, in a group; what follows goes on from there."""
    ada, bob = api.user("Ada"), api.user("Bob")
    group = api.supergroup("Readers", ada, bob)
    group.add_bot()
    first = await asked(ada, "/ask one", to=group)
    await asked(ada, "/ask two", to=group)
    await asked(bob, "/ask three", to=group)
    assert history(retriever) == []
    await bob.say("four", to=group, reply_to=first)
    await group.wait_reply()
    assert history(retriever) == ["one"]
    await asked(bob, "/ask five", to=group)
    assert history(retriever) == ["one", "four"]
    await asked(ada, "/ask six", to=group)
    assert history(retriever) == ["one", "two"]


async def test_topics_and_chats_are_apart(api: BotApi, retriever: ScriptedRetriever) -> None:
    """One person's conversations, each in its place."""
    ada = api.user("Ada")
    group = api.supergroup("Readers", ada, is_forum=True)
    group.add_bot()
    syria, egypt = group.new_topic("Syria"), group.new_topic("Egypt")
    await asked(ada, "/ask one", to=group, thread_id=syria)
    for place in ({"thread_id": egypt}, {}):
        await asked(ada, "/ask two", to=group, **place)
        assert history(retriever) == []
    await asked(ada, "three")
    assert history(retriever) == []
    await asked(ada, "/ask four", to=group, thread_id=syria)
    assert history(retriever) == ["one"]


async def test_an_edited_question_keeps_its_place(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """It goes on from what it went on from, and what follows from how it is asked now."""
    user = api.user()
    await asked(user, "one")
    second = await user.say("two")
    await user.wait_reply()
    retriever.answer = make_answer(make_hit("Another. The end.", Span(0, 8)))
    await user.edit(second, "two and a half")
    await user.wait_edit()
    assert history(retriever) == ["one"]
    await asked(user, "three")
    assert history(retriever) == ["one", "two and a half"]


async def test_limits_are_not_taken_for_words(api: BotApi, retriever: ScriptedRetriever) -> None:
    """A conversation is about what was asked, wherever it was looked for."""
    user = api.user()
    await asked(user, "in:gate was it open")
    await asked(user, "why?")
    assert history(retriever) == ["was it open"]
    assert retriever.queries[-1].scope.is_everything


async def test_what_a_link_opened_is_talked_about(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """By the title of its document."""
    user = api.user()
    await user.start("pp1")
    opened = await user.wait_reply()
    await user.say("who stood there?", reply_to=opened)
    await user.wait_reply()
    assert retriever.queries[-1].history == (Turn(query="The Gate", passages=("p1",)),)


async def test_forgetting_forgets_conversations(api: BotApi, retriever: ScriptedRetriever) -> None:
    """With all the rest."""
    user = api.user()
    await asked(user, "one")
    press = await user.press(await asked(user, "/forget"), "Yes, forget it")
    await press.wait_answer()
    await asked(user, "two")
    assert history(retriever) == []


async def test_a_followup_is_understood_and_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a model of language, from the words of the conversation."""
    monkeypatch.setattr(os, "fsync", lambda _handle: None)
    maas = document(
        "maas.txt",
        "Peter Maas won the regatta in June.",
        "Peter Maas was born in Velden in 1931.",
        title="Peter Maas",
    )
    async with BotApi() as api, running(api, shelf(tmp_path / "index", maas), tmp_path):
        user = api.user()
        await asked(user, "who is Peter Maas?")
        reply = await asked(user, "when was he born?")
        first, *_ = reply.text.split("\n")
        assert first.startswith("Understood as: ")
        assert "Peter Maas" in first
        assert "Peter Maas was born in Velden in 1931." in reply.marked("blockquote")
