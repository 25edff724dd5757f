"""Inline mode: through the real dispatcher, over a real index."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.memory import inline as module
from bot.questions.recent import recent_documents
from bot.texts import ENGLISH, texts_for
from index.errors import EngineUnavailableError, QuestionError
from index.retriever import LocalRetriever
from index.types import Verdict
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever, make_answer, make_hit
from tests.bot.shelf import numbered, shelf
from tests.botapi import BotApi, InlineQuery, ScriptedUser
from tests.index.made import document

pytestmark = pytest.mark.usefixtures("quick_disk")

ME = "verbatim_test_bot"


@pytest.fixture
def retriever(tmp_path: Path) -> LocalRetriever:
    """Return an index of three documents."""
    return shelf(tmp_path / "index")


@pytest.fixture
async def api(retriever: LocalRetriever, tmp_path: Path) -> AsyncIterator[BotApi]:
    """Start the server and a bot that polls it, with inline mode."""
    async with BotApi() as server:
        server.enable_inline()
        async with running(server, retriever, tmp_path):
            yield server


def titles(query: InlineQuery) -> list[str]:
    """Return the titles of the results."""
    return [each["title"] for each in query.answer.result()["results"]]


async def listed(user: ScriptedUser, text: str, offset: str = "") -> InlineQuery:
    """Type a query and wait for its results."""
    query = await user.ask_inline(text, offset=offset)
    await query.wait_results()
    return query


async def test_passages_are_listed_with_source_and_sentence(api: BotApi) -> None:
    """The best first; for this person alone, and not for long."""
    query = await listed(api.user(), "who deserted with 150 soldiers")
    answer = query.answer.result()
    first = answer["results"][0]
    assert first["title"] == "The Siege of Hama"
    assert first["description"] == (
        "Colonel Harmoush had deserted with 150 soldiers <before> that."
    )
    assert (answer["is_personal"], answer["cache_time"]) == (True, 60)
    assert len(set(titles(query))) > 1


async def test_choosing_one_posts_the_quote_with_its_source(api: BotApi) -> None:
    """In any chat: the sentence bold, the title, the place with its link, which opens it."""
    ada, bob = api.user("Ada"), api.user("Bob")
    group = api.supergroup("Readers", ada, bob)
    query = await listed(ada, "who deserted with 150 soldiers")
    posted = await ada.choose(query, query.answer.result()["results"][0]["id"], to=group)
    text = "Colonel Harmoush had deserted with 150 soldiers <before> that. He fled to Turkey."
    assert posted.marked("blockquote") == [text]
    assert posted.marked("bold") == [text.partition(" He")[0]]
    assert posted.marked("italic") == ["The Siege of Hama"]
    assert posted.text.endswith("2011-08-03 · ¶ 2 of 3")
    [link] = [each.url for each in posted.entities if each.type == "text_link"]
    prefix, _, payload = str(link).partition("?start=")
    assert prefix == f"https://t.me/{ME}"
    await bob.start(payload)
    assert text in (await bob.wait_reply()).marked("blockquote")


async def test_a_quote_that_is_posted_to_the_bot_itself_is_left_alone(api: BotApi) -> None:
    """It is neither a question nor something that the bot can't read."""
    user = api.user()
    query = await listed(user, "who deserted with 150 soldiers")
    await user.choose(query, query.answer.result()["results"][0]["id"])
    await user.say("/help")
    assert (await user.wait_reply()).text == ENGLISH("help")
    assert user.unread == []


async def test_results_are_paged(tmp_path: Path) -> None:
    """Ten at a time until there are no more, no passage twice, fifty at most."""
    async with BotApi() as api:
        api.enable_inline()
        async with running(api, shelf(tmp_path / "index", *numbered(56)), tmp_path):
            user, offset, found = api.user(), "", []
            for _ in range(5):
                query = await listed(user, "Word001 stands here", offset)
                found += titles(query)
                offset = query.answer.result().get("next_offset", "")
            assert offset == ""
            assert found[0] == "001"
            assert len(set(found)) == len(found)
            assert 30 < len(found) <= 50
            assert titles(await listed(user, "", "40")) == [f"{n:03}" for n in range(41, 51)]


async def test_an_empty_query_lists_the_newest_documents(api: BotApi) -> None:
    """By date, those without one last; choosing one posts how it begins."""
    user = api.user()
    query = await listed(user, "  ")
    assert titles(query) == ["The Siege of Hama", "A Ferry in the Fog", "حصار حماة"]
    first = query.answer.result()["results"][0]
    assert first["description"] == "2011-08-03 · ¶ 1 of 3"
    posted = await user.choose(query, first["id"])
    assert posted.marked("blockquote")[0].startswith("The army shelled")
    assert posted.marked("bold") == []


def test_of_one_day_documents_are_in_the_order_of_their_paths(tmp_path: Path) -> None:
    """A month stands for its first day, a year as well."""
    dates = {"a": "2011", "b": None, "c": "2012-01-01", "d": "2011-01", "e": "2011-02"}
    documents = [
        document(f"{name}.txt", f"Word{name} stands here.", title=name, published=date)
        for name, date in dates.items()
    ]
    library = shelf(tmp_path, *documents).library
    assert [hit.source.title for hit in recent_documents(library, 9)] == list("ceadb")
    assert [hit.source.title for hit in recent_documents(library, 2)] == list("ce")


