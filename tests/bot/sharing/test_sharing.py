"""Two bots over one database: who works on what, and what becomes of it when one is gone."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.database.store import Store
from bot.delivery.service import Service
from bot.desk import Desk
from bot.sharing import membership, replica
from bot.sharing.claims import Duty
from index.errors import StateFolderError
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever
from tests.botapi import BotApi

pytestmark = pytest.mark.usefixtures("quick_database")


@pytest.fixture
def quick_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let replicas be given up soon, and look often."""
    monkeypatch.setattr(replica, "LEASE_S", 2.0)
    monkeypatch.setattr(membership, "_BEAT_S", 0.2)
    monkeypatch.setattr(membership, "_SWEEP_S", 0.2)
    monkeypatch.setattr(membership, "_LOOK_S", 0.1)


class Bot:
    """One of the bots."""

    def __init__(self, api: BotApi, service: Service, retriever: ScriptedRetriever) -> None:
        self._api = api
        self.service = service
        self.retriever = retriever

    async def take(self) -> None:
        """Take whatever Telegram has, as by a webhook."""
        pending = self._api.updates.pending
        received = await self.service._inbox.receive([each.body for each in pending])
        self.service._receive(received)
        for each in pending:
            self._api.updates.confirm(each.update_id)

    async def is_at_work(self) -> None:
        """Wait until it searches for what is slow."""
        await asyncio.to_thread(self.retriever.entered.wait, 10)

    def falls_silent(self) -> None:
        """Beat no more: as if it were paused, while it goes on with what it does."""
        beating = self.service._membership._beating  # type: ignore[attr-defined]
        beating.cancel()


@asynccontextmanager
async def bot(
    api: BotApi, tmp_path: Path, url: str, *, slow: str = "", **settings: Any
) -> AsyncIterator[Bot]:
    """Start a bot."""
    retriever = ScriptedRetriever()
    retriever.slow = slow
    given: dict[str, Any] = {"is_polling": False, "database_url": url} | settings
    async with running(api, retriever, tmp_path, **given) as service:
        try:
            yield Bot(api, service, retriever)
        finally:
            retriever.gate.set()


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that has no event."""
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_chat_is_answered_in_order_by_two(tmp_path: Path, postgres_url: str) -> None:
    """What one takes while the other is at work on the chat is left to that one."""
    async with (
        BotApi() as api,
        bot(api, tmp_path, postgres_url, slow="first") as one,
        bot(api, tmp_path, postgres_url) as other,
    ):
        user, stranger = api.user(), api.user()
        await user.say("first")
        await one.take()
        await one.is_at_work()
        await user.say("second")
        await stranger.say("elsewhere")
        await other.take()
        await stranger.wait_reply()
        assert user.unread == []
        one.retriever.gate.set()
        await user.wait_reply()
        await user.wait_reply()
        assert one.retriever.questions == ["first", "second"]
        assert other.retriever.questions == ["elsewhere"]


async def test_what_came_before_is_first_whoever_took_it(
    tmp_path: Path, postgres_url: str
) -> None:
    """Even if the one at work has not heard of it yet when the next comes to itself."""
    async with (
        BotApi() as api,
        bot(api, tmp_path, postgres_url, slow="first") as one,
        bot(api, tmp_path, postgres_url) as other,
    ):
        user = api.user()
        await user.say("first")
        await one.take()
        await one.is_at_work()
        one.service._membership._hear = lambda *_: None  # type: ignore[attr-defined]
        await user.say("second")
        await other.take()
        await user.say("third")
        await one.take()
        one.retriever.gate.set()
        for _ in range(3):
            await user.wait_reply()
        assert one.retriever.questions == ["first", "second", "third"]


async def test_an_update_is_taken_once_by_whomever(tmp_path: Path, postgres_url: str) -> None:
    """Telegram may send it again to another, which knows it."""
    async with (
        BotApi() as api,
        bot(api, tmp_path, postgres_url) as one,
        bot(api, tmp_path, postgres_url) as other,
    ):
        user = api.user()
        await user.say("once")
        update = api.updates.pending[0].body
        await one.take()
        await user.wait_reply()
        assert await other.service._inbox.receive([update]) == []


async def test_what_one_leaves_the_other_takes_up(tmp_path: Path, postgres_url: str) -> None:
    """A search that is broken off at the end is made by the other at once."""
    async with BotApi() as api, bot(api, tmp_path, postgres_url) as other:
        user = api.user()
        async with bot(api, tmp_path, postgres_url, slow="slow") as one:
            await user.say("slow")
            await user.say("behind it")
            await one.take()
            await one.is_at_work()
            await one.service._lanes.stop(deadline_s=0)
        await user.wait_reply()
        await user.wait_reply()
        assert other.retriever.questions == ["slow", "behind it"]


async def test_a_result_that_comes_too_late_is_dropped(
    tmp_path: Path, postgres_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever was given up at work finds that another has answered, and says nothing."""
    caplog.set_level("INFO")
    async with (
        BotApi() as api,
        bot(api, tmp_path, postgres_url, slow="slow") as one,
        bot(api, tmp_path, postgres_url) as other,
    ):
        user = api.user()
        await user.say("slow")
        await one.take()
        await one.is_at_work()
        one.falls_silent()
        await user.wait_reply()
        assert other.retriever.questions == ["slow"]
        one.retriever.gate.set()
        await until(lambda: "was done by another process meanwhile" in caplog.text)
        assert user.unread == []


