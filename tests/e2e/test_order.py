"""Who is answered when: every question once, each chat in order, nobody kept waiting by others."""

import signal
from pathlib import Path

import pytest

from bot.texts import ENGLISH
from tests.botapi import BotApi, run_load
from tests.e2e.delivering import FAST, bot_process, echoed, replies_to

pytestmark = pytest.mark.e2e


async def test_a_burst_is_answered_once_each(tmp_path: Path) -> None:
    """1,000 questions that 200 chats ask at once are answered once each, in order."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        report = await run_load(api, users=200, questions=1000, is_burst=True)
        assert await bot.end() == 0
        assert (report.asked, report.answered) == (1000, 1000)
        assert (report.out_of_order, report.further_messages) == (0, 0)
        assert len(api.calls.of("sendMessage")) == 1000
        assert api.updates.pending_count == 0


async def test_one_chats_questions_are_answered_in_order(tmp_path: Path) -> None:
    """Twenty questions of one chat get their twenty answers in the same order."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        questions = [f"question {number}" for number in range(20)]
        for question in questions:
            await user.say(question)
        assert [echoed(reply) for reply in await replies_to(user, 20)] == questions


async def test_a_slow_search_does_not_delay_help(tmp_path: Path) -> None:
    """While somebody's search takes its time, another's /help is answered."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        slow, quick = api.user("Ada"), api.user("Bob")
        await slow.say("a slow question")
        await api.calls.wait_for("sendChatAction")
        await quick.say("/help")
        assert (await quick.wait_reply()).text == ENGLISH("help")
        assert slow.unread == []
        assert echoed(await slow.wait_reply()) == "a slow question"


async def test_many_slow_searches_do_not_delay_help(tmp_path: Path) -> None:
    """Behind 100 chats that wait for their searches, another's /help is answered at once."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        slow = [api.user() for _ in range(100)]
        for user in slow:
            await user.say("a slow question")
        await api.calls.wait_for("sendChatAction")
        quick = api.user()
        await quick.say("/help")
        assert (await quick.wait_reply()).text == ENGLISH("help")
        assert sum(user.chat.replies.qsize() for user in slow) < 10
        bot.send(signal.SIGKILL)


async def test_searches_that_wait_together_are_one_batch(tmp_path: Path) -> None:
    """What 20 chats ask during a search is searched in one go after it."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        slow, *others = [api.user() for _ in range(21)]
        await slow.say("a slow question")
        await api.calls.wait_for("sendChatAction")
        for other in others:
            await other.say("together")
        answers = {echoed(await other.wait_reply()) for other in others}
        assert answers == {"20 together"}


async def test_a_chat_that_floods_starves_nobody(tmp_path: Path) -> None:
    """Behind 500 questions of one chat, another's is answered before most of them."""
    async with BotApi() as api:
        flood, other = api.user("Ada"), api.user("Bob")
        for number in range(500):
            await flood.say(f"question {number}")
        await other.say("me too")
        async with bot_process(api, tmp_path, **FAST):
            assert echoed(await other.wait_reply()) == "me too"
            assert len(flood.unread) < 250


async def test_the_published_rates_are_met(tmp_path: Path) -> None:
    """With the defaults, a server that enforces the published rates refuses nothing."""
    async with BotApi() as api:
        api.enforce_rates()
        async with bot_process(api, tmp_path):
            report = await run_load(api, users=60, questions=240, is_burst=True)
            assert (report.answered, report.out_of_order) == (240, 0)
            assert [call for call in api.calls if call.error_code] == []
