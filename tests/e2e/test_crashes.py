"""Whatever ends the process, and whenever: no question is lost, and hardly one answered twice."""

import asyncio
import os
import random
import re
import shutil
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from itertools import groupby
from pathlib import Path

import pytest

from bot.texts import ENGLISH
from tests.botapi import BotApi, ScriptedUser, silence
from tests.e2e.delivering import (
    FAST,
    bot_environment,
    bot_process,
    echoed,
    replies_to,
    the_forks,
)

pytestmark = pytest.mark.e2e

KILLS = 100
USERS = 20


async def ask_all_along(users: list[ScriptedUser], asked: dict[int, list[str]]) -> None:
    """Let users ask, in turn and without end."""
    number = 0
    while True:
        user = users[number % len(users)]
        question = f"question {number}"
        asked[user.id].append(question)
        await user.say(question)
        number += 1
        await asyncio.sleep(0.01)


def in_flight(work_dir: Path, copy_dir: Path) -> list[tuple[int, str]]:
    """Return what a dead bot may have sent and not struck off: the first message of each chat."""
    copy_dir.mkdir()
    for file in (work_dir / ".verbatim").glob("bot.db*"):  # the bot itself is to mend what is left
        shutil.copy(file, copy_dir)
    with closing(sqlite3.connect(copy_dir / "bot.db")) as connection:
        if not connection.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'messages'"
        ).fetchone():
            return []  # it was killed before it had made its tables
        rows = connection.execute(
            "SELECT chat_id, json_extract(arguments, '$.text') FROM messages "
            "WHERE id IN (SELECT min(id) FROM messages GROUP BY chat_id)"
        ).fetchall()
    return [(chat_id, re.sub("<.*?>", "", html).partition("\n")[0]) for chat_id, html in rows]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_killed_a_hundred_times_nothing_is_lost(tmp_path: Path) -> None:
    """After 100 kills at random moments under load, every question has its answer, in order.

    What is repeated was in flight at a kill, and is repeated at most once for each such kill.
    """
    chance = random.Random(5)
    were_in_flight: Counter[tuple[int, str]] = Counter()
    async with BotApi() as api:
        users = [api.user(f"User {number}") for number in range(USERS)]
        asked: dict[int, list[str]] = {user.id: [] for user in users}
        begun_at = time.monotonic()
        async with bot_process(api, tmp_path, **FAST):
            start_s = time.monotonic() - begun_at
        asking = asyncio.create_task(ask_all_along(users, asked))
        for kill in range(KILLS):
            bot = the_forks().fork(tmp_path, bot_environment(api, **FAST, LOG_LEVEL="WARNING"))
            await asyncio.sleep(chance.uniform(0.02, min(start_s, 0.6) + 0.25))
            assert await bot.end(signal.SIGKILL) == -signal.SIGKILL
            assert "Traceback" not in bot.log
            were_in_flight.update(in_flight(tmp_path, tmp_path / str(kill)))
        asking.cancel()
        total = sum(map(len, asked.values()))
        answered: dict[int, list[str]] = {user.id: [] for user in users}
        async with bot_process(api, tmp_path, **FAST) as bot, asyncio.timeout(120):
            while sum(len(set(each)) for each in answered.values()) < total:
                for user in users:
                    answered[user.id] += map(echoed, user.unread)
                await asyncio.sleep(0.05)
            assert await bot.end() == 0
    repeats: Counter[tuple[int, str]] = Counter()
    for user in users:
        runs = [(question, len(list(run))) for question, run in groupby(answered[user.id])]
        assert [question for question, _ in runs] == asked[user.id]
        repeats.update({(user.id, question): times - 1 for question, times in runs})
    assert repeats <= were_in_flight
    assert total > KILLS
    assert were_in_flight.total() > 0


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
async def test_a_question_that_ends_the_process_is_found_out(tmp_path: Path) -> None:
    """However often it is started again, one question ends it; all the others are answered.

    The first start counts for nothing, each of the next ten for the question that ends it.
    """
    async with BotApi() as api:
        culprit, *others = [api.user() for _ in range(20)]
        for user in others[:10]:
            await user.say("before")
        await culprit.say("a deadly question")
        await culprit.say("another")
        for user in others[10:]:
            await user.say("behind")
        starts = 0
        logs = ""
        async with asyncio.timeout(60):
            while True:
                async with bot_process(api, tmp_path, **FAST) as bot:
                    starts += 1
                    await bot.wait_log("never finished")
                    logs += bot.log
                    if bot.status is None:
                        replies = [await user.wait_reply() for user in others]
                        apology, answer = await replies_to(culprit, 2)
                        assert await bot.end() == 0
                        break
        assert [echoed(reply) for reply in replies] == 10 * ["before"] + 9 * ["behind"]
        assert (apology.text, echoed(answer)) == (ENGLISH("failed"), "another")
        assert starts == 12
        assert logs.count("was never finished, set aside") == 1
        assert culprit.unread == []
        for user, reply in zip(others, replies, strict=True):  # in flight when the process ended
            assert {echoed(again) for again in user.unread} <= {echoed(reply)}


