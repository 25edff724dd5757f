"""`python -m tests.botapi`: a person, or a pipe, in the user's place."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE

import aiohttp
import pytest

from tests.botapi import BotApi
from tests.botapi.conftest import Caller
from tests.botapi.terminal import Terminal


async def test_a_pipe_talks_to_the_bot(http: aiohttp.ClientSession) -> None:
    """The server says how to start the bot, sends each line, prints the replies, and ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.botapi", "--port", "0", stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    welcome = (await process.stdout.readuntil(b"Ctrl-D ends.\n")).decode()
    found = re.search(r"TELEGRAM_BOT_TOKEN=(\S+) TELEGRAM_API_BASE_URL=(\S+)", welcome)
    assert found is not None
    bot = f"{found[2]}/bot{found[1]}"
    process.stdin.write(b"\nwhy?\n")
    process.stdin.write_eof()
    async with http.get(f"{bot}/getUpdates?timeout=50") as response:
        [update] = (await response.json())["result"]
    assert update["message"]["text"] == "why?"
    markup = '{"inline_keyboard": [[{"text": "More", "callback_data": "m"}]]}'
    answer = {
        "chat_id": update["message"]["chat"]["id"],
        "text": "because",
        "reply_markup": markup,
    }
    async with http.post(f"{bot}/sendMessage", data=answer) as response:
        assert response.status == 200
    printed = (await process.stdout.read()).decode()
    assert "because\n  1. [More]\n" in printed
    assert await process.wait() == 0


async def test_buttons_are_pressed_by_number(
    api: BotApi, call: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    """/press and /edit are the person's own; all other lines go to the bot."""
    user = api.user("You")
    terminal = Terminal(user, None)
    assert await terminal.act("/help") is True
    row = [{"text": "More", "callback_data": "m"}, {"text": "Site", "url": "https://a.example"}]
    markup = {"inline_keyboard": [row]}
    await call("sendMessage", chat_id=user.id, text="x", reply_markup=markup)
    reply = await user.wait_reply(timeout_s=1)
    terminal.show(reply)
    pressing = asyncio.create_task(terminal.act("/press 1"))
    await asyncio.sleep(0)
    query = (await call("getUpdates"))["result"][-1]["callback_query"]
    await call("answerCallbackQuery", callback_query_id=query["id"], text="Here")
    assert await pressing is False
    assert query["data"] == "m"
    await terminal.act("/edit why not?")
    edited = (await call("getUpdates"))["result"][-1]["edited_message"]
    assert edited["text"] == "why not?"
    for line, why in (
        ("/press", "takes the number"),
        ("/press 3", "no such button"),
        ("/press 1 99", "no such button"),
        ("/press 2", "does not call the bot"),
    ):
        with pytest.raises(ValueError, match=why):
            await terminal.act(line)
    await call("editMessageText", chat_id=user.id, message_id=reply.message_id, text="y")
    terminal.show(await user.wait_edit(timeout_s=1))
    printed = capsys.readouterr().out
    assert "  1. [More]\n  2. [Site] https://a.example\n" in printed
    assert "[Here]" in printed
    assert f"Bot, message {reply.message_id} (changed): y" in printed


async def test_a_group_can_be_written_in() -> None:
    """With --group the lines stand in a group, where privacy mode holds."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.botapi", "--port", "0", "--group", "--linger", "0.05"),
        stdin=PIPE,
        stdout=PIPE,
    )
    printed, _ = await process.communicate(b"why?\n/ask why?\n/press\n")
    assert b"[not sent: /press takes the number of a button]" in printed
    assert b"[no answer within 0.05 s]" in printed
    assert process.returncode == 0
