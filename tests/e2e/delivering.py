"""A bot in a process of its own against the Bot API server, for the tests of delivery."""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.e2e.conftest import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from tests.botapi import BotApi, Message, ScriptedUser

START_S = 30.0
FAST = {"MESSAGES_PER_SECOND": "1000", "CHAT_MESSAGES_PER_SECOND": "1000"}
"""Settings that pace nothing, where pacing is not the point."""


@dataclass(kw_only=True)
class BotProcess:
    """A running bot; `log` is what it has written so far."""

    process: Process
    token: str
    log: str = ""
    _reading: asyncio.Task[None] | None = field(default=None)

    async def read(self) -> None:
        """Collect the log, and hold that no token is ever in it."""
        if self.process.stderr is not None:
            while line := await self.process.stderr.readline():
                self.log += line.decode()
        assert self.token.partition(":")[2] not in self.log

    def start_reading(self) -> None:
        """Read the log beside the test."""
        self._reading = asyncio.create_task(self.read())

    async def wait_log(self, words: str, *, timeout_s: float = 20.0) -> None:
        """Return once these words are in the log, or the process has ended."""
        async with asyncio.timeout(timeout_s):
            while words not in self.log and self.process.returncode is None:  # noqa: ASYNC110 -- the log is no event
                await asyncio.sleep(0.02)

    async def end(self, number: signal.Signals = signal.SIGTERM, *, timeout_s: float = 20) -> int:
        """Send a signal and return the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.ended(timeout_s=timeout_s)

    async def ended(self, *, timeout_s: float = 20.0) -> int:
        """Wait for the end and return the exit status."""
        async with asyncio.timeout(timeout_s):
            status = await self.process.wait()
            if self._reading is not None:
                await self._reading
        return status


@asynccontextmanager
async def bot_process(api: BotApi, work_dir: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """Start the bot with its state in `work_dir`, until it is ready or has ended.

    It does not outlive the block.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.e2e.scripted"),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
        cwd=work_dir,
        env=bot_environment(api, **settings),
    )
    bot = BotProcess(process=process, token=api.token)
    bot.start_reading()
    try:
        await bot.wait_log("answering as", timeout_s=START_S)
        yield bot
    finally:
        if process.returncode is None:
            process.kill()
        await bot.ended()


def bot_environment(api: BotApi, **settings: str) -> dict[str, str]:
    """Return the environment of a bot of this server."""
    given = {
        "TELEGRAM_BOT_TOKEN": api.token,
        "TELEGRAM_API_BASE_URL": api.base_url,
        "PYTHONPATH": str(ROOT),
        "LOG_LEVEL": "DEBUG",
    }
    return environment(**(given | settings))


async def replies_to(user: ScriptedUser, count: int, *, timeout_s: float = 30.0) -> list[Message]:
    """Return the next `count` messages that a user gets."""
    return [await user.wait_reply(timeout_s=timeout_s) for _ in range(count)]


def echoed(message: Message) -> str:
    """Return the question that an answer repeats."""
    return message.text.partition("\n— The Echo")[0]
