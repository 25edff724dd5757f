"""What Telegram and the network do wrong, and what the bot makes of it."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.texts import ENGLISH
from tests.botapi import (
    BotApi,
    Fault,
    ScriptedUser,
    bad_gateway,
    disconnect,
    refusal,
    silence,
    truncated,
)
from tests.e2e.delivering import FAST, bot_process, echoed, replies_to

pytestmark = pytest.mark.e2e

LONG_CLAIM = "/check " + " ".join(f"Sentence {n} {'says much ' * 36}." for n in range(1, 11))
"""What is answered in two messages, of five sentences each."""


async def is_answered(user: ScriptedUser, text: str = "and now?") -> bool:
    """Whether a question of the user gets its answer, and nothing else."""
    await user.say(text)
    return echoed(await user.wait_reply()) == text and user.unread == []


@pytest.mark.parametrize("method", ["sendMessage", "sendChatAction"])
async def test_a_429_holds_one_chat_only(tmp_path: Path, method: str) -> None:
    """What one chat must wait for, the others don't; then it gets its answers, in order."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        held, other = api.user("Ada"), api.user("Bob")
        api.faults.add(method, chat_id=held.id, fault=refusal(429, retry_after=2))
        asked_at = time.monotonic()
        await held.say("first")
        await held.say("second")
        await api.calls.wait_for(method)
        assert await is_answered(other)
        if method == "sendMessage":
            assert held.unread == []
        assert [echoed(reply) for reply in await replies_to(held, 2)] == ["first", "second"]
        if method == "sendMessage":
            assert time.monotonic() - asked_at >= 2
        assert len([c for c in api.calls.of("sendMessage") if c.error_code]) <= 1


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook", "setMyCommands", "getUpdates"])
async def test_a_429_at_the_start_is_waited_out(tmp_path: Path, method: str) -> None:
    """The calls that begin a conversation with Telegram may be held, too."""
    async with BotApi() as api:
        api.faults.add(method, fault=refusal(429, retry_after=1))
        async with bot_process(api, tmp_path, **FAST):
            assert await is_answered(api.user())


async def test_a_hold_of_hours_outlives_the_process(tmp_path: Path) -> None:
    """A held chat is still held after a restart, and its message is not lost meanwhile."""
    async with BotApi() as api:
        held = api.user("Ada")
        api.faults.add("sendMessage", chat_id=held.id, fault=refusal(429, retry_after=7200))
        async with bot_process(api, tmp_path, **FAST) as bot:
            await held.say("patience")
            await bot.wait_log("holds one chat for 7200 s")
            assert await bot.end() == 0
        async with bot_process(api, tmp_path, **FAST) as bot:
            assert await is_answered(api.user("Bob"))
            assert len(api.calls.of("sendMessage")) == 2
            assert await bot.end() == 0


@pytest.mark.parametrize(
    "fault",
    [disconnect(has_effect=True), disconnect(has_effect=True, is_reset=True), truncated()],
    ids=["closed", "reset", "truncated"],
)
async def test_what_may_have_arrived_is_not_repeated(tmp_path: Path, fault: Fault) -> None:
    """A send whose answer is lost is not made again, and the next one goes through."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user()
        api.faults.add("sendMessage", fault=fault)
        assert await is_answered(user, "once")
        assert await is_answered(user, "twice")
        assert "is not repeated" in bot.log
        assert len(api.calls.of("sendMessage")) == 2


async def test_accepted_then_silent_is_not_repeated(tmp_path: Path) -> None:
    """While a send gets no answer others go on; after the time limit so does its chat."""
    settings = FAST | {"SCRIPTED_READ_S": "3"}
    async with BotApi() as api, bot_process(api, tmp_path, **settings) as bot:
        user, other = api.user("Ada"), api.user("Bob")
        api.faults.add("sendMessage", chat_id=user.id, fault=silence())
        await user.say("once")
        assert echoed(await user.wait_reply()) == "once"
        assert await is_answered(other)
        await user.say("twice")
        assert echoed(await user.wait_reply(timeout_s=30)) == "twice"
        assert "is not repeated" in bot.log
        assert len(api.calls.of("sendMessage")) == 3


@pytest.mark.parametrize(
    "fault", [bad_gateway(), refusal(500), refusal(503)], ids=["502", "500", "503"]
)
async def test_a_failing_server_is_tried_again(tmp_path: Path, fault: Fault) -> None:
    """An answer that says that nothing was done, a web page too, is followed by another try."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        api.faults.add("sendMessage", fault=fault, times=2)
        assert await is_answered(api.user())


