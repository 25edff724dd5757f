"""Who may ask and how much, what is kept of people, and what they say of answers.

The bot is a process of its own, over a small real index.
"""

from __future__ import annotations

import asyncio
import json
import random
import signal
from typing import TYPE_CHECKING

import pytest

from bot.texts import ENGLISH, texts_for
from tests.botapi import BotApi, Message, ScriptedUser
from tests.e2e.delivering import FAST, bot_process
from tests.index.made import document, make

if TYPE_CHECKING:
    from pathlib import Path

    from tests.e2e.conftest import Command

pytestmark = pytest.mark.e2e

INDEXED = FAST | {"SCRIPTED_INDEX": "1"}
WELL = "The well behind the mill gives cold water."
MILLER = "The miller draws from it in every summer."
GATE = "The old gate at the north end stood open all night."
ANSWERED = "what gives cold water"
UNANSWERED = "which old gate stood open all night"
KILLS = 12
PEOPLE = 25


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Make an index of the document about the well live."""
    make(tmp_path / ".verbatim", document("well.txt", WELL, MILLER, title="The Well"))
    return tmp_path / ".verbatim"


def add_gate(state: Path) -> None:
    """Make an index live that has the document about the gate as well."""
    make(
        state,
        document("well.txt", WELL, MILLER, title="The Well"),
        document("gate.txt", GATE, title="The Gate"),
    )


async def asked(user: ScriptedUser, text: str) -> Message:
    """Ask in private; return the answer."""
    await user.say(text)
    return await user.wait_reply()


async def told(user: ScriptedUser, message: Message, label: str) -> str:
    """Press a button; return what is said of it."""
    press = await user.press(message, label)
    return str((await press.wait_answer())["text"])


def card_id_of(message: Message) -> str:
    """Return the id that the buttons of a card hold."""
    return str(message.buttons[-1]["callback_data"].split(":")[1])


@pytest.mark.usefixtures("state")
async def test_only_who_was_let_in_is_answered(tmp_path: Path) -> None:
    """By an invitation that lets in one; whoever is shown out finds every way shut, at once."""
    async with BotApi() as api:
        api.enable_inline()
        boss, ada, eve = (api.user(name) for name in ("Boss", "Ada", "Eve"))
        group = api.supergroup("Readers", ada, eve)
        group.add_bot()
        settings = INDEXED | {"ACCESS": "invite", "ADMIN_IDS": str(boss.id)}
        async with bot_process(api, tmp_path, **settings) as bot:
            stranger = ENGLISH("stranger", id=str(ada.id))
            assert (await asked(ada, ANSWERED)).text == stranger
            link = (await asked(boss, "/invite")).text
            payload = link.partition("?start=")[2]
            await ada.start(payload)
            assert (await ada.wait_reply()).text.startswith(ENGLISH("invited"))
            await eve.start(payload)
            assert (await eve.wait_reply()).text.startswith("This invitation is used up")
            card = await asked(ada, ANSWERED)
            assert card.text.startswith(WELL)
            await ada.say(f"/ask {ANSWERED}", to=group)
            in_group = await group.wait_reply()
            assert in_group.text.startswith(WELL)
            assert await told(eve, in_group, "👍") == ENGLISH("stranger-press")

            assert (await asked(boss, f"/remove {ada.id}")).text == ENGLISH("removed")
            for label in ("Context", "👍"):
                assert await told(ada, card, label) == ENGLISH("stranger-press")
            assert await (await ada.ask_inline(ANSWERED)).wait_results() == []
            await ada.say(f"/ask {ANSWERED}", to=group)
            await ada.start("p0123456789")
            assert (await ada.wait_reply()).text == stranger
            await ada.say(ANSWERED)
            assert (await asked(ada, "/privacy")).text.startswith(ENGLISH("privacy"))
            assert group.unread == ada.unread == []
            assert payload[1:] not in bot.log
            assert await bot.end() == 0
        assert payload[1:].encode() not in b"".join(
            path.read_bytes() for path in (tmp_path / ".verbatim").glob("bot.db*")
        )
        assert [call for call in api.calls if call.error_code] == []


@pytest.mark.usefixtures("state")
async def test_a_quota_holds_after_a_kill(tmp_path: Path) -> None:
    """Each question counts once, and who has asked enough is told so in his language."""
    settings = INDEXED | {"QUOTA_PER_USER": "2/day"}
    arabic = texts_for("ar")
    async with BotApi() as api:
        ada, bob = api.user("Ada", language_code="ar"), api.user("Bob")
        async with bot_process(api, tmp_path, **settings) as bot:
            assert (await asked(ada, ANSWERED)).text.startswith(WELL)
            assert (await asked(ada, "/help")).text == arabic("help")
            await bot.end(signal.SIGKILL)
        async with bot_process(api, tmp_path, **settings):
            answer = await asked(ada, ANSWERED)
            if answer.text == arabic("help"):  # the kill fell before it was struck off
                answer = await ada.wait_reply()
            assert answer.text.startswith(WELL)
            enough = arabic("quota-person", when=arabic("in-hours", count=24))
            assert (await asked(ada, ANSWERED)).text == enough
            assert (await asked(bob, ANSWERED)).text.startswith(WELL)


@pytest.mark.usefixtures("state")
async def test_what_is_kept_is_said_and_forgotten(tmp_path: Path) -> None:
    """After /forget nobody's words are in the file, and old buttons say that they are gone."""
    words = "what gives unforgettably cold water"
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path, **INDEXED) as bot:
            assert "90 days" in (await asked(user, "/privacy")).text
            card = await asked(user, words)
            assert await told(user, card, "👍") == ENGLISH("vote-noted")
            sure = await asked(user, "/forget")
            await user.press(sure, ENGLISH("forget-yes"))
            assert (await user.wait_edit()).text == ENGLISH("forgotten")
            assert await told(user, card, "Context") == ENGLISH("card-gone")
            assert await bot.end() == 0
            assert words not in bot.log
        for path in (tmp_path / ".verbatim").glob("bot.db*"):
            assert b"unforgettably" not in path.read_bytes(), path.name


