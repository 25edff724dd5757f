"""Cards in a chat: whose buttons they are, what survives, and what never gets through."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.delivery.interactive import Interactive
from bot.texts import ENGLISH
from index.errors import QuestionError
from index.types import Hit, Span, Verdict
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever, make_answer, make_hit
from tests.botapi import BotApi, Message, ScriptedUser

GONE = ENGLISH("card-gone")
NOT_YOURS = ENGLISH("not-yours")


def hits() -> list[Hit]:
    """Return three paragraphs of one document."""
    return [
        make_hit(word, Span(0, len(word)), rank=rank, number=rank)
        for rank, word in enumerate(["One.", "Two.", "Three."], 1)
    ]


@pytest.fixture
def retriever() -> ScriptedRetriever:
    """Return a retriever with three hits."""
    return ScriptedRetriever(make_answer(*hits()))


@pytest.fixture
async def api(retriever: ScriptedRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it."""
    async with BotApi() as server, running(server, retriever, tmp_path):
        yield server


async def asked(user: ScriptedUser) -> Message:
    """Ask; return the answer."""
    await user.say("how many?")
    return await user.wait_reply()


async def toast(user: ScriptedUser, message: Message, label: str = "", **data: str) -> str:
    """Press a button; return what is said of it, "" for nothing."""
    press = await user.press(message, label, **data)
    return str((await press.wait_answer()).get("text", ""))


async def settled(api: BotApi, user: ScriptedUser) -> None:
    """Return when all that was asked for before is done."""
    assert user.unread == []
    await user.say("/help")
    assert (await user.wait_reply()).text == ENGLISH("help")
    assert [call for call in api.calls if call.error_code] == []


async def test_a_press_is_answered_and_edits_in_place(api: BotApi) -> None:
    """The answer to the press comes first; the message stays the same one."""
    user = api.user()
    card = await asked(user)
    assert await toast(user, card, "▶") == ""
    edited = await user.wait_edit()
    assert (edited, edited.text.split("\n")[0]) == (card, "Two.")
    [answered] = api.calls.of("answerCallbackQuery")
    [edit] = api.calls.of("editMessageText")
    assert answered.arrived_at <= edit.arrived_at
    await settled(api, user)


async def test_a_press_on_what_is_shown_changes_nothing(api: BotApi) -> None:
    """The number in the middle only says where one is; pressed twice is once."""
    user = api.user()
    card = await asked(user)
    before = card.buttons
    assert await toast(user, card, "1 of 3") == ""
    await toast(user, card, "▶")
    await user.wait_edit()
    assert await toast(user, card, data=before[1]["callback_data"]) == ""
    await settled(api, user)
    assert len(api.calls.of("editMessageText")) == 1


async def test_a_stale_press_leads_where_its_button_said(api: BotApi) -> None:
    """What was pressed on an older screen is shown as if it had come in time."""
    user = api.user()
    card = await asked(user)
    context = next(each for each in card.buttons if each["text"] == "Context")
    await toast(user, card, "▶")
    await user.wait_edit()
    await toast(user, card, data=context["callback_data"])
    edited = await user.wait_edit()
    assert edited.text.split("\n")[:4] == ["¶ 1", "One.", "¶ 2", "Two."]
    assert edited.marked("bold") == ["One."]


async def test_another_person_moves_nothing(api: BotApi) -> None:
    """In a group an answer is paged by who asked; others are told kindly."""
    ada, bob = api.user("Ada"), api.user("Bob")
    group = api.group("Readers", ada, bob)
    group.add_bot()
    await ada.say("/ask how many?", to=group)
    card = await group.wait_reply()
    for label in ("▶", "Context", "Source"):
        assert await toast(bob, card, label) == NOT_YOURS
    assert await toast(ada, card, "▶") == ""
    await api.calls.wait_for("editMessageText", lambda _: True)
    await settled(api, ada)
    assert len(api.calls.of("editMessageText")) == 1
    assert api.calls.of("sendDocument") == []


@pytest.mark.parametrize(
    "data",
    [
        "go",
        "go:",
        "go:nosuchcard:1",
        "go:nosuchcard:1\n",
        "go:0123456789:1",
        "xx:0123456789:1",
        "go:0123456789:١",
        "'; DROP TABLE cards; --",
        "\0",
        "go:" + "x" * 60,
    ],
)
async def test_forged_data_does_nothing(api: BotApi, data: str) -> None:
    """A toast says that the button does nothing."""
    user = api.user()
    card = await asked(user)
    assert await toast(user, card, data=data) == GONE
    await settled(api, user)
    assert api.calls.of("editMessageText") == []


