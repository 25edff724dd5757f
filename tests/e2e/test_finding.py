"""Finding things, in the real process: sources, links, inline mode, limits, talk, claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.texts import ENGLISH
from tests.bot.shelf import FERRY, HAMA
from tests.botapi import BotApi, Message, ScriptedUser
from tests.e2e.delivering import FAST, bot_process
from tests.index.made import document, make

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

INDEXED = FAST | {"SCRIPTED_INDEX": "1"}
SOLDIERS = "who deserted with 150 soldiers"
DESERTED = "Colonel Harmoush had deserted with 150 soldiers <before> that. He fled to Turkey."
FOG = "Captain Haddad blamed the fog."


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Index two documents."""
    (tmp_path / "seeds").mkdir()
    make(tmp_path / ".verbatim", FERRY, HAMA)
    return tmp_path / ".verbatim"


async def asked(user: ScriptedUser, text: str, *, reply_to: Message | None = None) -> Message:
    """Say something in private; return the reply."""
    await user.say(text, reply_to=reply_to)
    return await user.wait_reply()


async def pressed(user: ScriptedUser, message: Message, label: str) -> Message:
    """Press a button and return the message as it becomes."""
    press = await user.press(message, label)
    assert "text" not in await press.wait_answer()
    return await user.wait_edit()


def payload_in(message: Message) -> str:
    """Return what the link to the passage carries."""
    prefix = "https://t.me/verbatim_test_bot?start="
    [link] = [each.url for each in message.entities if (each.url or "").startswith(prefix)]
    return str(link).removeprefix(prefix)


def refused(api: BotApi) -> list[str]:
    """Return what the server has refused."""
    return [call.method for call in api.calls if call.error_code]


async def test_sources_are_read_over_a_restart_and_a_rebuild(tmp_path: Path, state: Path) -> None:
    """The list, a document, its passages; and a question that replies to it."""
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path, **INDEXED) as bot:
            listed = await asked(user, "/sources")
            assert listed.text.startswith("I answer from 2 documents:\n1. A Ferry in the Fog")
            opened = await pressed(user, listed, "1")
            await bot.end()
        make(state, document("a.txt", "Something new stands here.", title="News"), FERRY, HAMA)
        async with bot_process(api, tmp_path, **INDEXED):
            assert (await pressed(user, opened, "▶")).marked("blockquote") == [FOG]
            answer = await asked(user, "who blamed the fog", reply_to=opened)
            assert "in: A Ferry in the Fog" in answer.text.split("\n")
            assert answer.marked("blockquote") == [FOG]
            assert (await asked(user, "/source 3")).marked("bold") == ["The Siege of Hama"]
            assert refused(api) == []


async def test_a_link_outlives_a_rebuild_until_its_text_is_gone(
    tmp_path: Path, state: Path
) -> None:
    """Then it says so, and shows the closest."""
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED) as bot:
        ada, bob = api.user("Ada"), api.user("Bob", language_code="ar")
        payload = payload_in(await asked(ada, SOLDIERS))
        news = document("hama.txt", "First of all, this.", DESERTED, title="Hama")
        generation = make(state, FERRY, news)
        await bot.wait_log(f"answering from {generation.name}")
        await bob.start(payload)
        opened = await bob.wait_reply()
        assert opened.marked("blockquote") == ["First of all, this.", DESERTED]
        other = document("hama.txt", "Harmoush deserted with soldiers, 150.", title="Hama")
        generation = make(state, FERRY, other)
        await bot.wait_log(f"answering from {generation.name}")
        await ada.start(payload)
        assert (await ada.wait_reply()).text == ENGLISH("link-gone-closest")
        closest = await ada.wait_reply()
        assert closest.marked("blockquote") == ["Harmoush deserted with soldiers, 150."]
        assert refused(api) == []


@pytest.mark.usefixtures("state")
async def test_inline_mode_lists_and_posts(tmp_path: Path) -> None:
    """In a group where the bot is not; an empty query lists the newest documents."""
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        api.enable_inline()
        ada = api.user("Ada")
        group = api.supergroup("Readers", ada)
        query = await ada.ask_inline(SOLDIERS, to=group)
        first, *_ = await query.wait_results()
        posted = await ada.choose(query, first["id"], to=group)
        assert posted.marked("blockquote") == [DESERTED]
        assert posted.text.endswith("— The Siege of Hama\n2011-08-03 · ¶ 2 of 3")
        recent = await (await ada.ask_inline("")).wait_results()
        assert [each["title"] for each in recent] == ["The Siege of Hama", "A Ferry in the Fog"]
        assert refused(api) == []


@pytest.mark.usefixtures("state")
async def test_a_question_is_limited(tmp_path: Path) -> None:
    """By title and date; a title that there is not gets the closest."""
    settings = INDEXED | {"ANSWERED_CONFIDENCE": "0", "UNSURE_CONFIDENCE": "0"}
    async with BotApi() as api, bot_process(api, tmp_path, **settings):
        user = api.user()
        both = "soldiers deserted and Haddad blamed the fog"
        for limits, line, title in (
            ("in:siege", "in: The Siege of Hama", "The Siege of Hama"),
            ("before:2000", "before 2000", "A Ferry in the Fog"),
        ):
            answer = await asked(user, f"{limits} {both}")
            assert answer.text.startswith(f"{line}\n\n")
            assert answer.marked("italic") == [title]
        said = await asked(user, f"in:cairo {both}")
        assert said.text.startswith(ENGLISH("title-unknown", words="cairo"))
        assert {each["text"] for each in said.buttons} <= {"1", "2"}
        assert refused(api) == []


async def test_a_conversation_goes_on_over_a_restart(tmp_path: Path, state: Path) -> None:
    """By what was said before, until /new."""
    maas = document("maas.txt", "He was born in Velden in 1931.", title="Peter Maas")
    make(state, FERRY, HAMA, maas)
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path, **INDEXED) as bot:
            await asked(user, "who is Peter Maas?")
            await bot.end()
        async with bot_process(api, tmp_path, **INDEXED):
            understood, *_ = (await asked(user, "when was he born?")).text.split("\n")
            assert understood.startswith("Understood as: ")
            assert "Peter Maas" in understood
            assert (await asked(user, "/new")).text == ENGLISH("new-begun")
            assert "Understood as" not in (await asked(user, "when was he born?")).text


@pytest.mark.usefixtures("state")
async def test_a_claim_is_checked(tmp_path: Path) -> None:
    """Forwarded in private, and by /check in reply to it in a group."""
    claim = "Harmoush deserted with 150 soldiers. Penguins juggle violet saxophones."
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        ada, bob = api.user("Ada"), api.user("Bob")
        group = api.supergroup("Readers", ada, bob)
        group.add_bot()
        said = await bob.say(claim, to=group)
        await ada.say("/check", to=group, reply_to=said)
        await ada.forward(said)
        for reply in (await group.wait_reply(), await ada.wait_reply()):
            assert reply.marked("blockquote") == [DESERTED]
            assert f"saxophones.\n{ENGLISH('claim-nothing')}" in reply.text
            assert reply.text.endswith(ENGLISH("claim-note"))
        assert refused(api) == []
