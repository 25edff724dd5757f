"""Links to passages: through the real dispatcher, over a real index."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.texts import ENGLISH, texts_for
from index.retriever import LocalRetriever
from tests.bot.running import running
from tests.bot.shelf import FERRY, numbered, shelf, titled
from tests.botapi import BotApi, Message, ScriptedUser
from tests.index.made import document

pytestmark = pytest.mark.usefixtures("quick_disk")

ME = "verbatim_test_bot"


@pytest.fixture
def retriever(tmp_path: Path) -> LocalRetriever:
    """Return an index of three documents."""
    return shelf(tmp_path / "index")


@pytest.fixture
async def api(retriever: LocalRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it."""
    async with BotApi() as server, running(server, retriever, tmp_path):
        yield server


def texts_of(retriever: LocalRetriever, words: str) -> list[str]:
    """Return the passages of a document."""
    library = retriever.library
    return [each.text for each in library.passages_of(titled(library, words).id)]


def payload_in(message: Message) -> str:
    """Return what the message's link to the passage carries."""
    prefix = f"https://t.me/{ME}?start="
    [link] = [each.url for each in message.entities if (each.url or "").startswith(prefix)]
    return str(link).removeprefix(prefix)


def labels(message: Message) -> list[str]:
    """Return what the buttons say."""
    return [button["text"] for button in message.buttons]


async def replies(user: ScriptedUser, count: int) -> list[Message]:
    """Return the bot's next messages, of which there are no more than so many."""
    found = [await user.wait_reply() for _ in range(count)]
    assert user.unread == []
    return found


async def test_a_link_opens_its_passage_in_context(api: BotApi, retriever: LocalRetriever) -> None:
    """One paragraph before it and one behind; nothing is highlighted, and no thumbs are asked."""
    ada, bob = api.user("Ada"), api.user("Bob")
    await ada.say("who deserted with 150 soldiers")
    payload = payload_in(await ada.wait_reply())
    await bob.start(payload)
    [opened] = await replies(bob, 1)
    assert opened.marked("blockquote") == texts_of(retriever, "siege")
    assert opened.marked("bold") == []
    assert "— The Siege of Hama\n2011-08-03 · ¶ 2 of 3" in opened.text
    assert payload_in(opened) == payload
    assert labels(opened) == ["Less", "Source"]
    press = await bob.press(opened, "Less")
    await press.wait_answer()
    assert (await bob.wait_edit()).marked("blockquote") == texts_of(retriever, "siege")[1:2]


async def test_a_link_outlives_rebuilds(
    api: BotApi, retriever: LocalRetriever, tmp_path: Path
) -> None:
    """As long as the text stands, whatever stands around it."""
    user = api.user()
    await user.say("who deserted with 150 soldiers")
    payload = payload_in(await user.wait_reply())
    (_, text, _) = texts_of(retriever, "siege")
    now = document("hama.txt", "Something else now.", text, title="Renamed")
    retriever.__dict__.update(shelf(tmp_path / "again", FERRY, now).__dict__)
    await user.start(payload)
    [opened] = await replies(user, 1)
    assert opened.marked("blockquote") == ["Something else now.", text]


async def test_a_link_to_what_is_gone_shows_the_closest(
    api: BotApi, retriever: LocalRetriever, tmp_path: Path
) -> None:
    """It is found by how the passage began; that it is another one is said."""
    user = api.user()
    await user.say("who deserted with 150 soldiers")
    payload = payload_in(await user.wait_reply())
    changed = document(
        "hama.txt",
        "The army shelled the city.",
        "Colonel Harmoush deserted with 150 soldiers.",
        title="The Siege of Hama",
    )
    retriever.__dict__.update(shelf(tmp_path / "again", FERRY, changed).__dict__)
    await user.start(payload)
    said, closest = await replies(user, 2)
    assert said.text == ENGLISH("link-gone-closest")
    assert "Colonel Harmoush deserted with 150 soldiers." in closest.marked("blockquote")
    assert payload_in(closest) != payload
    await user.start(payload_in(closest))
    [opened] = await replies(user, 1)
    assert opened.text == closest.text


async def test_a_link_outlives_the_name_of_a_document(
    api: BotApi, retriever: LocalRetriever, tmp_path: Path
) -> None:
    """The passage is another one by its id, but it stands there word for word."""
    user = api.user()
    await user.say("who deserted with 150 soldiers")
    answer = await user.wait_reply()
    [quoted] = answer.marked("blockquote")
    renamed = document("army/hama-2011.txt", "Nothing of it.", quoted, title="Hama, renamed")
    retriever.__dict__.update(shelf(tmp_path / "again", FERRY, renamed).__dict__)
    await user.start(payload_in(answer))
    [opened] = await replies(user, 1)
    assert opened.marked("blockquote") == ["Nothing of it.", quoted]
    assert payload_in(opened) != payload_in(answer)


async def test_a_link_to_what_never_was_says_no_more(api: BotApi) -> None:
    """Nobody knows what it said, so nothing is shown in its place; in the reader's language."""
    user = api.user(language_code="ar")
    await user.start("p0123456789abcdef")
    [said] = await replies(user, 1)
    assert said.text == texts_for("ar")("link-gone")


@pytest.mark.parametrize("payload", ["p", "x0123", "ask", "p_", "P0123456789abcdef"])
async def test_other_payloads_are_greeted(api: BotApi, payload: str) -> None:
    """Or, where they may be a passage's, looked up in vain."""
    user = api.user()
    await user.start(payload)
    [said] = await replies(user, 1)
    assert said.text == ENGLISH("link-gone" if payload == "p_" else "start")


async def test_every_hit_of_an_answer_has_a_link_that_is_known(
    api: BotApi, retriever: LocalRetriever, tmp_path: Path
) -> None:
    """Also those that are paged to."""
    user = api.user()
    retriever.__dict__.update(shelf(tmp_path / "more", *numbered(5)).__dict__)
    await user.say("stands here Word003 Word004")
    reply = await user.wait_reply()
    payloads = {payload_in(reply)}
    while "▶" in labels(reply):
        press = await user.press(reply, "▶")
        await press.wait_answer()
        reply = await user.wait_edit()
        payloads.add(payload_in(reply))
    assert len(payloads) > 1
    other = document("other.txt", "Nothing of the kind.", title="Other")
    retriever.__dict__.update(shelf(tmp_path / "again", other).__dict__)
    for payload in payloads:
        await user.start(payload)
        said, _ = await replies(user, 2)
        assert said.text == ENGLISH("link-gone-closest")


async def test_a_link_in_a_group_is_answered_there(api: BotApi, retriever: LocalRetriever) -> None:
    """As a reply, in the topic where it was followed."""
    ada = api.user("Ada")
    group = api.supergroup("Readers", ada, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Syria")
    library = retriever.library
    passage = library.passages_of(titled(library, "siege").id)[0]
    await ada.say(f"/start@{ME} p{passage.id}", to=group, thread_id=topic)
    reply = await group.wait_reply()
    assert (reply.thread_id, reply.marked("blockquote")[0]) == (topic, passage.text)