async def test_empty_data_does_nothing(api: BotApi) -> None:
    """Only a program can send it."""
    user = api.user()
    card = await asked(user)
    assert await toast(user, card, data="") == GONE


@pytest.mark.parametrize("state", ["3", "9999", "0:1", "1:2:3", ""])
async def test_a_state_that_there_is_not_changes_nothing(api: BotApi, state: str) -> None:
    """A page behind the last, a word too many or too few: the card stays as it is."""
    user = api.user()
    card = await asked(user)
    own = card.buttons[0]["callback_data"].split(":")[1]
    await toast(user, card, data=f"go:{own}:{state}" if state else f"go:{own}")
    await settled(api, user)
    assert api.calls.of("editMessageText") == []


async def test_a_card_of_another_chat_or_message_is_not_shown_here(api: BotApi) -> None:
    """A button's data works under the message that it belongs to, and nowhere else."""
    ada, bob = api.user("Ada"), api.user("Bob")
    adas, bobs = await asked(ada), await asked(bob)
    assert await toast(bob, bobs, data=adas.buttons[1]["callback_data"]) == GONE
    second = await asked(ada)
    assert await toast(ada, second, data=adas.buttons[1]["callback_data"]) == GONE
    await settled(api, ada)
    assert api.calls.of("editMessageText") == []


async def test_an_old_message_can_be_pressed(api: BotApi) -> None:
    """Of a message that is long ago Telegram tells no more than its number."""
    user = api.user()
    card = await asked(user)
    api.updates.put(
        "callback_query",
        {
            "id": "1",
            "from": user.user.to_json(),
            "chat_instance": "1",
            "data": card.buttons[1]["callback_data"],
            "message": {
                "message_id": card.message_id,
                "chat": user.chat.to_json(),
                "date": 0,
            },
        },
    )
    assert (await user.wait_edit()).text.startswith("Two.")


async def test_cards_survive_a_restart_and_a_rebuild(
    retriever: ScriptedRetriever, tmp_path: Path
) -> None:
    """A button of before shows what the documents say now; what is gone says so."""
    async with BotApi() as api:
        user = api.user()
        async with running(api, retriever, tmp_path):
            card = await asked(user)
        one, two, _ = hits()
        retriever.known = [one, two]
        async with running(api, retriever, tmp_path):
            await toast(user, card, "▶")
            assert (await user.wait_edit()).text.startswith("Two.")
            await toast(user, card, "▶")
            assert (await user.wait_edit()).text == ENGLISH("passage-gone")
            retriever.answer = make_answer(make_hit("Four.", Span(0, 5)))
            retriever.known = None
            await toast(user, card, "Ask again")
            assert (await user.wait_edit()).text.startswith("Four.")
            await settled(api, user)
        assert retriever.questions == ["how many?", "how many?"]


async def test_rapid_presses_end_in_one_edit(retriever: ScriptedRetriever, tmp_path: Path) -> None:
    """Of presses that come faster than edits may go, only the last leads to one."""
    async with BotApi() as api, running(api, retriever, tmp_path) as service:
        user = api.user()
        card = await asked(user)
        own = card.buttons[0]["callback_data"].split(":")[1]
        await service.outbox.hold(user.id, 1.0)
        for at in [1, 2, 1, 0] * 5 + [2]:
            assert await toast(user, card, data=f"go:{own}:{at}") == ""
        assert (await user.wait_edit()).text.startswith("Three.")
        await settled(api, user)
        assert len(api.calls.of("editMessageText")) == 1


