"""Presses of buttons and inline queries: answered at once, and harmless whatever they say."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.botapi import BotApi, refusal
from tests.e2e.delivering import FAST, bot_process, echoed
from tests.e2e.test_faults import is_answered

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def seeds(tmp_path: Path) -> None:
    """Write the file that `/document` sends."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "notes.txt").write_text("words", "utf-8")


@pytest.mark.parametrize("is_first_refused", [False, True])
async def test_a_429_on_an_answer_to_a_press_costs_that_only(
    tmp_path: Path, *, is_first_refused: bool
) -> None:
    """Nobody else is held up, and what else the press leads to is done."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user, other = api.user("Ada"), api.user("Bob")
        await user.say("/document")
        card = await user.wait_reply()
        if is_first_refused:
            api.faults.add("answerCallbackQuery", fault=refusal(429, retry_after=3600))
        press = await user.press(card, "Press")
        assert (await user.wait_reply()).text == "pressed"
        assert press.answers.qsize() == (0 if is_first_refused else 1)
        assert await is_answered(other)
        assert await is_answered(user)


async def test_a_429_on_an_inline_answer_costs_that_only(tmp_path: Path) -> None:
    """A query that gets no answer holds up no message of anybody."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        api.enable_inline()
        user = api.user()
        api.faults.add("answerInlineQuery", fault=refusal(429, retry_after=3600))
        await user.ask_inline("one")
        assert await is_answered(user)
        await user.ask_inline("two")
        await api.calls.wait_for(
            "answerInlineQuery", lambda _: len(api.calls.of("answerInlineQuery")) == 2
        )
        assert await is_answered(user)


async def test_a_press_does_not_wait_for_a_search(tmp_path: Path) -> None:
    """While a chat's question is searched, its buttons are answered, and what needs no search."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        api.enable_inline()
        user = api.user()
        await user.say("/document")
        card = await user.wait_reply()
        await user.say("a slow question")
        await api.calls.wait_for("sendChatAction")
        await user.ask_inline("")
        press = await user.press(card, "Press")
        assert (await press.wait_answer())["text"] == "well"
        assert (await user.wait_reply()).text == "pressed"
        await api.calls.wait_for("answerInlineQuery")
        assert user.unread == []
        assert echoed(await user.wait_reply()) == "a slow question"


@pytest.mark.parametrize(
    "data", ["../../etc/passwd\0' OR 1=1 --", "", "x" * 5000, "card:\ud83d", "known\n"]
)
async def test_a_forged_button_does_nothing(tmp_path: Path, data: str) -> None:
    """Data that no button holds is received, changes nothing, and is not logged."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user()
        await user.say("hello")
        answer = await user.wait_reply()
        await user.press(answer, data=data)
        assert await is_answered(user)
        assert await bot.end() == 0
        assert api.updates.pending_count == 0
        assert len(api.calls.of("sendMessage")) == 2
        assert "Traceback" not in bot.log
        assert "passwd" not in bot.log
        with closing(sqlite3.connect(tmp_path / ".verbatim" / "bot.db")) as connection:
            waiting = "SELECT count(*) FROM updates WHERE state != 'done'"
            assert connection.execute(waiting).fetchone() == (0,)