@pytest.mark.usefixtures("state")
async def test_feedback_becomes_golden_questions(tmp_path: Path, verbatim: Command) -> None:
    """A thumb up, a passage chosen instead, and none of them; what conflicts is left out."""
    other = "what does the miller draw from every summer"
    none = "what gives cold water behind the mill"
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        ada, bob = api.user("Ada"), api.user("Bob")
        card = await asked(ada, ANSWERED)
        assert await told(ada, card, "👍") == ENGLISH("vote-noted")

        card = await asked(ada, other)
        await told(ada, card, "👎")
        ask = await ada.wait_reply()
        assert ask.text == ENGLISH("which-right")
        await told(ada, ask, WELL)
        assert (await ada.wait_edit()).text == ENGLISH("right-noted")

        card = await asked(bob, none)
        await told(bob, card, "👎")
        await told(bob, await bob.wait_reply(), ENGLISH("none-right"))
        await bob.wait_edit()

        for user, label in ((ada, "👍"), (bob, "👎")):
            card = await asked(user, "what gives the cold water")
            await told(user, card, label)
        await bob.wait_reply()
        exported = await asyncio.to_thread(
            verbatim, "feedback", "export", "--state", tmp_path / ".verbatim"
        )
    assert exported.returncode == 0
    assert [json.loads(line) for line in exported.stdout.splitlines()] == [
        {"question": ANSWERED, "quotes": [WELL], "note": "feedback"},
        {"question": other, "quotes": [WELL], "note": "feedback"},
        {"question": none, "quotes": [], "note": "feedback"},
    ]
    assert exported.stderr == ("verbatim: left out, votes conflict: what gives the cold water\n")


