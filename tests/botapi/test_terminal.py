"""`python -m tests.botapi`: a person, or a pipe, in the user's place."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE

import aiohttp


async def test_a_pipe_talks_to_the_bot(http: aiohttp.ClientSession) -> None:
    """The server says how to start the bot, sends each line, prints the replies, and ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.botapi", "--port", "0", stdin=PIPE, stdout=PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    welcome = (await process.stdout.readuntil(b"ends.\n")).decode()
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
    assert "because\n[More]\n" in printed
    assert await process.wait() == 0