@pytest.mark.parametrize(
    "text", ["in:siege ferry near Beirut", "ferry near Beirut after:2011", "Beirut in:حصار"]
)
async def test_limits_count_in_inline_mode(api: BotApi, text: str) -> None:
    """As in a chat."""
    assert "A Ferry in the Fog" not in titles(await listed(api.user(), text))


@pytest.mark.parametrize("text", ["in:cairo who", "after:then who", "in:siege", "\u200b"])
async def test_what_cannot_be_asked_finds_nothing(api: BotApi, text: str) -> None:
    """A button leads to the private chat; nothing is kept."""
    user = api.user(language_code="ar")
    query = await listed(user, text)
    answer = query.answer.result()
    assert (answer["results"], answer["cache_time"]) == ([], 0)
    assert answer["button"] == {
        "text": texts_for("ar")("inline-nothing"),
        "start_parameter": "ask",
    }
    await user.start(answer["button"]["start_parameter"])
    assert (await user.wait_reply()).text == texts_for("ar")("start")


@pytest.mark.parametrize("offset", ["x", "-10", "50", "99999999999999999999", "٣x", "1e1"])
async def test_an_offset_that_was_made_up_is_the_start(api: BotApi, offset: str) -> None:
    """Whatever a client sends."""
    user = api.user()
    assert titles(await listed(user, "", offset)) == titles(await listed(user, ""))


async def test_a_question_that_is_refused_finds_nothing(tmp_path: Path) -> None:
    """So nobody waits for it."""
    retriever = ScriptedRetriever()
    retriever.error = QuestionError("no")
    async with BotApi() as api:
        api.enable_inline()
        async with running(api, retriever, tmp_path):
            query = await listed(api.user(), "why")
            assert query.answer.result()["button"]["text"] == ENGLISH("inline-nothing")


async def test_an_index_that_is_away_is_said(tmp_path: Path) -> None:
    """A button says it, and nothing is kept."""
    retriever = ScriptedRetriever()
    retriever.error = EngineUnavailableError("http://engine", "can't be reached")
    async with BotApi() as api:
        api.enable_inline()
        async with running(api, retriever, tmp_path):
            query = await listed(api.user(), "why")
            answer = query.answer.result()
            assert answer["button"]["text"] == ENGLISH("index-away")
            assert (answer["results"], answer["cache_time"]) == ([], 0)


async def test_only_what_was_typed_last_is_answered(tmp_path: Path) -> None:
    """While one search is at work the next ones wait, and all but the last are passed over."""
    retriever = ScriptedRetriever()
    retriever.slow = "w"
    async with BotApi() as api:
        api.enable_inline()
        async with running(api, retriever, tmp_path) as service:
            user = api.user()
            first = await user.ask_inline("w")
            assert await asyncio.to_thread(retriever.entered.wait, 10)
            typed = [await user.ask_inline("why"[:length] + "?") for length in (1, 2, 3)]
            waiting = text("SELECT 1 FROM updates WHERE state = 'waiting'")
            while len(service.store.read(waiting)) < 4:  # noqa: ASYNC110 -- the file is no event
                await asyncio.sleep(0.01)
            retriever.gate.set()
            await typed[-1].wait_results()
            assert retriever.questions == ["w", "why?"]
            assert [query.answer.done() for query in (first, *typed)] == [
                False,
                False,
                False,
                True,
            ]
            assert len(api.calls.of("answerInlineQuery")) == 1


async def test_typing_does_not_hold_up_others(tmp_path: Path) -> None:
    """Nor does one person's query supersede another's."""
    retriever = ScriptedRetriever()
    async with BotApi() as api:
        api.enable_inline()
        async with running(api, retriever, tmp_path):
            queries = [await api.user().ask_inline("why?") for _ in range(5)]
            for query in queries:
                assert len(await query.wait_results()) == 1


async def test_a_query_that_is_too_old_is_passed_over(
    api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram would not take the answer; what comes behind it is handled."""
    monkeypatch.setattr(module, "STALE_AFTER_S", -1.0)
    user = api.user()
    await user.ask_inline("who deserted")
    await user.say("/help")
    assert (await user.wait_reply()).text == ENGLISH("help")
    assert api.calls.of("answerInlineQuery") == []


async def test_inline_posts_fit_whatever_the_passage(tmp_path: Path) -> None:
    """A long passage is shown around its answering sentence."""
    words = " ".join(f"word{number}&<" for number in range(120))
    long = document("long.txt", f"{words}. Then Harmoush deserted. {words}.", title="T" * 300)
    async with BotApi() as api:
        api.enable_inline()
        async with running(api, shelf(tmp_path / "index", long), tmp_path):
            user = api.user()
            query = await listed(user, "Harmoush deserted")
            for result in query.answer.result()["results"]:
                posted = await user.choose(query, result["id"])
                assert len(posted.text) < 2500
                assert len(result["title"]) <= 100


@pytest.mark.parametrize(
    ("verdict", "said"),
    [
        (Verdict.ANSWERED, None),
        (Verdict.UNSURE, "inline-unsure"),
        (Verdict.NO_ANSWER, "inline-no-answer"),
    ],
)
async def test_what_does_not_answer_is_not_passed_off_as_an_answer(
    tmp_path: Path, verdict: Verdict, said: str | None
) -> None:
    """Above passages that are only the closest a line says so; it leads to the private chat."""
    answer = make_answer(make_hit(), verdict=verdict)
    async with BotApi() as api, running(api, ScriptedRetriever(answer), tmp_path):
        api.enable_inline()
        query = await listed(api.user(), "was it?")
        button = query.answer.result().get("button")
        assert (button and button["text"]) == (said and ENGLISH(said))
