"""The real dispatcher against the Bot API server: what each update does."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.handlers import COMMANDS
from bot.logs import configure_logging
from bot.texts import ENGLISH
from index.errors import EngineUnavailableError, NoGenerationError, QuestionError
from index.types import Span, Verdict
from tests.bot.running import running
from tests.bot.samples import TEXT, ScriptedRetriever, make_answer, make_hit
from tests.botapi import BotApi, ScriptedUser

SHOWN = f"{TEXT}\n— The Gate\n¶ 2 of 5"


@pytest.fixture
def retriever() -> ScriptedRetriever:
    """Return a retriever with one answer."""
    return ScriptedRetriever()


@pytest.fixture
async def api(retriever: ScriptedRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it."""
    async with BotApi() as server, running(server, retriever, tmp_path):
        yield server


async def said(user: ScriptedUser, text: str) -> str:
    """Say something to the bot; return the text of its only reply."""
    await user.say(text)
    reply = await user.wait_reply()
    assert user.unread == []
    return reply.text


def put(api: BotApi, user: ScriptedUser, **content: Any) -> None:
    """Queue a message of the user that is no text."""
    body = {
        "message_id": 999,
        "from": user.chat.user.to_json(),
        "chat": user.chat.to_json(),
        "date": 1_700_000_000,
    }
    api.updates.put("message", body | content)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("/start", ENGLISH("start")),
        ("/start ref-1", ENGLISH("start")),
        ("/help", ENGLISH("help")),
        ("/help@verbatim_test_bot", ENGLISH("help")),
        ("/ask", ENGLISH("ask-usage")),
        ("/ask@verbatim_test_bot  ", ENGLISH("ask-usage")),
        ("/weather", ENGLISH("unknown-command")),
    ],
)
async def test_commands_have_their_texts(
    api: BotApi, retriever: ScriptedRetriever, text: str, reply: str
) -> None:
    """A command that asks nothing is answered with its text, and nothing is searched."""
    assert await said(api.user(), text) == reply
    assert retriever.questions == []


async def test_every_command_of_the_menu_is_known(api: BotApi) -> None:
    """The menu offers nothing that the bot does not do."""
    user = api.user()
    for name in COMMANDS:
        assert await said(user, f"/{name}") != ENGLISH("unknown-command")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("was the gate <A> open?", "was the gate <A> open?"),
        ("/ask was the gate <A> open?", "was the gate <A> open?"),
        ("/ask@verbatim_test_bot was it?", "was it?"),
        ("two\nlines", "two\nlines"),
    ],
)
async def test_a_question_is_answered(
    api: BotApi, retriever: ScriptedRetriever, text: str, question: str
) -> None:
    """Plain text and /ask both get the passage, its best sentence bold, its source under it."""
    user = api.user()
    await user.say(text)
    reply = await user.wait_reply()
    assert reply.text == SHOWN
    assert reply.marked("blockquote") == [TEXT]
    assert reply.marked("bold") == ["The gate <A> stood open."]
    assert reply.marked("italic") == ["The Gate"]
    assert reply.link_preview_options == {"is_disabled": True}
    assert reply.reply_to is None
    assert (retriever.questions, retriever.limits) == ([question], [3])


async def test_typing_is_shown_before_the_answer(api: BotApi) -> None:
    """The person sees that the bot is at work."""
    user = api.user()
    assert await said(user, "was it?") == SHOWN
    [typing] = api.calls.of("sendChatAction")
    [sent] = api.calls.of("sendMessage")
    assert typing.parameters == {"chat_id": str(user.id), "action": "typing"}
    assert typing.arrived_at <= sent.arrived_at


async def test_a_refusal_names_titles_when_asked(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """When the documents hold no answer, the bot says so; titles are behind a button."""
    retriever.answer = make_answer(make_hit(), verdict=Verdict.NO_ANSWER)
    user = api.user()
    await user.say("capital of france?")
    reply = await user.wait_reply()
    assert reply.text == "Not in these documents."
    await user.press(reply, "Closest documents")
    edited = await user.wait_edit()
    assert edited.text == "Not in these documents. The closest are:\n• The Gate"
    assert edited.marked("blockquote") == []
    assert [each["text"] for each in edited.buttons] == ["Tell me when this is answered"]


@pytest.mark.parametrize(
    "content",
    [
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]},
        {
            "photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}],
            "caption": "what is this?",
        },
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}},
    ],
)
async def test_what_is_no_text_gets_a_friendly_word(
    api: BotApi, retriever: ScriptedRetriever, content: dict[str, Any]
) -> None:
    """A picture or a voice can't be read, and the bot says so."""
    user = api.user()
    assert await said(user, "/start") == ENGLISH("start")
    put(api, user, **content)
    assert (await user.wait_reply()).text == ENGLISH("only-text")
    assert retriever.questions == []


