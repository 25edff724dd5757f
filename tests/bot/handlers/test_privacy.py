"""What /privacy says is what is kept, and /forget deletes it."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text

from bot.database.columns import FLAG, NUMBER, TEXT, TIME
from bot.database.shared_tables import METADATA
from bot.database.store import Store
from bot.delivery.service import Service
from bot.handlers.privacy import forget_everything
from bot.memory import MEMORIES
from bot.people import retention
from bot.people.kept import KEPT
from bot.texts import ENGLISH, LANGUAGES, texts_for
from index.types import Verdict
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever, make_answer, make_hit
from tests.botapi import BotApi, Message, ScriptedUser

IMPERSONAL = {"invites", "linked", "replicas", "writers"}
"""Hashes, the documents' words, and processes."""
SOMEBODY = 987_654_321
STAYS = {"updates", "uses", "holds", "messages", "claims"}
"""What /forget leaves, as /privacy says: numbers, counts, and what is still to be sent."""


def row_of(table: str, number: int, **given: object) -> dict[str, object]:
    """Return a row of a table with a number in it wherever one can stand."""
    values: dict[Any, object] = {NUMBER: number, TEXT: str(number), TIME: 1.0, FLAG: True}
    columns = METADATA.tables[table].columns
    return {column.name: values[column.type] for column in columns} | {
        name: value for name, value in given.items() if name in columns
    }


def tables_with(store: Store, number: int) -> set[str]:
    """Return the tables that hold a number anywhere."""
    return {
        name
        for name, table in METADATA.tables.items()
        if any(
            value == number or (isinstance(value, str) and str(number) in value)
            for row in store.read(select(table))
            for value in row
        )
    }


def test_every_table_is_spoken_of() -> None:
    """Each one that is about people has its line, and no line is about nothing."""
    tables = set(METADATA.tables)
    said = [table for each in KEPT for table in each.tables]
    assert len(said) == len(set(said))
    assert set(said) == tables - IMPERSONAL


async def test_every_memory_forgets(store: Store) -> None:
    """A row about somebody, in whatever table, is gone after /forget, but for what stays."""
    personal = {table for each in KEPT for table in each.tables} - STAYS
    for table in personal:
        insert = METADATA.tables[table].insert().values(row_of(table, SOMEBODY, bot_id=7))
        await store.write(lambda c, insert=insert: c.execute(insert))  # type: ignore[misc]
    assert tables_with(store, SOMEBODY) == personal
    await store.write(lambda c: forget_everything(c, store, 7, SOMEBODY + 1))
    assert tables_with(store, SOMEBODY) == personal
    await store.write(lambda c: forget_everything(c, store, 7, SOMEBODY))
    assert tables_with(store, SOMEBODY) == set()


async def test_every_memory_prunes(store: Store) -> None:
    """What is old is gone, in every table that has its time."""
    timed = {table for each in KEPT if each.seconds for table in each.tables} - STAYS | {"uses"}
    for table in timed - {"sent"}:
        insert = METADATA.tables[table].insert().values(row_of(table, 1, holder="user"))
        await store.write(lambda c, insert=insert: c.execute(insert))  # type: ignore[misc]
    for memory in MEMORIES:
        await store.write(memory(store, 1).prune_within)
    assert {table for table in timed if store.read(select(METADATA.tables[table]))} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_said(language: str) -> None:
    """With its days, which are those that the code goes by."""
    texts = texts_for(language)
    for each in KEPT:
        line = texts(each.text, days=each.days)
        if each.seconds is not None:
            assert str(each.days) in line
            assert each.days * retention.DAY_S == each.seconds


async def settled(service: Service) -> None:
    """Wait until nothing is handled or sent."""
    async with asyncio.timeout(10):
        while not service._lanes.is_idle or service.store.read(text("SELECT 1 FROM messages")):  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def press(user: ScriptedUser, message: Message, data: str) -> dict[str, Any]:
    """Press a button; return the answer."""
    pressed = await user.press(message, data=data)
    return await pressed.wait_answer()