async def test_sigterm_finishes_what_is_in_flight(tmp_path: Path) -> None:
    """A search at work when the signal comes is answered before the process ends with 0."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user()
        await user.say("a slow question")
        await api.calls.wait_for("sendChatAction")
        assert await bot.end() == 0
        assert [echoed(reply) for reply in user.unread] == ["a slow question"]
        assert api.updates.pending_count == 0


async def test_sigterm_under_load_answers_each_once(tmp_path: Path) -> None:
    """Ended amid 300 questions and started again, the bot answers each exactly once."""
    async with BotApi() as api:
        users = [api.user() for _ in range(30)]
        async with bot_process(api, tmp_path, **FAST) as bot:
            for number in range(300):
                await users[number % 30].say(f"question {number}")
            await users[0].wait_reply()
            assert await bot.end() == 0
            early = sum(len(user.unread) for user in users) + 1
        async with bot_process(api, tmp_path, **FAST) as bot:
            async with asyncio.timeout(60):
                while early + sum(user.chat.replies.qsize() for user in users) < 300:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
            assert await bot.end() == 0
        assert len(api.calls.of("sendMessage")) == 300


async def test_the_deadline_holds_and_nothing_is_lost(tmp_path: Path) -> None:
    """What isn't finished by the deadline is broken off, and answered at the next start."""
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path, SHUTDOWN_S="0") as bot:
            await user.say("a slow question")
            await api.calls.wait_for("sendChatAction")
            assert await bot.end() == 0
            assert "the rest waits for the next start" in bot.log
            assert user.unread == []
        async with bot_process(api, tmp_path):
            assert echoed(await user.wait_reply()) == "a slow question"


async def test_a_second_sigterm_ends_at_once(tmp_path: Path) -> None:
    """The second signal does not wait; the question is answered at the next start."""
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path) as bot:
            await user.say("a slow question")
            await api.calls.wait_for("sendChatAction")
            bot.send(signal.SIGTERM)
            await bot.wait_log("a second signal ends at once")
            assert await bot.end() == 128 + signal.SIGTERM
        async with bot_process(api, tmp_path):
            assert echoed(await user.wait_reply()) == "a slow question"


async def test_a_silent_server_does_not_delay_the_end(tmp_path: Path) -> None:
    """A send without an answer is broken off at the deadline; the message stays queued.

    At its own time limit it would have been given up, as one that may have arrived.
    """
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path, SHUTDOWN_S="1") as bot:
            api.faults.add("sendMessage", fault=silence(has_effect=False))
            await user.say("anybody?")
            await api.calls.wait_for("sendMessage", lambda _: True)
            assert await bot.end() == 0
        async with bot_process(api, tmp_path):
            assert echoed(await user.wait_reply()) == "anybody?"


async def test_duplicates_are_answered_once(tmp_path: Path) -> None:
    """An update that Telegram sends again, at once or after a restart, is not answered again."""
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path, **FAST) as bot:
            await user.say("once")
            update = api.updates.pending[0].body
            assert echoed(await user.wait_reply()) == "once"
            api.updates.send_again(update)
            await user.say("twice")
            assert echoed(await user.wait_reply()) == "twice"
            assert await bot.end() == 0
        api.updates.send_again(update)
        async with bot_process(api, tmp_path, **FAST):
            await user.say("thrice")
            assert echoed(await user.wait_reply()) == "thrice"
        assert len(api.calls.of("sendMessage")) == 3


async def test_a_poison_update_is_set_aside(tmp_path: Path) -> None:
    """An update that can't be read gets one line in the log, and what is behind it is handled."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        api.updates.put_poison()
        user = api.user()
        await user.say("behind it")
        assert echoed(await user.wait_reply()) == "behind it"
        assert await bot.end() == 0
        assert bot.log.count("set aside") == 1
        assert "Traceback" not in bot.log
        assert api.updates.pending_count == 0


async def test_a_stale_question_gets_an_apology(tmp_path: Path) -> None:
    """A question older than the setting is not answered late, nor silently dropped."""
    async with BotApi() as api:
        user = api.user()
        await user.say("long ago")
        await user.say("/help")
        await asyncio.sleep(1.5)
        async with bot_process(api, tmp_path, STALE_AFTER_S="1", **FAST):
            late, helped = await replies_to(user, 2)
        assert late.text == ENGLISH("too-late")
        assert late.reply_to is not None
        assert helped.text == ENGLISH("help")


async def test_what_was_delivered_is_kept_no_longer(tmp_path: Path) -> None:
    """Once a question is answered, neither of the queues holds its text, and nothing its name."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user("Zaphod")
        await user.say("xylophone?")
        await user.wait_reply()
        assert await bot.end() == 0
    files = list((tmp_path / ".verbatim").glob("bot.db*"))
    assert files
    assert not any(b"Zaphod" in file.read_bytes() for file in files)
    with closing(sqlite3.connect(tmp_path / ".verbatim" / "bot.db")) as connection:
        assert connection.execute("SELECT body FROM updates").fetchall() == [(None,)]
        assert connection.execute("SELECT arguments FROM messages").fetchall() == []
