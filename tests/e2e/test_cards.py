"""Answer cards from the real process: their buttons, verdicts, and whom they answer in groups."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.texts import ENGLISH, texts_for
from index.text import sha256_hex
from tests.botapi import BotApi, Message, ScriptedGroup, ScriptedUser
from tests.e2e.delivering import FAST, bot_process
from tests.index.made import document, make

if TYPE_CHECKING:
    from pathlib import Path

    from index.documents import ParsedDocument

pytestmark = pytest.mark.e2e

INDEXED = FAST | {"SCRIPTED_INDEX": "1", "ANSWERED_CONFIDENCE": "0", "UNSURE_CONFIDENCE": "0"}
GATE = (
    "It was late when the guard went home.",
    "The old gate at the north end stood open all night.",
    "Nobody came through it until the morning.",
)
WELL = (
    "The well behind the mill gives cold water.",
    "The new gate at the south end stood open all night.",
)
QUESTION = "which old gate stood open all night"


def gate(*paragraphs: str) -> ParsedDocument:
    """Return the document about the gate."""
    return document("gate.txt", *(paragraphs or GATE), title="The Gate")


def well() -> ParsedDocument:
    """Return the document about the well."""
    return document("well.txt", *WELL, title="The Well")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """Index the two documents, whose files are in the default folder."""
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    checksums = {}
    for name, paragraphs in (("gate.txt", GATE), ("well.txt", WELL)):
        content = "\n\n".join(paragraphs)
        (seeds / name).write_text(content, "utf-8")
        checksums[name] = sha256_hex(content)
    make(tmp_path / ".verbatim", gate(), well(), seeds=checksums)
    return tmp_path / ".verbatim"


async def asked(user: ScriptedUser, text: str = QUESTION) -> Message:
    """Ask in private; return the answer."""
    await user.say(text)
    return await user.wait_reply()


async def pressed(user: ScriptedUser, card: Message, label: str) -> Message:
    """Press a button and return the card as it becomes."""
    press = await user.press(card, label)
    assert "text" not in await press.wait_answer()
    return await user.wait_edit()


async def toast(user: ScriptedUser, card: Message, label: str) -> str:
    """Press a button; return what is said of it."""
    press = await user.press(card, label)
    return str((await press.wait_answer()).get("text", ""))


def labels(card: Message) -> list[str]:
    """Return the texts of the buttons."""
    return [button["text"] for button in card.buttons]


@pytest.mark.usefixtures("state")
async def test_an_answer_is_a_card(tmp_path: Path) -> None:
    """The passage in a quote, its sentence bold, its source below; pages, context, document."""
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        user = api.user()
        card = await asked(user)
        assert card.text == f"{GATE[1]}\n— The Gate\n¶ 2 of 3"
        assert card.marked("blockquote") == card.marked("bold") == [GATE[1]]
        pages = labels(card)[0]
        assert pages.startswith("1 of ")
        assert labels(card)[1:] == ["▶", "Context", "Source", "👍", "👎"]

        await pressed(user, card, "Context")
        assert card.marked("blockquote") == list(GATE)
        assert card.marked("bold") == [GATE[1]]
        await pressed(user, card, "Less")
        await pressed(user, card, "▶")
        assert card.marked("bold") != [GATE[1]]
        await pressed(user, card, "◀")
        assert (card.marked("bold"), labels(card)[0]) == ([GATE[1]], pages)

        await user.press(card, "Source")
        sent = await user.wait_reply()
        assert sent.document is not None
        assert (sent.document.name, sent.reply_to) == ("gate.txt", card)
        assert await toast(user, card, "Source") == ENGLISH("document-sent")
        assert user.unread == []
        assert [call for call in api.calls if call.error_code] == []


async def test_buttons_survive_a_restart_and_a_rebuild(tmp_path: Path, state: Path) -> None:
    """What a rebuild leaves is shown from the new index; what it takes away says so."""
    async with BotApi() as api:
        user = api.user()
        async with bot_process(api, tmp_path, **INDEXED) as bot:
            card = await asked(user)
            await bot.end()
        make(state, gate("The guard's dog was awake.", *GATE), well())
        async with bot_process(api, tmp_path, **INDEXED) as bot:
            await pressed(user, card, "Context")
            assert card.text.startswith(f"¶ 2\n{GATE[0]}\n¶ 3\n{GATE[1]}\n¶ 4\n{GATE[2]}\n— The")
            generation = make(state, gate("All night which old gate stood open?"), well())
            await bot.wait_log(f"answering from {generation.name}")
            await pressed(user, card, "Less")
            assert card.text == ENGLISH("passage-gone")
            await pressed(user, card, "Ask again")
            assert card.text.startswith("All night which old gate stood open?\n— The Gate")
            assert [call for call in api.calls if call.error_code] == []


@pytest.mark.usefixtures("state")
async def test_a_doubt_is_said(tmp_path: Path) -> None:
    """What may be no answer is called the closest passage, in the asker's language."""
    settings = INDEXED | {"ANSWERED_CONFIDENCE": "1"}
    async with BotApi() as api, bot_process(api, tmp_path, **settings):
        for language in ("en", "ar"):
            texts = texts_for(language)
            card = await asked(api.user(language_code=language))
            doubt = f"{texts('unsure')} {texts('closest-passage')}\n\n"
            assert card.text.startswith(f"{doubt}{GATE[1]}\n— The Gate")


