"""The list of documents, and reading one: through the real dispatcher."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bot.texts import ENGLISH, texts_for
from index.retriever import LocalRetriever
from tests.bot.running import running
from tests.bot.shelf import FERRY, HAMA, numbered, shelf, titled
from tests.botapi import BotApi, Message, ScriptedUser
from tests.index.made import document

pytestmark = pytest.mark.usefixtures("quick_disk")


@pytest.fixture
def retriever(tmp_path: Path) -> LocalRetriever:
    """Return an index of three documents."""
    return shelf(tmp_path / "index")


@pytest.fixture
async def api(retriever: LocalRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it."""
    async with BotApi() as server, running(server, retriever, tmp_path):
        yield server


@asynccontextmanager
async def bot_over(retriever: LocalRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start a server, and a bot that answers from another index."""
    async with BotApi() as server, running(server, retriever, tmp_path):
        yield server


async def asked(user: ScriptedUser, text: str) -> Message:
    """Say something to the bot; return its only reply."""
    await user.say(text)
    reply = await user.wait_reply()
    assert user.unread == []
    return reply


async def pressed(user: ScriptedUser, message: Message, label: str) -> Message:
    """Press a button; return the message as it is then."""
    press = await user.press(message, label)
    assert (await press.wait_answer()).get("text") is None
    return await user.wait_edit()


def labels(message: Message) -> list[str]:
    """Return what the buttons say."""
    return [button["text"] for button in message.buttons]


async def test_sources_lists_the_documents_with_a_button_each(api: BotApi) -> None:
    """In the order of their paths: title, date, and how much each holds."""
    reply = await asked(api.user(), "/sources")
    assert reply.text == (
        "I answer from 3 documents:\n"
        "1. A Ferry in the Fog · 1996-04 – 2 passages\n"
        "2. The Siege of Hama · 2011-08-03 – 3 passages\n"
        "3. حصار حماة – 1 passage"
    )
    assert labels(reply) == ["1", "2", "3"]


async def test_many_sources_are_paged(tmp_path: Path) -> None:
    """Ten a page; the buttons change the page in place, and there is none beyond the ends."""
    async with bot_over(shelf(tmp_path / "index", *numbered(23)), tmp_path) as api:
        user = api.user()
        first = await asked(user, "/sources")
        assert first.text.split("\n")[1:3] == ["1. 001 – 1 passage", "2. 002 – 1 passage"]
        assert first.text.endswith("\n\nPage 1 of 3")
        assert labels(first) == [*map(str, range(1, 11)), "▶"]
        assert [len(row) for row in (first.reply_markup or {})["inline_keyboard"]] == [5, 5, 1]
        second = await pressed(user, first, "▶")
        assert second.message_id == first.message_id
        assert labels(second) == [*map(str, range(11, 21)), "◀", "▶"]
        third = await pressed(user, second, "▶")
        assert third.text.split("\n") == [
            "I answer from 23 documents:",
            *(f"{n}. {n:03} – 1 passage" for n in (21, 22, 23)),
            "",
            "Page 3 of 3",
        ]
        assert labels(third) == ["21", "22", "23", "◀"]
        assert labels(await pressed(user, third, "◀")) == [*map(str, range(11, 21)), "◀", "▶"]


async def test_long_addresses_leave_the_list_within_its_limit(tmp_path: Path) -> None:
    """Then there are no links; a document that is opened has its own."""
    url = "https://example.org/?" + "a&" * 1000
    long = [
        replace(
            each, document=replace(each.document, source=replace(each.document.source, url=url))
        )
        for each in numbered(10)
    ]
    async with bot_over(shelf(tmp_path / "index", *long), tmp_path) as api:
        user = api.user()
        listed = await asked(user, "/sources")
        assert listed.text.split("\n")[1] == "1. 001 – 1 passage"
        assert listed.entities[1:] == ()
        opened = await pressed(user, listed, "1")
        assert url in [each.url for each in opened.entities]


async def test_a_document_is_read_passage_by_passage(
    api: BotApi, retriever: LocalRetriever
) -> None:
    """What is known of it, then each passage word for word with its link, there and back."""
    user = api.user()
    listed = await asked(user, "/sources")
    opened = await pressed(user, listed, "2")
    passages = retriever.library.passages_of(titled(retriever.library, "siege").id)
    assert opened.text == (
        "The Siege of Hama\n2011-08-03 · 3 passages\n\n" + passages[0].text + "\n¶ 1 of 3"
    )
    assert opened.marked("bold") == ["The Siege of Hama"]
    assert opened.marked("blockquote") == [passages[0].text]
    [link] = [each for each in opened.entities if each.type == "text_link"]
    assert link.url == f"https://t.me/verbatim_test_bot?start=p{passages[0].id}"
    assert labels(opened) == ["▶", "All sources"]
    second = await pressed(user, opened, "▶")
    assert second.marked("blockquote") == [passages[1].text]
    assert labels(second) == ["◀", "▶", "All sources"]
    third = await pressed(user, second, "▶")
    assert third.marked("blockquote") == [passages[2].text]
    assert labels(third) == ["◀", "All sources"]
    assert (await pressed(user, third, "◀")).marked("blockquote") == [passages[1].text]
    assert (await pressed(user, third, "All sources")).text == listed.text


@pytest.mark.parametrize("words", ["2", "٢", "siege", "hama OF siege!"])
async def test_a_document_is_opened_by_number_or_title(api: BotApi, words: str) -> None:
    """In a message of its own."""
    reply = await asked(api.user(), f"/source {words}")
    assert reply.marked("bold") == ["The Siege of Hama"]


@pytest.mark.parametrize("number", ["0", "4", "99999999999999999999999999"])
async def test_a_number_that_is_not_listed_is_said(api: BotApi, number: str) -> None:
    """With what there is."""
    assert (await asked(api.user(), f"/source {number}")).text == (
        "There is no such number: I answer from 3 documents. /sources lists them."
    )


async def test_source_without_words_says_how(api: BotApi) -> None:
    """No document is opened."""
    assert (await asked(api.user(), "/source")).text == ENGLISH("source-usage")


async def test_an_unknown_title_gets_the_closest(api: BotApi) -> None:
    """As buttons that open them, in a new message's place."""
    user = api.user()
    reply = await asked(user, "/source Hama <tanks>")
    heading, first, *_ = reply.text.split("\n")
    assert heading == "No document has “Hama <tanks>” in its title. The closest are:"
    assert first == "2. The Siege of Hama · 2011-08-03 – 3 passages"
    assert (await pressed(user, reply, "2")).marked("bold") == ["The Siege of Hama"]


async def test_several_titles_are_offered(tmp_path: Path) -> None:
    """The shortest first, under their numbers in the list."""
    more = document("fog.txt", "It was thick.", title="Fog")
    async with bot_over(shelf(tmp_path / "index", FERRY, HAMA, more), tmp_path) as api:
        reply = await asked(api.user(), "/source fog")
        assert reply.text.split("\n") == [
            "Several documents have “fog” in their titles:",
            "2. Fog – 1 passage",
            "1. A Ferry in the Fog · 1996-04 – 2 passages",
        ]
        assert labels(reply) == ["2", "1"]


async def test_a_long_passage_is_read_in_parts(tmp_path: Path) -> None:
    """Whole words, nothing left out, the same buttons."""
    words = [f"word{number:04}" for number in range(600)]
    long = document("long.txt", "Before it.", "&".join(words), "After it.", title="Long")
    retriever = shelf(tmp_path / "index", long)
    passages = retriever.library.passages_of(titled(retriever.library, "long").id)
    async with bot_over(retriever, tmp_path) as api:
        user = api.user()
        message = await asked(user, "/source long")
        read = message.marked("blockquote")
        while "▶" in labels(message):
            message = await pressed(user, message, "▶")
            read += message.marked("blockquote")
        back = read[-1:]
        while "◀" in labels(message):
            message = await pressed(user, message, "◀")
            back = message.marked("blockquote") + back
        assert back == read
        assert len(read) > len(passages)
        assert "".join(read) == "".join(passage.text for passage in passages)


async def test_reading_goes_on_after_a_rebuild(
    api: BotApi, retriever: LocalRetriever, tmp_path: Path
) -> None:
    """A button names the document, not its number; where that is gone, what there is is shown."""
    user = api.user()
    opened = await asked(user, "/source siege")
    data = opened.buttons[0]["callback_data"]
    shorter = document("hama.txt", "Nobody can leave.", title="The Siege of Hama")
    news = document("a.txt", "Something fresh stands here.", title="News")
    rebuilt = shelf(tmp_path / "again", news, FERRY, shorter)
    retriever.__dict__.update(rebuilt.__dict__)
    second = await pressed(user, opened, "▶")
    assert second.marked("blockquote") == ["Nobody can leave."]
    retriever.__dict__.update(shelf(tmp_path / "last", FERRY).__dict__)
    press = await user.press(second, data=data)
    await press.wait_answer()
    gone = await user.wait_edit()
    assert gone.text.split("\n") == [
        ENGLISH("source-gone"),
        "",
        "I answer from one document:",
        "1. A Ferry in the Fog · 1996-04 – 2 passages",
    ]


@pytest.mark.parametrize(
    "data", ["src:", "src:zz:0:0", "src:0123456789abcdef:-1:0", "lst:x", "lst:99999999999", "lst:"]
)
async def test_what_no_button_sends_changes_nothing(api: BotApi, data: str) -> None:
    """The message stays as it was, and the bot goes on."""
    user = api.user()
    reply = await asked(user, "/sources")
    await user.press(reply, data=data)
    assert (await asked(user, "/sources")).text == reply.text
    assert api.calls.of("editMessageText") == []


@pytest.mark.parametrize("data", ["lst:999999999", "src:{id}:9999999:9999"])
async def test_a_forged_place_is_the_nearest(
    api: BotApi, retriever: LocalRetriever, data: str
) -> None:
    """Beyond the end is the end."""
    user = api.user()
    reply = await asked(user, "/source siege")
    document_id = titled(retriever.library, "siege").id
    press = await user.press(reply, data=data.format(id=document_id))
    await press.wait_answer()
    edited = await user.wait_edit()
    assert edited.text.startswith("I answer from") or edited.text.endswith("¶ 3 of 3")


async def test_in_a_group_pages_are_turned_by_who_asked(api: BotApi) -> None:
    """Another person's press does nothing but tell him so; the answer stands in its topic."""
    ada, bob = api.user("Ada"), api.user("Bob", language_code="ar")
    group = api.supergroup("Readers", ada, bob, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Syria")
    await ada.say("/source siege", to=group, thread_id=topic)
    reply = await group.wait_reply()
    assert reply.thread_id == topic
    press = await bob.press(reply, "▶")
    assert (await press.wait_answer())["text"] == texts_for("ar")("not-yours")
    assert api.calls.of("editMessageText") == []
    press = await ada.press(reply, "▶")
    assert (await press.wait_answer()).get("text") is None


async def test_arabic_readers_are_spoken_to_in_arabic(api: BotApi) -> None:
    """The document stays as it is."""
    reply = await asked(api.user(language_code="ar"), "/source حصار")
    assert reply.marked("blockquote") == ["قصفت الدبابات مدينة حماة يوم الأحد. قتل ثلاثمئة شخص."]
    assert labels(reply) == ["كل المصادر"]
