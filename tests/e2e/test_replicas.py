"""Three bots behind one webhook: whatever befalls any of them, each question is answered once."""

import asyncio
import os
import random
import signal
from collections import Counter
from pathlib import Path

import pytest

from tests.botapi import BotApi, silence
from tests.e2e.delivering import echoed
from tests.e2e.replicas import Asking, Fleet, all_answered, fleet, trouble
from tests.postgres import PostgresServer

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork"),
]

ROUNDS = int(os.environ.get("REPLICA_ROUNDS", "8"))
SEED = int(os.environ.get("REPLICA_SEED", "7"))
USERS = 20


async def end_all(bots: Fleet) -> None:
    """End all replicas, and see that nothing waits and nobody has a claim."""
    assert [await bots.end(number, signal.SIGTERM) for number in bots.numbers] == [0, 0, 0]
    assert bots.rows("SELECT update_id FROM updates WHERE state <> 'done'") == []
    assert bots.rows("SELECT id FROM messages") == []
    assert bots.rows("SELECT number FROM claims") == []
    assert not any("Traceback" in bot.log for bot in bots.ended)


async def test_killed_ended_and_paused_at_random_nothing_is_lost(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """Each question has its answer, in order, and once: but for what was in flight at the time.

    What a killed or paused replica was just sending may come again, from the next one: at most
    once for each chat that it sent to. No lane is stuck.
    """
    async with BotApi() as api, fleet(api, postgres, tmp_path) as bots:
        asking = Asking([api.user(f"User {n}") for n in range(USERS)], every_s=0.05)
        asking.start()
        await trouble(bots, rounds=ROUNDS, chance=random.Random(SEED))
        asking.stop()
        await all_answered(api, asking)
        assert asking.repeats() <= bots.may_be_repeated
        await end_all(bots)


async def test_ended_one_after_another_nothing_comes_twice(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """A new version may be rolled out while people ask: nobody notices."""
    async with BotApi() as api, fleet(api, postgres, tmp_path) as bots:
        asking = Asking([api.user(f"User {n}") for n in range(USERS)], every_s=0.05)
        asking.start()
        for number in bots.numbers:
            assert await bots.end(number, signal.SIGTERM) == 0
            bots.start(number)
            await bots.ready(number)
        asking.stop()
        await all_answered(api, asking)
        assert asking.repeats() == Counter()
        await end_all(bots)


async def test_the_database_goes_and_comes_back(tmp_path: Path, postgres: PostgresServer) -> None:
    """However long it is away, what was sent by then is struck off and comes once."""
    async with BotApi() as api, fleet(api, postgres, tmp_path, SCRIPTED_LEASE_S="5") as bots:
        asking = Asking([api.user(f"User {n}") for n in range(USERS)], every_s=0.05)
        asking.start()
        await asyncio.sleep(1)
        with postgres.stopped(crash=True):
            await asyncio.sleep(7)
        await asyncio.sleep(1)
        asking.stop()
        await all_answered(api, asking)
        assert asking.repeats() == Counter()
        await end_all(bots)


async def test_a_question_is_answered_though_its_replica_is_paused(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """Another sends the answer; the paused one finds that out and does not send it, too."""
    async with BotApi() as api, fleet(api, postgres, tmp_path, SCRIPTED_READ_S="8") as bots:
        user = api.user()
        api.faults.add("sendMessage", fault=silence(has_effect=False))
        await user.say("anybody?")
        await api.calls.wait_for("sendMessage", lambda _: True)
        (owner,) = bots.rows("SELECT owner FROM claims WHERE duty = 'sending'")
        number = bots.number_of(owner)
        await bots.pause(number, 5)
        assert echoed(await user.wait_reply()) == "anybody?"
        await user.say("and now?")
        assert echoed(await user.wait_reply()) == "and now?"
        await end_all(bots)
        assert user.unread == []


async def test_a_poller_is_refused_beside_replicas(
    tmp_path: Path, postgres: PostgresServer
) -> None:
    """It says so and ends with status 1, and updates go on to where they went."""
    async with BotApi() as api, fleet(api, postgres, tmp_path, count=1, SHUTDOWN_S="0") as bots:
        user = api.user()
        poller = bots.start_poller(tmp_path)
        assert await poller.ended(timeout_s=60) == 1
        assert "this bot runs already with this database" in poller.log.splitlines()[-1]
        assert "Traceback" not in poller.log
        await user.say("still there?")
        assert echoed(await user.wait_reply()) == "still there?"