async def lives(service: Service, api: BotApi, user: ScriptedUser, who: Any) -> None:
    """Have somebody leave a trace in every table, in private and in a group."""
    retriever, group = who
    for verdict in (Verdict.ANSWERED, Verdict.NO_ANSWER):
        retriever.answer = make_answer(make_hit(), verdict=verdict)
        await user.say("was it?")
        answer = await user.wait_reply()
        await user.say("/ask was it?", to=group)
        await group.wait_reply()
        for each in answer.buttons:
            if each["callback_data"].startswith(("up:", "tell:")):
                await press(user, answer, each["callback_data"])
    await settled(service)
    assert api.account is not None


async def test_forget_deletes_all_that_is_kept_of_a_person(tmp_path: Path) -> None:
    """After the button that confirms it, and nothing of anybody else's."""
    retriever = ScriptedRetriever()
    async with BotApi() as api:
        admin, ada, bob = (api.user(name) for name in ("Boss", "Ada", "Bob"))
        group = api.supergroup("Readers", ada, bob)
        group.add_bot()
        async with running(
            api,
            retriever,
            tmp_path,
            access="invite",
            admin_ids=[admin.id],
            quota_per_user="50/hour",
        ) as service:
            await admin.say("/invite 2")
            payload = (await admin.wait_reply()).text.rpartition("start=")[2]
            for user in (ada, bob):
                await user.start(payload)
                await user.wait_reply()
                await lives(service, api, user, (retriever, group))
            traces = {"updates", "cards", "sent", "asked", "votes", "waiting", "uses", "members"}
            assert tables_with(service.store, ada.id) >= traces
            await ada.say("/forget")
            sure = await ada.wait_reply()
            assert sure.text == f"{ENGLISH('forget-sure')} {ENGLISH('forget-invited')}"
            data = f"forget:{ada.id}"
            assert [each["callback_data"] for each in sure.buttons] == [data]
            theirs = await press(bob, sure, data)
            assert theirs["text"] == ENGLISH("forget-not-yours")
            await settled(service)
            assert tables_with(service.store, ada.id) >= traces
            await press(ada, sure, data)
            edited = await ada.wait_edit()
            assert (edited.text, edited.buttons) == (ENGLISH("forgotten"), [])
            await settled(service)
            assert tables_with(service.store, ada.id) - STAYS == set()
            assert tables_with(service.store, bob.id) >= traces
            await ada.say("was it?")
            assert (await ada.wait_reply()).text == ENGLISH("stranger", id=str(ada.id))
            await ada.say("/privacy")
            assert (await ada.wait_reply()).text.startswith(ENGLISH("privacy"))


async def test_forget_is_no_way_around_a_quota(tmp_path: Path) -> None:
    """The counts stay until they run out by themselves."""
    async with (
        BotApi() as api,
        running(api, ScriptedRetriever(), tmp_path, quota_per_user="1/day") as service,
    ):
        user = api.user()
        await user.say("was it?")
        await user.wait_reply()
        await user.say("/forget")
        await press(user, await user.wait_reply(), f"forget:{user.id}")
        await user.wait_edit()
        await settled(service)
        await user.say("was it?")
        assert (await user.wait_reply()).text == ENGLISH("quota-person", when="in 24 hours")


async def test_old_buttons_are_forgotten_too(tmp_path: Path) -> None:
    """They say that the answer is gone."""
    async with BotApi() as api, running(api, ScriptedRetriever(), tmp_path) as service:
        user = api.user()
        await user.say("was it?")
        answer = await user.wait_reply()
        await user.say("/forget")
        await press(user, await user.wait_reply(), f"forget:{user.id}")
        await settled(service)
        up = next(each["callback_data"] for each in answer.buttons if each["text"] == "👍")
        assert (await press(user, answer, up))["text"] == ENGLISH("card-gone")


@pytest.mark.parametrize(("is_logged", "said"), [(True, "logged"), (False, "not-logged")])
async def test_privacy_says_what_is_kept(tmp_path: Path, said: str, *, is_logged: bool) -> None:
    """And whether questions are logged, which is a setting."""
    async with (
        BotApi() as api,
        running(api, ScriptedRetriever(), tmp_path, log_questions=is_logged),
    ):
        user = api.user()
        await user.say("/privacy")
        lines = (await user.wait_reply()).text.split("\n")
        assert lines[0] == ENGLISH("privacy")
        assert lines[1:-2] == [f"• {ENGLISH(each.text, days=each.days)}" for each in KEPT]
        assert lines[-1] == f"{ENGLISH(said)} {ENGLISH('privacy-forget')}"
