"""Who may not ask: what a stranger is told, by whatever way he comes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.database.store import StoreError
from bot.memory.invites import Invites
from bot.texts import ENGLISH, texts_for
from tests.bot.handlers.conftest import Run
from tests.bot.samples import ScriptedRetriever
from tests.botapi import BotApi


@pytest.fixture
def retriever() -> ScriptedRetriever:
    """Return a retriever with one answer."""
    return ScriptedRetriever()


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """Start the server."""
    async with BotApi() as server:
        server.enable_inline()
        yield server


async def test_a_stranger_is_told_once(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """Whatever he writes in private leads to one line with his number, and to no search."""
    async with run(access="allowlist", admin_ids=[99]):
        user = api.user("Stranger")
        message = await user.say("was the gate open?")
        assert (await user.wait_reply()).text == ENGLISH("stranger", id=str(user.id))
        for text in ("/sources", "/start", "/help", "/start p1", "/ask was it?", "/stats"):
            await user.say(text)
        await user.edit(message, "was the gate open at all?")
        await user.send("photo")
        user.block()
        await user.start()
        press = await user.press(message, data="go:0123456789:1")
        assert await press.wait_answer() == {
            "callback_query_id": press.query_id,
            "text": ENGLISH("stranger-press"),
        }
        assert user.unread == []
        assert retriever.questions == []
        assert len(api.calls.of("sendMessage")) == 1


async def test_a_stranger_finds_nothing_inline(api: BotApi, run: Run) -> None:
    """There are no results, the answer is kept nowhere, and a button leads to the private chat."""
    async with run(access="allowlist"):
        query = await api.user().ask_inline("was it?")
        assert await query.wait_results() == []
        answer = query.answer.result()
        assert (answer["cache_time"], answer["is_personal"]) == (0, True)
        assert answer["button"] == {
            "text": ENGLISH("stranger-button"),
            "start_parameter": "access",
        }


async def test_the_bot_is_silent_among_strangers(
    api: BotApi, run: Run, retriever: ScriptedRetriever
) -> None:
    """In a group that is not allowed nothing is said, not even when the bot is added to it."""
    async with run(access="allowlist"):
        user = api.user("Stranger")
        group = api.supergroup("Others", user)
        group.add_bot()
        await user.say("/ask was it?", to=group)
        await user.say("/start@verbatim_test_bot", to=group)
        await user.say("hello")  # comes last, and is answered last
        await user.wait_reply()
        assert group.unread == []
        assert retriever.questions == []


async def test_people_and_chats_on_the_list_may_ask(api: BotApi, run: Run) -> None:
    """A listed person and an admin may anywhere, anybody may in a listed group, nobody else."""
    ada, boss, other = api.user("Ada"), api.user("Boss"), api.user("Other")
    listed = api.supergroup("Listed", ada, boss, other)
    free = api.supergroup("Free", ada, boss, other)
    for group in (listed, free):
        group.add_bot()
    async with run(
        access="allowlist",
        allowed_users=[ada.id],
        allowed_chats=[listed.id],
        admin_ids=[boss.id],
    ):
        for user in (ada, boss):
            await user.say("was it?")
            assert "The gate" in (await user.wait_reply()).text
            await user.say("/ask was it?", to=free)
            assert "The gate" in (await free.wait_reply()).text
        await other.say("/ask was it?", to=listed)
        assert "The gate" in (await listed.wait_reply()).text
        await other.say("/ask was it?", to=free)
        await other.say("was it?")
        assert (await other.wait_reply()).text == ENGLISH("stranger", id=str(other.id))
        assert free.unread == []


async def test_who_is_taken_off_the_list_is_a_stranger(api: BotApi, run: Run) -> None:
    """A list is read at the start; what was answered before opens nothing."""
    user = api.user("Ada")
    async with run(access="allowlist", allowed_users=[user.id]):
        await user.say("was it?")
        answer = await user.wait_reply()
    async with run(access="allowlist"):
        press = await user.press(answer, data="up:0123456789")
        assert (await press.wait_answer())["text"] == ENGLISH("stranger-press")
        await user.say("was it?")
        assert (await user.wait_reply()).text == ENGLISH("stranger", id=str(user.id))


async def invited(admin: Any, text: str = "/invite") -> str:
    """Have an admin make an invitation; return what its link carries."""
    await admin.say(text)
    reply = await admin.wait_reply()
    head, found, payload = reply.text.partition("https://t.me/verbatim_test_bot?start=")
    assert head.startswith("This link lets ")
    assert found
    return str(payload)


async def test_an_invitation_lets_in_one_person(api: BotApi, run: Run) -> None:
    """Whoever follows the link first may ask at once; the second is told that it is gone."""
    admin, ada, bob = api.user("Boss"), api.user("Ada"), api.user("Bob", language_code="ar")
    async with run(access="invite", admin_ids=[admin.id]):
        payload = await invited(admin)
        await ada.start(payload)
        welcome = await ada.wait_reply()
        assert welcome.text == f"{ENGLISH('invited')}\n\n{ENGLISH('start')}"
        await ada.say("was it?")
        assert "The gate" in (await ada.wait_reply()).text
        await ada.start(payload)  # again: he is in, and it costs nothing
        assert (await ada.wait_reply()).text == ENGLISH("start")
        await bob.start(payload)
        gone = texts_for("ar")("invitation-gone", id=str(bob.id))
        assert (await bob.wait_reply()).text == gone
        await bob.start("ixxxxxxxxxxxxxxxxxxxxxxxx")
        await bob.say("was it?")
        await admin.say("/invite 0")
        assert (await admin.wait_reply()).text == ENGLISH("invite-usage", most=1000)
        assert bob.unread == []


async def test_an_invitation_for_several(api: BotApi, run: Run) -> None:
    """A link lets in as many as the admin said."""
    admin, people = api.user("Boss"), [api.user(f"User {number}") for number in range(3)]
    async with run(access="invite", admin_ids=[admin.id]):
        payload = await invited(admin, "/invite 2")
        replies = []
        for user in people:
            await user.start(payload)
            replies.append((await user.wait_reply()).text.split("\n")[0])
        gone = ENGLISH("invitation-gone", id=str(people[2].id))
        assert replies == [ENGLISH("invited")] * 2 + [gone]


async def test_who_is_removed_may_ask_no_more(api: BotApi, run: Run) -> None:
    """It holds from the next update on, for buttons and inline mode as well."""
    admin, ada = api.user("Boss"), api.user("Ada")
    async with run(access="invite", admin_ids=[admin.id]):
        await ada.start(await invited(admin))
        await ada.wait_reply()
        await ada.say("was it?")
        answer = await ada.wait_reply()
        for text, said in (
            (f"/remove {ada.id}", "removed"),
            (f"/remove {ada.id}", "remove-unknown"),
            ("/remove Ada", "remove-usage"),
            ("/remove", "remove-usage"),
        ):
            await admin.say(text)
            assert (await admin.wait_reply()).text == ENGLISH(said)
        press = await ada.press(answer, data="up:0123456789")
        assert (await press.wait_answer())["text"] == ENGLISH("stranger-press")
        query = await ada.ask_inline("was it?")
        assert await query.wait_results() == []
        await ada.say("was it?")
        assert (await ada.wait_reply()).text == ENGLISH("stranger", id=str(ada.id))


async def test_only_admins_invite(api: BotApi, run: Run) -> None:
    """To anybody else there is no such command, and in other modes there is no use for it."""
    admin, ada = api.user("Boss"), api.user("Ada")
    async with run(access="open", admin_ids=[admin.id]):
        await admin.say("/invite")
        assert (await admin.wait_reply()).text == ENGLISH("invite-off")
        for text in ("/invite", f"/remove {admin.id}"):
            await ada.say(text)
            assert (await ada.wait_reply()).text == ENGLISH("unknown-command")


async def test_a_gate_that_fails_stays_shut(
    api: BotApi, run: Run, retriever: ScriptedRetriever, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When it can't be looked up who may ask, nobody is answered until it can."""
    tried = asyncio.Event()

    def fail(*_: object) -> bool:
        tried.set()
        raise StoreError("the disk is gone")

    async with run(access="invite"):
        user = api.user()
        with monkeypatch.context() as patched:
            patched.setattr(Invites, "is_member", fail)
            await user.say("was it?")
            await tried.wait()
            tried.clear()
            await tried.wait()
            assert user.unread == []
        assert (await user.wait_reply()).text == ENGLISH("stranger", id=str(user.id))
        assert retriever.questions == []
