"""Checking a claim: through the real dispatcher, over a real index."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.questions.claims import sentences_of
from bot.texts import ENGLISH, texts_for
from index.errors import QuestionError
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever, make_answer, make_hit
from tests.bot.shelf import shelf
from tests.botapi import BotApi, Message, ScriptedUser

pytestmark = pytest.mark.usefixtures("quick_disk")

CLAIM = (
    "Colonel Harmoush had deserted with 150 soldiers. "
    "Penguins juggle violet saxophones! "
    "The ferry ran aground near Beirut."
)


@pytest.fixture
async def api(tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it."""
    async with BotApi() as server, running(server, shelf(tmp_path / "index"), tmp_path):
        yield server


async def reply_to(user: ScriptedUser) -> Message:
    """Return the bot's only reply."""
    reply = await user.wait_reply()
    assert user.unread == []
    return reply


def assert_checked(reply: Message) -> None:
    """Hold that it says what the sources say of the three sentences of `CLAIM`."""
    assert reply.marked("bold") == [
        "1.",
        "Colonel Harmoush had deserted with 150 soldiers <before> that.",
        "2.",
        "3.",
        "The ferry ran aground near Beirut on Monday night.",
    ]
    first, second, third, note = reply.text.split("\n\n")
    assert first.startswith("1. Colonel Harmoush had deserted with 150 soldiers.\n")
    assert first.endswith("— The Siege of Hama\n2011-08-03 · ¶ 2 of 3")
    assert second == f"2. Penguins juggle violet saxophones!\n{ENGLISH('claim-nothing')}"
    assert third.endswith("— A Ferry in the Fog\n1996-04 · ¶ 1 of 2")
    assert note == ENGLISH("claim-note")


async def test_a_forwarded_message_is_checked_sentence_by_sentence(api: BotApi) -> None:
    """The closest passage of each, its source, or that there is nothing; hidden senders too."""
    ada, bob = api.user("Ada"), api.user("Bob")
    said = await bob.say(f"/start {CLAIM}"[:6])
    await bob.wait_reply()
    said.content = said.content.__class__(text=CLAIM)
    for is_hidden in (False, True):
        await ada.forward(said, is_hidden=is_hidden)
        reply = await reply_to(ada)
        assert_checked(reply)
        assert reply.reply_to is not None


async def test_check_in_reply_to_a_message(api: BotApi) -> None:
    """In a group and its topics, whoever wrote it; as a reply to who asks."""
    ada, bob = api.user("Ada"), api.user("Bob")
    group = api.supergroup("Readers", ada, bob, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Syria")
    claim = await bob.say(CLAIM, to=group, thread_id=topic)
    asking = await ada.say("/check", to=group, thread_id=topic, reply_to=claim)
    reply = await group.wait_reply()
    assert_checked(reply)
    assert (reply.thread_id, reply.reply_to) == (topic, asking)


async def test_check_of_what_follows_the_command(api: BotApi) -> None:
    """Which counts more than what it replies to."""
    user = api.user()
    other = await user.say("/help")
    await user.wait_reply()
    await user.say(f"/check {CLAIM}", reply_to=other)
    assert_checked(await reply_to(user))


@pytest.mark.parametrize("text", ["/check", "/check  ", "/check ...!", "/check 👍👍"])
async def test_a_claim_without_words_is_asked_for(api: BotApi, text: str) -> None:
    """Nothing is searched."""
    user = api.user(language_code="ar")
    await user.say(text)
    assert (await reply_to(user)).text == texts_for("ar")("check-usage")


async def test_what_is_no_text_cannot_be_checked(api: BotApi) -> None:
    """Forwarded or replied to."""
    ada, bob = api.user("Ada"), api.user("Bob")
    picture = await bob.send("photo")
    await bob.wait_reply()
    await ada.forward(picture)
    assert (await reply_to(ada)).text == ENGLISH("only-text")
    await bob.say("/check", reply_to=picture)
    assert (await reply_to(bob)).text == ENGLISH("check-usage")


async def test_a_caption_is_checked(api: BotApi) -> None:
    """As a text is."""
    ada, bob = api.user("Ada"), api.user("Bob")
    sent = await bob.send_document(b"x", name="x.bin", caption=CLAIM)
    await bob.wait_reply()
    await ada.forward(sent)
    assert_checked(await reply_to(ada))


async def test_the_first_ten_sentences_are_checked(tmp_path: Path) -> None:
    """In messages that fit, none cut; the last one says how many there are."""
    retriever = ScriptedRetriever(make_answer(make_hit("It is <&> late. " * 150)))
    async with BotApi() as api, running(api, retriever, tmp_path):
        user = api.user()
        claim = " ".join(f"Sentence {number} says much{' & more' * 35}." for number in range(13))
        await user.say(f"/check {claim}")
        replies = [await user.wait_reply()]
        while ENGLISH("claim-note") not in replies[-1].text:
            replies.append(await user.wait_reply())
        assert len(replies) > 1
        numbers = [each for reply in replies for each in reply.marked("bold") if each[0].isdigit()]
        assert numbers == [f"{number}." for number in range(1, 11)]
        assert replies[-1].text.endswith(ENGLISH("claim-first", count=10, sentences=13))
        assert len(retriever.questions) == 10


async def test_sentences_are_searched_as_one_batch(tmp_path: Path) -> None:
    """All are asked at once; one that can't be searched is no fault of the others."""
    retriever = ScriptedRetriever()
    retriever.error = QuestionError("no")
    async with BotApi() as api, running(api, retriever, tmp_path):
        user = api.user()
        await user.say("/check One. Two.")
        reply = await user.wait_reply()
        assert reply.text.count(ENGLISH("claim-nothing")) == 2


async def test_arabic_claims_are_checked(api: BotApi) -> None:
    """In their own words, by Arabic documents."""
    user = api.user(language_code="ar")
    await user.say("/check قصفت الدبابات مدينة حماة! هل قتل ثلاثمئة شخص؟")
    reply = await reply_to(user)
    passage = "قصفت الدبابات مدينة حماة يوم الأحد. قتل ثلاثمئة شخص."
    assert reply.marked("blockquote") == [passage, passage]
    assert reply.text.endswith(texts_for("ar")("claim-note"))


async def test_nobody_elses_talk_is_checked(api: BotApi) -> None:
    """A forward in a group is not for the bot."""
    ada = api.user("Ada")
    group = api.group("Readers", ada)
    group.add_bot()
    said = await ada.say(CLAIM, to=group)
    await ada.forward(said, to=group)
    await ada.say("/check@verbatim_test_bot The ferry ran aground near Beirut.", to=group)
    reply = await group.wait_reply()
    assert reply.text.startswith("1. The ferry")
    assert group.unread == []


def test_sentences_end_with_their_lines() -> None:
    """What has neither letters nor digits is no sentence."""
    assert sentences_of("One\n\nTwo. Three!\n---\n👍 4") == ["One", "Two.", "Three!", "👍 4"]
    assert sentences_of("") == []
