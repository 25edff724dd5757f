"""A bot in a process of its own against the Bot API server, for the tests of delivery."""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from tests.e2e.conftest import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.botapi import BotApi, Message, RemoteBotApi, ScriptedUser

START_S = 30.0
FAST = {"MESSAGES_PER_SECOND": "1000", "CHAT_MESSAGES_PER_SECOND": "1000"}
"""Settings that pace nothing, where pacing is not the point."""


class Forks:
    """A process that has imported everything, and forks a bot in no time."""

    def __init__(self, work_dir: Path) -> None:
        self._work_dir = work_dir
        self._bots = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.scripted", "--forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=work_dir,
            env=environment(PYTHONPATH=str(ROOT)),
        )

    def fork(self, work_dir: Path, env: dict[str, str]) -> BotProcess:
        """Start a bot in a folder, with an environment."""
        self._bots += 1
        log, ended = (self._work_dir / f"{self._bots}.{name}" for name in ("log", "ended"))
        order = {"cwd": str(work_dir), "env": env, "log": str(log), "ended": str(ended)}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        number = int(self._process.stdout.readline())
        return BotProcess(number=number, log_file=log, ended_file=ended)

    def close(self) -> None:
        """Let the process end."""
        self._process.communicate()


@dataclass(frozen=True, kw_only=True)
class BotProcess:
    """A running bot."""

    number: int
    log_file: Path
    ended_file: Path

    @property
    def log(self) -> str:
        """What it has written so far."""
        return self.log_file.read_text("utf-8") if self.log_file.exists() else ""

    @property
    def status(self) -> int | None:
        """Its exit status, negative for a signal's number; None while it runs."""
        return int(self.ended_file.read_text("utf-8")) if self.ended_file.exists() else None

    async def wait_log(self, words: str, *, timeout_s: float = 20.0) -> None:
        """Return once these words are in the log, or the process has ended."""
        async with asyncio.timeout(timeout_s):
            while words not in self.log and self.status is None:  # noqa: ASYNC110 -- no event
                await asyncio.sleep(0.02)

    def send(self, number: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.status is None:
            with suppress(ProcessLookupError):
                os.kill(self.number, number)

    async def end(self, number: signal.Signals = signal.SIGTERM, *, timeout_s: float = 20) -> int:
        """Send a signal and return the exit status."""
        self.send(number)
        return await self.ended(timeout_s=timeout_s)

    async def ended(self, *, timeout_s: float = 20.0) -> int:
        """Wait for the end and return the exit status."""
        async with asyncio.timeout(timeout_s):
            while (status := self.status) is None:  # noqa: ASYNC110 -- no event
                await asyncio.sleep(0.01)
        return status


@asynccontextmanager
async def bot_process(api: BotApi, work_dir: Path, **settings: str) -> AsyncIterator[BotProcess]:
    """Start the bot with its state in `work_dir`, until it is ready or has ended.

    It does not outlive the block, and never has its token in its log.
    """
    bot = the_forks().fork(work_dir, bot_environment(api, **settings))
    try:
        await bot.wait_log("answering as", timeout_s=START_S)
        yield bot
    finally:
        await bot.end(signal.SIGKILL)
    assert api.token.partition(":")[2] not in bot.log


@cache
def the_forks() -> Forks:
    """Return the one process that forks, started when the first bot is."""
    folder = tempfile.TemporaryDirectory()
    forks = Forks(Path(folder.name))
    atexit.register(folder.cleanup)
    atexit.register(forks.close)  # the last in is the first out
    return forks


def bot_environment(api: BotApi | RemoteBotApi, **settings: str) -> dict[str, str]:
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