@pytest.mark.usefixtures("state")
async def test_a_refusal_names_titles_behind_a_button(tmp_path: Path) -> None:
    """Nothing is quoted; who is curious gets the closest titles, who waits can say so."""
    settings = INDEXED | {"ANSWERED_CONFIDENCE": "1", "UNSURE_CONFIDENCE": "1"}
    async with BotApi() as api, bot_process(api, tmp_path, **settings):
        user = api.user()
        card = await asked(user)
        assert card.text == "Not in these documents."
        assert labels(card) == ["Closest documents", "Tell me when this is answered"]
        await pressed(user, card, "Closest documents")
        assert card.text == "Not in these documents. The closest are:\n• The Gate\n• The Well"


async def test_sources_that_differ_stand_together(tmp_path: Path, state: Path) -> None:
    """Both are quoted, the newest first, under a line that says so."""
    old, new = (f"An estimated {n} people were killed in Hama." for n in (300, 100))
    make(
        state,
        document("old.txt", old, title="Old", published="2011-06-01"),
        document("new.txt", new, title="New", published="2012-01-01"),
    )
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        card = await asked(api.user(), "how many people were killed in hama")
        assert card.text == (
            "The sources differ. The newest comes first:\n\n"
            f"{new}\n— New\n2012-01-01 · ¶ 1 of 1\n\n"
            f"{old}\n— Old\n2011-06-01 · ¶ 1 of 1"
        )


async def test_a_long_passage_is_read_through(tmp_path: Path, state: Path) -> None:
    """Around its highlight at first; then on demand all of it, to the last word."""
    words = [f"{'x' * 100}{n}" for n in range(200)]
    long = " ".join([*words, "end. The gate stood open."])
    make(state, document("long.txt", long, title="Long"))
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        user = api.user()
        card = await asked(user, "gate stood open")
        assert long.endswith(card.text.partition("[…] ")[2].partition("\n— Long")[0])
        await pressed(user, card, "Show more")
        read: list[str] = []
        while True:
            [quote] = card.marked("expandable_blockquote") or card.marked("blockquote")
            read.insert(0, quote.removeprefix("[…] ").removesuffix(" […]"))
            if "↑ Earlier" not in labels(card):
                break
            await pressed(user, card, "↑ Earlier")
        assert " ".join(read) == long


@pytest.mark.usefixtures("state")
async def test_an_edited_question_edits_its_answer(tmp_path: Path) -> None:
    """In the same message; an edit that can't be followed is told why, and leaves the answer."""
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED):
        user = api.user()
        question = await user.say(QUESTION)
        card = await user.wait_reply()
        await user.edit(question, "what gives cold water")
        assert await user.wait_edit() is card
        assert card.text.startswith(WELL[0])
        await user.edit(question, f"in:cairo {QUESTION}")
        why = await user.wait_reply()
        assert why.text.startswith(ENGLISH("title-unknown", words="cairo"))
        assert why.reply_to == question
        await user.edit(question, "/help")
        await user.say("/help")
        assert (await user.wait_reply()).text == ENGLISH("help")
        assert card.text.startswith(WELL[0])


async def heard(api: BotApi, group: ScriptedGroup, user: ScriptedUser) -> list[Message]:
    """Return what the bot has written in a group by the time it has heard all before."""
    await user.say("/help")
    assert (await user.wait_reply()).text == ENGLISH("help")
    assert [call for call in api.calls if call.error_code] == []
    return group.unread


@pytest.mark.usefixtures("state")
@pytest.mark.parametrize("kind", ["group", "forum"])
async def test_a_group_is_answered_when_it_asks(tmp_path: Path, kind: str) -> None:
    """`/ask`, a reply and a mention are answered in their topic, in reply; nothing else is."""
    async with BotApi() as api, bot_process(api, tmp_path, **INDEXED) as bot:
        ada, bob = api.user("Ada"), api.user("Bob")
        is_forum = kind == "forum"
        group = (
            api.supergroup("Readers", ada, bob, is_forum=True)
            if is_forum
            else api.group("Readers", ada, bob)
        )
        group.add_bot(is_administrator=True)  # so that it hears everything
        topic = group.new_topic("Gates") if is_forum else 0
        me = api.world.bot.username
        for text in (f"/ask {QUESTION}", f"/ask@{me} {QUESTION}", f"@{me} {QUESTION}?"):
            question = await ada.say(text, to=group, thread_id=topic)
            card = await group.wait_reply()
            assert card.marked("bold") == [GATE[1]]
            assert (card.reply_to, card.thread_id) == (question, topic)
        follow_up = await bob.say(
            "what gives cold water", to=group, reply_to=card, thread_id=topic
        )
        card = await group.wait_reply()
        assert (card.reply_to, card.thread_id) == (follow_up, topic)
        assert card.marked("bold") == [WELL[0]]

        await ada.say(QUESTION, to=group, thread_id=topic)
        talk = await bob.say("the gate, I think", to=group, thread_id=topic)
        await ada.say("which gate?", to=group, reply_to=talk, thread_id=topic)
        await ada.say("/ask@another_bot which gate?", to=group, thread_id=topic)
        await ada.say("/weather", to=group, thread_id=topic)
        await ada.say("@another_bot which gate?", to=group, thread_id=topic)
        assert await heard(api, group, ada) == []

        assert await toast(ada, card, "Context") == ENGLISH("not-yours")
        assert await toast(bob, card, "Context") == ""
        await bob.edit(follow_up, QUESTION)
        await api.calls.wait_for(
            "editMessageText", lambda _: len(api.calls.of("editMessageText")) == 2
        )
        assert card.marked("bold") == [GATE[1]]
        assert await heard(api, group, ada) == []
        assert QUESTION not in bot.log