async def test_a_press_that_comes_too_late_moves_nothing(
    retriever: ScriptedRetriever, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the question is edited while a button is pressed, the new answer stands."""
    pressed, answered = asyncio.Event(), asyncio.Event()
    answer_press = Interactive.answer_press

    async def slowly(self: Interactive, query_id: str, **arguments: str) -> bool:
        pressed.set()
        await answered.wait()
        return await answer_press(self, query_id, **arguments)

    monkeypatch.setattr(Interactive, "answer_press", slowly)
    async with BotApi() as api, running(api, retriever, tmp_path):
        user = api.user()
        question = await user.say("how many?")
        card = await user.wait_reply()
        press = await user.press(card, "▶")
        await pressed.wait()
        retriever.answer = make_answer(make_hit("Four.", Span(0, 5)))
        await user.edit(question, "how many now?")
        assert (await user.wait_edit()).text.startswith("Four.")
        answered.set()
        await press.wait_answer()
        await settled(api, user)
        assert card.text.startswith("Four.")
        assert len(api.calls.of("editMessageText")) == 1


async def test_a_document_that_is_gone_may_be_asked_for_again(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """Only what was sent is not sent twice."""
    retriever.answer = make_answer(make_hit())
    user = api.user()
    card = await asked(user)
    for _ in range(2):
        assert await toast(user, card, "Source") == ""
        assert (await user.wait_reply()).text == ENGLISH("original-gone")


async def test_an_edit_waits_for_its_answer(retriever: ScriptedRetriever, tmp_path: Path) -> None:
    """A question edited while its chat is on hold is answered as it stands in the end."""
    async with BotApi() as api, running(api, retriever, tmp_path) as service:
        user = api.user()
        await user.start()
        await user.wait_reply()
        await service.outbox.hold(user.id, 1.0)
        question = await user.say("how many?")
        for number in range(3):
            retriever.answer = make_answer(make_hit(f"{number}.", Span(0, 2)))
            await user.edit(question, f"how many, {number}?")
            await wait_until_asked(retriever, 2 + number)
        card = await user.wait_reply()
        edited = await user.wait_edit()
        assert (edited, edited.text[:2]) == (card, "2.")
        await settled(api, user)
        assert len(api.calls.of("editMessageText")) == 1


async def wait_until_asked(retriever: ScriptedRetriever, count: int) -> None:
    """Return when so many questions were searched."""
    while len(retriever.questions) < count:  # noqa: ASYNC110 -- no event
        await asyncio.sleep(0.01)


async def test_an_answer_that_was_deleted_comes_again(api: BotApi) -> None:
    """An edit of a message that is gone is a message, and its buttons work."""
    user = api.user()
    card = await asked(user)
    api.world.delete(card)
    await user.press(card, "▶")
    again = await user.wait_reply()
    assert again.text.startswith("Two.")
    await user.press(again, "▶")
    assert (await user.wait_edit()).text.startswith("Three.")


@pytest.mark.parametrize("first", ["/ak how many?", "/start"])
async def test_a_mended_command_is_answered(
    api: BotApi, retriever: ScriptedRetriever, first: str
) -> None:
    """Who turns a command into a question by an edit is answered."""
    user = api.user()
    message = await user.say(first)
    await user.wait_reply()
    await user.edit(message, "/ask how many?")
    assert (await user.wait_reply()).text.startswith("One.")
    assert retriever.questions == ["how many?"]


async def test_an_edit_of_nothing_is_not_searched(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """Telegram also tells of an edit when only a link's preview has come."""
    user = api.user()
    question = await user.say("how many?")
    await user.wait_reply()
    await user.edit(question, "how many?")
    await settled(api, user)
    assert retriever.questions == ["how many?"]


@pytest.mark.parametrize("verdict", Verdict)
async def test_the_card_of_a_question_is_in_its_topic(
    api: BotApi, retriever: ScriptedRetriever, verdict: Verdict
) -> None:
    """In a forum the answer, its edits and its file stay where it was asked."""
    retriever.answer = make_answer(*hits(), verdict=verdict)
    user = api.user()
    group = api.supergroup("Readers", user, is_forum=True)
    group.add_bot()
    topic = group.new_topic("Physics")
    question = await user.say("/ask how many?", to=group, thread_id=topic)
    card = await group.wait_reply()
    assert (card.thread_id, card.reply_to) == (topic, question)
    api.world.delete(card)
    retriever.answer = make_answer(make_hit("Four.", Span(0, 5)))
    await user.edit(question, "/ask how many now?")
    again = await group.wait_reply()
    assert (again.thread_id, again.text.split("\n")[0]) == (topic, "Four.")
    sent = json.loads(api.calls.of("sendMessage")[-1].parameters["reply_markup"])
    assert sent["inline_keyboard"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ("after:then how many?", ENGLISH("date-unknown", value="then")),
        ("in:cairo how many?", ENGLISH("title-unknown", words="cairo")),
        ("in:gate", ENGLISH("limits-only")),
    ],
)
async def test_an_edit_that_can_not_be_asked_is_told_why(
    api: BotApi, changed: str, said: str
) -> None:
    """In a reply, as to a new question; the answer stays, and so do its buttons."""
    user = api.user()
    question = await user.say("how many?")
    card = await user.wait_reply()
    await user.edit(question, changed)
    reply = await user.wait_reply()
    assert (reply.text.startswith(said), reply.reply_to) == (True, question)
    assert card.text.startswith("One.")
    await user.press(card, "▶")
    assert (await user.wait_edit()).text.startswith("Two.")


async def test_an_edit_that_is_refused_gets_advice(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """In a reply, too."""
    user = api.user()
    question = await user.say("how many?")
    card = await user.wait_reply()
    retriever.error = QuestionError("the question is too long")
    await user.edit(question, "how many?" * 400)
    reply = await user.wait_reply()
    assert (reply.text, reply.reply_to) == (ENGLISH("ask-usage"), question)
    assert card.text.startswith("One.")