async def test_whoever_may_be_given_up_sends_nothing(tmp_path: Path, postgres_url: str) -> None:
    """It may still answer, as long as nobody else has; another sends that."""
    async with (
        BotApi() as api,
        bot(api, tmp_path, postgres_url, slow="slow") as one,
        bot(api, tmp_path, postgres_url) as other,
    ):
        user = api.user()
        await user.say("slow")
        await one.take()
        await one.is_at_work()
        one.falls_silent()
        await until(lambda: not one.service._membership.claims.is_sure)
        assert one.service.health.problems.keys() == {"lease"}
        one.retriever.gate.set()
        await user.wait_reply()
        assert user.unread == []
        assert other.service.health.problems == {}


async def test_a_beat_that_fails_is_not_the_last(
    tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it was: whoever beats no more would send nothing, until somebody ends him."""
    failed = asyncio.Event()

    async def fail(_store: Store) -> None:
        failed.set()
        raise RuntimeError("a fault of the program")

    async with BotApi() as api, bot(api, tmp_path, postgres_url) as one:
        own = one.service._membership._replica  # type: ignore[attr-defined]
        with monkeypatch.context() as patched:
            patched.setattr(own, "beat", fail)
            await failed.wait()
        last = own._beat_at
        await until(lambda: own._beat_at > last)


async def test_a_hold_binds_all(tmp_path: Path, postgres_url: str) -> None:
    """Who hears of a 429 tells the others, which hold the chat as long."""
    async with (
        BotApi() as api,
        bot(api, tmp_path, postgres_url) as one,
        bot(api, tmp_path, postgres_url) as other,
    ):
        await one.service.outbox.hold(5, 3600)
        await until(lambda: other.service.outbox.is_held(5))


async def test_the_rate_is_shared(tmp_path: Path, postgres_url: str) -> None:
    """Each sends its part, and the whole when it is alone again."""
    async with BotApi() as api, bot(api, tmp_path, postgres_url, per_s=30) as one:
        overall = one.service._pacing._overall
        assert overall._count == 30
        async with bot(api, tmp_path, postgres_url):
            await until(lambda: overall._count == 15)
        await until(lambda: overall._count == 30)


async def test_what_is_to_be_done_once_is_done_by_one(tmp_path: Path, postgres_url: str) -> None:
    """The other does it as soon as that one is gone."""
    at_work: list[str] = []

    def feature(name: str) -> Callable[[Desk], Any]:
        async def work() -> None:
            at_work.append(name)
            try:
                await asyncio.Event().wait()
            finally:
                at_work.remove(name)

        class Feature:
            def __init__(self, desk: Desk) -> None:
                desk.beside(Duty.ANNOUNCING, work)

            def register(self, _application: object) -> None:
                """Take no updates."""

        return Feature

    async with BotApi() as api:
        async with bot(api, tmp_path, postgres_url, features=[feature("one")]):
            await until(lambda: at_work == ["one"])
            async with bot(api, tmp_path, postgres_url, features=[feature("other")]):
                await asyncio.sleep(0.3)
                assert at_work == ["one"]
        async with bot(api, tmp_path, postgres_url, features=[feature("third")]):
            await until(lambda: at_work == ["third"])


@pytest.mark.parametrize("polls", [(True, True), (True, False), (False, True)])
async def test_whoever_polls_does_so_alone(
    tmp_path: Path, postgres_url: str, polls: tuple[bool, bool]
) -> None:
    """Two that poll, or one beside webhooks, would take updates from each other."""
    first, second = polls
    async with BotApi() as api, bot(api, tmp_path, postgres_url, is_polling=first) as one:
        joining = one.service._membership
        with pytest.raises(StateFolderError, match="runs already with this database"):
            async with bot(api, tmp_path, postgres_url, is_polling=second, patience_s=0.3):
                pytest.fail("it began to work")
        assert joining.claims.is_sure
