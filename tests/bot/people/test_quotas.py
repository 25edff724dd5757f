"""How much may be asked: what counts, what does not, and when one may come back."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from telegram import Update

from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
from bot.delivery.service import Service
from bot.incoming import Incoming
from bot.memory.linked import Linked
from bot.memory.uses import Holder, Uses
from bot.people.quotas import Quota, when_again
from bot.texts import ENGLISH, texts_for
from index.types import Span
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever, make_hit
from tests.botapi import BotApi, ScriptedGroup, ScriptedUser

GROUP = {"id": -1, "type": "supergroup", "title": "Readers"}


async def let_pass(service: Service, seconds: float) -> None:
    """Have everybody asked so much earlier."""
    await service.store.write(
        lambda c: c.execute(text("UPDATE uses SET at = at - :s"), {"s": seconds})
    )


async def answers(
    user: ScriptedUser, text: str = "was it?", *, to: ScriptedGroup | None = None
) -> str:
    """Ask, and return the answer, its first line only."""
    await user.say(text, to=to)
    reply = await (to or user).wait_reply()
    return reply.text.partition("\n")[0]


SHOWN = "It was late. The gate <A> stood open. Nobody came."


@pytest.mark.parametrize(
    ("setting", "quota"),
    [
        (None, None),
        ("20/hour", Quota(limit=20, window_s=3600)),
        ("3/minute", Quota(limit=3, window_s=60)),
        ("200/day", Quota(limit=200, window_s=86_400)),
    ],
)
def test_a_quota_is_read_from_its_setting(setting: str | None, quota: Quota | None) -> None:
    """A number of questions within a time."""
    assert Quota.from_setting(setting) == quota


@pytest.mark.parametrize(
    ("nth_last", "now", "wait_s"),
    [(None, 5000, 0), (1000, 1000, 3600), (1000, 4599, 1), (1000, 4600, 0), (9000, 1000, 3600)],
)
def test_the_window_slides(nth_last: float | None, now: float, wait_s: float) -> None:
    """The next may be asked when the oldest of the last ones leaves the window."""
    assert Quota(limit=2, window_s=3600).wait_s(nth_last, now) == wait_s


@pytest.mark.parametrize(
    ("wait_s", "english", "arabic"),
    [
        (0.5, "in 1 minute", "بعد دقيقة"),
        (61, "in 2 minutes", "بعد دقيقتين"),
        (720, "in 12 minutes", "بعد \u206812\u2069 دقيقة"),
        (3540.1, "in 1 hour", "بعد ساعة"),
        (3601, "in 2 hours", "بعد ساعتين"),
        (86_400, "in 24 hours", "بعد \u206824\u2069 ساعة"),
    ],
)
def test_the_wait_is_said_in_words(wait_s: float, english: str, arabic: str) -> None:
    """It is never said too short, and in the plurals of each language."""
    assert when_again(wait_s, ENGLISH) == english
    assert when_again(wait_s, texts_for("ar")) == arabic


async def test_a_question_counts_once(tmp_path: Path) -> None:
    """However often its update is handled; and another bot's or chat's counts are not one's."""
    store = Store(SqliteDatabase(tmp_path / "bot.db"))
    uses = Uses(store, 7)
    for update_id in (1, 1, 2, 1):
        await store.write(lambda c, u=update_id: uses.count_within(c, Holder.USER, 5, u))  # type: ignore[misc]
    assert [uses.nth_last(Holder.USER, 5, nth) is None for nth in (1, 2, 3)] == [0, 0, 1]
    assert uses.nth_last(Holder.CHAT, 5, 1) is None
    assert Uses(store, 8).nth_last(Holder.USER, 5, 1) is None
    await store.write(lambda c: c.execute(text("UPDATE uses SET at = 0 WHERE update_id = 1")))
    await store.write(uses.prune_within)
    assert store.read(text("SELECT update_id FROM uses")) == [(2,)]
    store.close()


async def test_a_person_who_asked_enough_is_told_when_to_come_back(tmp_path: Path) -> None:
    """In his language; nothing is searched, and after that time it is again."""
    retriever = ScriptedRetriever()
    async with (
        BotApi() as api,
        running(api, retriever, tmp_path, quota_per_user="2/hour") as service,
    ):
        ada, bob = api.user("Ada"), api.user("Bob", language_code="ar")
        assert [await answers(ada) for _ in range(2)] == [SHOWN] * 2
        await let_pass(service, 48 * 60 + 1)
        assert await answers(ada) == ENGLISH("quota-person", when="in 12 minutes")
        assert await answers(ada) == ENGLISH("quota-person", when="in 12 minutes")
        assert [await answers(bob) for _ in range(2)] == [SHOWN] * 2
        arabic = texts_for("ar")
        assert await answers(bob) == arabic("quota-person", when=arabic("in-hours", count=1))
        await let_pass(service, 12 * 60)
        assert await answers(ada) == SHOWN
        assert len(retriever.questions) == 5


