"""Questions that are limited to documents or times: through the real dispatcher."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cards.limits import limits_line
from bot.texts import ENGLISH, texts_for
from index.queries import Scope
from index.retriever import LocalRetriever
from tests.bot.running import running
from tests.bot.shelf import FERRY, HAMA, shelf
from tests.botapi import BotApi, Message, ScriptedUser

pytestmark = pytest.mark.usefixtures("quick_disk")

BOTH = "the army shelled the city with tanks and the ferry ran aground near Beirut"


@pytest.fixture
def retriever(tmp_path: Path) -> LocalRetriever:
    """Return an index of two documents."""
    return shelf(tmp_path / "index", FERRY, HAMA)


@pytest.fixture
async def api(retriever: LocalRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it."""
    async with BotApi() as server, running(server, retriever, tmp_path):
        yield server


async def asked(user: ScriptedUser, text: str, *, reply_to: Message | None = None) -> Message:
    """Say something to the bot; return its only reply."""
    await user.say(text, reply_to=reply_to)
    reply = await user.wait_reply()
    assert user.unread == []
    return reply


def title_in(message: Message) -> str:
    """Return the title of the document that is quoted."""
    return message.marked("italic")[0]


@pytest.mark.parametrize(
    ("limits", "line", "title"),
    [
        ("in:siege", "in: The Siege of Hama", "The Siege of Hama"),
        ('in:"fog ferry"', "in: A Ferry in the Fog", "A Ferry in the Fog"),
        ("after:2011-06", "after 2011-06", "The Siege of Hama"),
        ("before:2000", "before 2000", "A Ferry in the Fog"),
        (
            "after:1996 in:ferry before:2001",
            "in: A Ferry in the Fog · after 1996 · before 2001",
            "A Ferry in the Fog",
        ),
    ],
)
async def test_a_question_can_be_limited(api: BotApi, limits: str, line: str, title: str) -> None:
    """The answer is from there alone, and says so in one line."""
    reply = await asked(api.user(), f"{limits} {BOTH}")
    assert line in reply.text.split("\n")
    assert title_in(reply) == title


async def test_the_line_stays_when_the_card_changes(api: BotApi) -> None:
    """As with more context."""
    user = api.user()
    reply = await asked(user, f"{BOTH} in:siege")
    press = await user.press(reply, "Context")
    await press.wait_answer()
    edited = await user.wait_edit()
    assert "in: The Siege of Hama" in edited.text.split("\n")
    assert len(edited.marked("blockquote")) == 2


async def test_an_unknown_title_gets_the_closest(api: BotApi) -> None:
    """Nothing else is answered, and the closest can be opened."""
    user = api.user()
    reply = await asked(user, "in:hamah who fled the city of Hama")
    first, *closest = reply.text.split("\n")
    assert first == "No document has “hamah” in its title. The closest are:"
    assert closest
    press = await user.press(reply, closest[0].partition(".")[0])
    await press.wait_answer()
    assert (await user.wait_edit()).marked("bold")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("after:then who", ENGLISH("date-unknown", value="then")),
        (
            "who after:2012 before:2011",
            ENGLISH("dates-crossed", value="after:2012 before:2011"),
        ),
        ("in:siege", ENGLISH("limits-only")),
        ("after:2011 ", ENGLISH("limits-only")),
    ],
)
async def test_limits_that_make_no_sense_are_said(api: BotApi, text: str, said: str) -> None:
    """And what to write instead."""
    assert (await asked(api.user(), text)).text == said


async def test_a_reply_to_a_document_is_asked_of_it(api: BotApi) -> None:
    """Also after reading on; what else is limited counts too, and `in:` more than the reply."""
    user = api.user()
    opened = await asked(user, "/source ferry")
    press = await user.press(opened, "▶")
    await press.wait_answer()
    opened = await user.wait_edit()
    reply = await asked(user, BOTH, reply_to=opened)
    assert title_in(reply) == "A Ferry in the Fog"
    assert "in: A Ferry in the Fog" in reply.text.split("\n")
    reply = await asked(user, f"after:2000 {BOTH}", reply_to=opened)
    assert reply.text.startswith("in: A Ferry in the Fog · after 2000\n")
    assert reply.text.endswith(ENGLISH("not-in-documents"))
    reply = await asked(user, f"in:siege {BOTH}", reply_to=opened)
    assert title_in(reply) == "The Siege of Hama"


async def test_a_reply_to_the_list_is_asked_of_all(api: BotApi) -> None:
    """Even where a document stood in its place before."""
    user = api.user()
    opened = await asked(user, "/source ferry")
    press = await user.press(opened, "All sources")
    await press.wait_answer()
    listed = await user.wait_edit()
    reply = await asked(user, "the army shelled the city with tanks", reply_to=listed)
    assert title_in(reply) == "The Siege of Hama"


async def test_a_reply_in_a_group_is_asked_of_the_document(api: BotApi) -> None:
    """By anybody, in its topic."""
    ada, bob = api.user("Ada"), api.user("Bob", language_code="ar")
    group = api.supergroup("Readers", ada, bob, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Syria")
    await ada.say("/source ferry", to=group, thread_id=topic)
    opened = await group.wait_reply()
    await bob.say(BOTH, to=group, reply_to=opened, thread_id=topic)
    reply = await group.wait_reply()
    assert reply.thread_id == topic
    assert "في: \u2068A Ferry in the Fog\u2069" in reply.text.split("\n")


async def test_an_edit_changes_the_limits(api: BotApi) -> None:
    """In the place of the first answer."""
    user = api.user()
    question = await user.say(f"in:siege {BOTH}")
    await user.wait_reply()
    await user.edit(question, f"in:ferry {BOTH}")
    edited = await user.wait_edit()
    assert edited.text.startswith("in: A Ferry in the Fog\n")
    assert title_in(edited) == "A Ferry in the Fog"


def test_many_long_titles_stay_one_short_line() -> None:
    """Three are named, and none at length."""
    line = limits_line(Scope(after="2011"), [f"{n} " + "word " * 99 for n in range(9)], ENGLISH)
    assert line.startswith("in: 0 word word")
    assert line.endswith("…, … · after 2011")
    assert len(line) < 300
    assert limits_line(Scope(), (), texts_for("ar")) == ""