@pytest.mark.usefixtures("state")
async def test_admins_see_which_document_is_missing(tmp_path: Path) -> None:
    """What had no answer, alike questions together; to others there is no such command."""
    async with BotApi() as api:
        boss, ada = api.user("Boss"), api.user("Ada")
        settings = INDEXED | {"ADMIN_IDS": str(boss.id)}
        async with bot_process(api, tmp_path, **settings) as bot:
            for text in (UNANSWERED, ANSWERED, f"{UNANSWERED}?", "who built the bridge"):
                await asked(ada, text)
            said = (await asked(boss, "/stats")).text
            assert "Questions: 4 in 24 hours, 4 in 7 days, 4 in 30 days\n" in said
            assert "75 % had no answer, and 0 % an unsure one." in said
            assert said.endswith(f"\n2 × {UNANSWERED}?\n1 × who built the bridge")
            assert (await asked(ada, "/stats")).text == ENGLISH("unknown-command")
            assert UNANSWERED not in bot.log


async def test_who_waits_is_told_once_whatever_ends_the_process(
    tmp_path: Path, state: Path
) -> None:
    """Many wait; an index that answers becomes live while the bot is down, and it is killed often.

    Each gets one card. The same message may come twice where a kill fell between Telegram's answer
    and its striking off; another card for the same question never does.
    """
    chance = random.Random(6)
    async with BotApi() as api:
        people = [api.user(f"User {number}") for number in range(PEOPLE)]
        async with bot_process(api, tmp_path, **INDEXED) as bot:
            for user in people:
                refusal = await asked(user, UNANSWERED)
                assert refusal.text == ENGLISH("not-in-documents")
                assert await told(user, refusal, "Tell me when this is answered") == (
                    ENGLISH("tell-noted")
                )
            assert await bot.end() == 0
        add_gate(state)
        cards: dict[int, set[str]] = {user.id: set() for user in people}
        for kill in range(KILLS + 1):
            async with bot_process(api, tmp_path, **INDEXED) as bot:
                if kill < KILLS:
                    await asyncio.sleep(chance.uniform(0.0, 0.1))
                    await bot.end(signal.SIGKILL)
                    continue
                async with asyncio.timeout(60):
                    while not all(cards.values()):
                        for user in people:
                            for message in user.unread:
                                assert message.text.startswith(ENGLISH("now-answered"))
                                assert message.marked("bold") == [GATE]
                                cards[user.id].add(card_id_of(message))
                        await asyncio.sleep(0.02)
                bob = api.user("Bob")
                assert (await asked(bob, ANSWERED)).text.startswith(WELL)
                assert await bot.end() == 0
                assert "Traceback" not in bot.log
        for user in people:  # what was in flight at the last kill may come again after the others
            cards[user.id] |= {card_id_of(message) for message in user.unread}
        assert {len(each) for each in cards.values()} == {1}


async def test_a_promotion_is_told_while_the_bot_runs(tmp_path: Path, state: Path) -> None:
    """In the group and topic of the question, as a reply to it; and whoever asks meanwhile is."""
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        ada, bob = api.user("Ada"), api.user("Bob")
        group = api.supergroup("Readers", ada, bob, is_forum=True)
        group.add_bot()
        topic = group.new_topic("Gates")
        question = await ada.say(f"/ask {UNANSWERED}", to=group, thread_id=topic)
        refusal = await group.wait_reply()
        for user in (ada, bob):
            said = await told(user, refusal, "Tell me when this is answered")
            assert said == ENGLISH("tell-noted")
        await asyncio.to_thread(add_gate, state)
        found = await group.wait_reply(timeout_s=30)
        assert found.text.startswith(f"{ENGLISH('now-answered')}\n\n{GATE}\n— The Gate")
        assert (found.reply_to, found.thread_id) == (question, topic)
        assert (await asked(bob, UNANSWERED)).text.startswith(GATE)
        assert group.unread == []