async def test_a_quota_survives_a_restart(tmp_path: Path) -> None:
    """It is on disk."""
    async with BotApi() as api:
        user = api.user()
        for said in (SHOWN, ENGLISH("quota-person", when="in 24 hours")):
            async with running(api, ScriptedRetriever(), tmp_path, quota_per_user="1/day"):
                assert await answers(user) == said


async def test_what_does_not_ask_is_free(tmp_path: Path) -> None:
    """Commands cost nothing, nor does /ask without a question."""
    async with (
        BotApi() as api,
        running(api, ScriptedRetriever(), tmp_path, quota_per_user="1/day"),
    ):
        user = api.user()
        for text in ("/start", "/sources", "/help", "/ask"):
            await answers(user, text)
        assert await answers(user) == SHOWN
        assert await answers(user) == ENGLISH("quota-person", when="in 24 hours")


async def test_what_searches_for_another_reason_counts_too(tmp_path: Path) -> None:
    """Words that no title has; a link to a passage that is gone, once it is known how it began."""
    enough = ENGLISH("quota-person", when="in 24 hours")
    async with (
        BotApi() as api,
        running(api, ScriptedRetriever(), tmp_path, quota_per_user="1/day") as service,
    ):
        ada, bob = api.user("Ada"), api.user("Bob")
        assert await answers(ada, "/source Cairo") != enough
        assert await answers(ada, "/source Cairo") == enough
        gone = make_hit("It was late.", Span(0, 5)).passage
        linked = Linked(service.store, service.bot_id)
        await service.store.write(lambda c: linked.note_within(c, [replace(gone, id="0" * 16)]))
        assert await answers(bob) == SHOWN
        await bob.start("p" + "0" * 16)
        said = [(await bob.wait_reply()).text for _ in range(2)]
        assert said == [enough, ENGLISH("link-gone")]


async def test_a_group_has_a_quota_of_its_own(tmp_path: Path) -> None:
    """All its people together; in private, in other groups, and for admins it does not hold."""
    async with BotApi() as api:
        ada, bob, boss = api.user("Ada"), api.user("Bob"), api.user("Boss")
        groups = [api.supergroup(title, ada, bob, boss) for title in ("One", "Two")]
        for group in groups:
            group.add_bot()
        settings: dict[str, Any] = {"quota_per_chat": "2/hour", "admin_ids": [boss.id]}
        async with running(api, ScriptedRetriever(), tmp_path, **settings):
            one, two = groups
            said = [await answers(user, "/ask was it?", to=one) for user in (ada, bob, ada)]
            assert said == [SHOWN, SHOWN, ENGLISH("quota-chat", when="in 1 hour")]
            assert await answers(bob, "/ask was it?", to=two) == SHOWN
            assert await answers(bob) == SHOWN
            assert await answers(boss, "/ask was it?", to=one) == SHOWN


async def test_inline_queries_have_a_bound_of_their_own(tmp_path: Path) -> None:
    """Ten for each question; then there are no results but a button that says when."""
    async with (
        BotApi() as api,
        running(api, ScriptedRetriever(), tmp_path, quota_per_user="1/day"),
    ):
        api.enable_inline()
        ada = api.user("Ada")
        for number in range(10):
            await ada.ask_inline(f"question {number}")
        query = await ada.ask_inline("one more")
        assert await query.wait_results() == []
        assert query.answer.result()["button"] == {
            "text": ENGLISH("quota-inline", when="in 24 hours"),
            "start_parameter": "quota",
        }
        assert await answers(ada) == SHOWN


@pytest.mark.parametrize(("sender_chat", "user_id"), [({"sender_chat": GROUP}, None), ({}, 5)])
def test_an_account_that_stands_for_many_is_nobody(
    sender_chat: dict[str, Any], user_id: int | None
) -> None:
    """An anonymous admin or a channel has no quota of a person: many would share it."""
    message = {
        "message_id": 1,
        "date": 1,
        "chat": GROUP,
        "from": {"id": 5, "is_bot": False, "first_name": "Somebody"},
    }
    update = Update.de_json({"update_id": 1, "message": message | sender_chat})
    incoming = Incoming.from_update(update)
    assert incoming is not None
    assert incoming.user_id == user_id