async def test_an_edited_question_edits_the_answer(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """The answer changes in its place; an edit to what is no question leaves it as it is."""
    user = api.user()
    question = await user.say("was it?")
    reply = await user.wait_reply()
    retriever.answer = make_answer(make_hit("Shut.", Span(0, 5)))
    await user.edit(question, "was it shut?")
    edited = await user.wait_edit()
    assert (edited.message_id, edited.text) == (reply.message_id, "Shut.\n— The Gate\n¶ 2 of 5")
    await user.edit(question, "/help")
    assert await said(user, "/start") == ENGLISH("start")
    assert retriever.questions == ["was it?", "was it shut?"]


async def test_talk_in_a_group_is_not_for_the_bot(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """Plain text, pictures and foreign commands in a group are passed over."""
    user = api.user()
    group = {"id": -5, "type": "group", "title": "G"}
    command = [{"type": "bot_command", "offset": 0, "length": 8}]
    put(api, user, chat=group, text="was it?")
    put(api, user, chat=group, text="/weather", entities=command)
    put(api, user, chat=group, voice={"file_id": "f", "file_unique_id": "u", "duration": 1})
    assert await said(user, "/start") == ENGLISH("start")
    assert retriever.questions == []
    assert len(api.calls.of("sendMessage")) == 1


async def test_a_group_is_answered_in_reply(api: BotApi, retriever: ScriptedRetriever) -> None:
    """In a group the answer to /ask points at the question."""
    group = {"id": -5, "type": "group", "title": "G"}
    command = [{"type": "bot_command", "offset": 0, "length": 4}]
    put(api, api.user(), chat=group, text="/ask was it?", entities=command)
    sent = await api.calls.wait_for("sendMessage", lambda _: True)
    assert sent.parameters["chat_id"] == "-5"
    assert '"message_id": 999' in sent.parameters["reply_parameters"]
    assert retriever.questions == ["was it?"]


async def test_a_question_that_is_refused_gets_advice(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """A question the retriever does not take is answered with how to ask."""
    retriever.error = QuestionError("the question is empty")
    assert await said(api.user(), "?") == ENGLISH("ask-usage")


async def test_an_error_is_one_friendly_sentence(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """What went wrong is not the person's business, and the bot goes on answering."""
    user = api.user()
    retriever.error = RuntimeError("secret detail")
    assert await said(user, "was it?") == ENGLISH("failed")
    retriever.error = None
    assert await said(user, "was it?") == SHOWN


@pytest.mark.parametrize(
    "error",
    [
        EngineUnavailableError("http://engine", "can't be reached"),
        NoGenerationError("http://engine"),
    ],
)
async def test_an_index_that_is_away_is_said(
    api: BotApi, retriever: ScriptedRetriever, error: Exception
) -> None:
    """In words of its own, without where it is, and in one line of the log."""
    user = api.user()
    retriever.error = error
    assert await said(user, "was it?") == ENGLISH("index-away")
    retriever.error = None
    assert await said(user, "was it?") == SHOWN


async def test_a_person_who_blocked_the_bot_does_not_stop_it(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """An answer that can't be delivered leaves the others' answers alone."""
    gone, there = api.user("Ada"), api.user("Bob")
    await gone.say("was it?")
    gone.block()
    assert await said(there, "was it?") == SHOWN
    assert retriever.questions == ["was it?", "was it?"]
    assert gone.unread == []


async def test_a_slow_search_lets_others_be_answered(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """While one person's search takes its time, another's /help is answered."""
    slow, quick = api.user("Ada"), api.user("Bob")
    retriever.slow = "slow"
    try:
        await slow.say("slow")
        assert await asyncio.to_thread(retriever.entered.wait, 10)
        await quick.say("/help")
        reply = await quick.wait_reply(timeout_s=5)
        assert reply.text == ENGLISH("help")
        assert slow.unread == []
    finally:
        retriever.gate.set()
    assert (await slow.wait_reply()).text == SHOWN


async def test_questions_of_one_person_are_answered_in_order(
    api: BotApi, retriever: ScriptedRetriever
) -> None:
    """What one person asks first is searched first."""
    user = api.user()
    questions = [f"question {number}" for number in range(8)]
    for question in questions:
        await user.say(question)
    for _ in questions:
        assert (await user.wait_reply()).text == SHOWN
    assert retriever.questions == questions


@pytest.mark.usefixtures("clean_logging")
async def test_neither_words_nor_token_are_logged(
    retriever: ScriptedRetriever, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """At DEBUG, no record holds the token or what a person wrote, even when a search fails."""
    async with BotApi() as server:
        configure_logging("DEBUG", secrets=[server.token])
        logging.getLogger().handlers[:] = [caplog.handler]  # which blots nothing out
        caplog.handler.setLevel(logging.DEBUG)
        async with running(server, retriever, tmp_path):
            user = server.user("Zaphod")
            assert await said(user, "xylophone?") == SHOWN
            assert await said(user, "/ask xylophone?") == SHOWN
            retriever.error = RuntimeError("broken")
            assert await said(user, "xylophone?") == ENGLISH("failed")
    assert "RuntimeError: broken" in caplog.text
    for private in ("xylophone", "Zaphod", server.token, server.token.partition(":")[2]):
        assert private not in caplog.text
        assert not any(private in record.getMessage() for record in caplog.records)
