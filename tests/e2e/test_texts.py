"""Every text that a person can write, and some that only a program can, gets an answer."""

from pathlib import Path

import pytest

from bot.texts import ENGLISH
from tests.botapi import BotApi
from tests.e2e.delivering import FAST, bot_process, echoed

pytestmark = pytest.mark.e2e

TEXTS = {
    "emoji": "who is 👩‍👩‍👧‍👦 🏳️‍🌈?",
    "combining marks": "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢",
    "right-to-left": "מי דיווח מביירות? من هو",
    "markup": "<b>bold</b> & <script>alert('&lt;')</script> </blockquote>",
    "many marks": "<&>" * 300,
    "control": "a\tb\x01c",
}


async def test_texts_are_answered_word_for_word(tmp_path: Path) -> None:
    """Emoji, marks, scripts and tags come back in the quote as they were written."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        for text in TEXTS.values():
            said = await user.say(text)
            reply = await user.wait_reply()
            assert echoed(reply) == said.text
            quotes = reply.marked("blockquote") + reply.marked("expandable_blockquote")
            assert quotes == [said.text]
        assert [call for call in api.calls if call.error_code] == []


@pytest.mark.parametrize("length", [4095, 4096])
async def test_the_longest_question_is_answered(tmp_path: Path, length: int) -> None:
    """As long as a message may be, a question gets its answer, shortened to what fits."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        await user.say("x" * length)
        reply = await user.wait_reply()
        assert "xxx" in reply.text
        assert len(reply.text) <= 4096


async def test_what_no_client_sends_does_no_harm(tmp_path: Path) -> None:
    """4,097 characters, NUL and lone surrogates are handled, and so is what comes behind."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user()
        for text in ("y" * 4097, "nul \0 here", "half \ud83d a pair", "\udc00", "\0"):
            body = {
                "message_id": 9000,
                "from": user.user.to_json(),
                "chat": user.chat.to_json(),
                "date": int(api.clock.now()),
                "text": text,
            }
            user.chat.is_started = True
            api.updates.put("message", body)
            await user.wait_reply()
        await user.say("hello")
        assert echoed(await user.wait_reply()) == "hello"
        assert "Traceback" not in bot.log


@pytest.mark.parametrize("kind", ["photo", "sticker", "voice", "location", "contact", "dice"])
async def test_what_is_no_text_gets_a_word(tmp_path: Path, kind: str) -> None:
    """A message without text is answered with what the bot can read."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        await user.send(kind)
        assert (await user.wait_reply()).text == ENGLISH("only-text")


async def test_an_edited_question_gets_no_second_answer(tmp_path: Path) -> None:
    """However often it is edited, before its answer or after, the one answer is to its last."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST):
        user = api.user()
        question = await user.say("a slow once")
        await user.edit(question, "twice")
        answer = await user.wait_reply()
        await user.wait_edit()
        assert echoed(answer) == "twice"
        await user.edit(question, "thrice")
        assert await user.wait_edit() is answer
        assert echoed(answer) == "thrice"
        await user.say("/help")
        assert (await user.wait_reply()).text == ENGLISH("help")
        assert user.unread == []


async def test_neither_words_nor_token_are_logged(tmp_path: Path) -> None:
    """At DEBUG, with failing searches and a failing network, the log holds nobody's words."""
    async with BotApi() as api, bot_process(api, tmp_path, **FAST) as bot:
        user = api.user("Zaphod")
        await user.say("a broken xylophone")
        assert (await user.wait_reply()).text == ENGLISH("failed")
        await user.say("another xylophone")
        await user.wait_reply()
        assert await bot.end() == 0
        assert "RuntimeError: broken" in bot.log
        for private in ("xylophone", "Zaphod", api.token):
            assert private not in bot.log