async def test_refused_connections_lose_nothing(tmp_path: Path) -> None:
    """While nobody listens the bot waits, and then answers what was asked."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user()
        assert await is_answered(user)
        await user.say("a slow question")
        async with asyncio.timeout(10):
            while api.updates.pending_count:  # noqa: ASYNC110 -- the queue has no event for it
                await asyncio.sleep(0.01)
        await api.stop_listening()
        await bot.wait_log("could not be sent, trying again")
        await user.say("and another")
        await api.start()
        texts_of = [echoed(reply) for reply in await replies_to(user, 2)]
        assert texts_of == ["a slow question", "and another"]
        await bot.wait_log("updates come in again")


@pytest.mark.parametrize(
    "fault",
    [
        bad_gateway(),
        truncated(),
        disconnect(has_effect=False, is_reset=True),
        refusal(500),
    ],
    ids=["502", "truncated", "reset", "500"],
)
async def test_polls_that_fail_are_made_again(tmp_path: Path, fault: Fault) -> None:
    """Whatever goes wrong with a poll, the updates come with a later one, once each."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        api.faults.add("getUpdates", fault=fault, times=2)
        assert await is_answered(api.user())


async def test_a_failing_message_does_not_lose_the_next(tmp_path: Path) -> None:
    """Of the two messages of an answer the first is refused; the second arrives."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user()
        api.faults.add("sendMessage", nth=1, fault=refusal(400, "Bad Request: no such thing"))
        await user.say(LONG_CLAIM)
        assert (await user.wait_reply()).text.startswith("6. Sentence 6 ")
        assert "Telegram refuses a message: " in bot.log


async def test_a_429_within_an_answer_keeps_its_order(tmp_path: Path) -> None:
    """Held after the first of two messages, the second follows."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        api.faults.add("sendMessage", nth=2, fault=refusal(429, retry_after=1))
        await user.say(LONG_CLAIM)
        first, second = await replies_to(user, 2)
        assert first.text.startswith("1. Sentence 1 ")
        assert second.text.startswith("6. Sentence 6 ")


async def test_whoever_blocks_the_bot_is_left_alone(tmp_path: Path) -> None:
    """A chat that is closed to the bot gets no more tries, and the others their answers."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        gone, there = api.user("Ada"), api.user("Bob")
        await gone.say("/help")
        gone.block()
        assert await is_answered(there)
        await bot.wait_log("the chat is closed to the bot")
        assert len([c for c in api.calls.of("sendMessage") if c.error_code == 403]) == 1
        await gone.start()
        assert (await gone.wait_reply()).text == ENGLISH("start")


async def test_an_answer_follows_a_group_that_migrates(tmp_path: Path) -> None:
    """An answer to a group that has become a supergroup is sent there."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        group = api.group("Readers", user)
        group.add_bot()
        await user.say("/ask a slow question", to=group)
        await api.calls.wait_for("sendChatAction")
        new = group.upgrade()
        assert echoed(await new.wait_reply()) == "a slow question"


async def test_the_answer_goes_to_the_topic_that_asked(tmp_path: Path) -> None:
    """In a forum the answer stands in the topic of its question, or in General if that is gone."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        group = api.supergroup("Readers", user, is_forum=True)
        group.add_bot()
        topic = group.new_topic("Physics")
        await user.say("/ask why?", to=group, thread_id=topic)
        assert (await group.wait_reply()).thread_id == topic
        await user.say("/ask a slow question", to=group, thread_id=topic)
        await api.calls.wait_for(
            "sendChatAction", lambda _: len(api.calls.of("sendChatAction")) > 1
        )
        group.delete_topic(topic)
        assert echoed(await group.wait_reply()) == "a slow question"


async def test_a_search_that_fails_gets_an_apology(tmp_path: Path) -> None:
    """One question's failure is said to its chat alone, even within a batch."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        slow, user, other = api.user(), api.user(), api.user()
        await slow.say("a slow question")
        await api.calls.wait_for("sendChatAction")
        await user.say("a broken one")
        await other.say("a whole one")
        assert (await user.wait_reply()).text == ENGLISH("failed")
        assert echoed(await other.wait_reply()) == "a whole one"


async def test_a_429_on_an_edit_holds_one_chat_only(tmp_path: Path) -> None:
    """The edit is made when its chat is free again, and before what came after it."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        held, other = api.user("Ada"), api.user("Bob")
        await held.say("first")
        answer = await held.wait_reply()
        api.faults.add("editMessageText", chat_id=held.id, fault=refusal(429, retry_after=2))
        asked_at = time.monotonic()
        await held.say("/edit", reply_to=answer)
        await held.say("second")
        await api.calls.wait_for("editMessageText")
        assert await is_answered(other)
        assert answer.text != "edited"
        assert (await held.wait_edit()).text == "edited"
        assert echoed(await held.wait_reply()) == "second"
        assert time.monotonic() - asked_at >= 2
        assert len(api.calls.of("editMessageText")) == 2


async def test_a_429_on_a_document_holds_one_chat_only(tmp_path: Path) -> None:
    """A file is sent when its chat is free again."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "notes.txt").write_text("words", "utf-8")
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        held, other = api.user("Ada"), api.user("Bob")
        api.faults.add("sendDocument", chat_id=held.id, fault=refusal(429, retry_after=1))
        await held.say("/document")
        await api.calls.wait_for("sendDocument")
        assert await is_answered(other)
        document = (await held.wait_reply()).document
        assert document is not None
        assert document.content == b"words"
