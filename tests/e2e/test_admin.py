"""An admin maintains the real process in the chat: documents, builds, rollbacks, a crash.

`verbatim run` is started once, with the real encoder and the watcher, and one conversation held.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bot.texts import ENGLISH
from index.generations import Generations
from index.locking import build_lock
from tests.botapi import BotApi
from tests.e2e.conftest import TIMEOUT_S
from tests.e2e.delivering import FAST, bot_environment

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from tests.botapi import Message, ScriptedUser

pytestmark = [pytest.mark.e2e, pytest.mark.model]

GATE = """The Gate

The guard of the north gate went home late that evening, and nobody came to see him.

The old gate at the north end of the wall stood open all night, because its bar was broken.
"""
MILL = """The Mill

The mill by the river grinds corn from dawn on, and rests at noon when the old miller sleeps.

It was built in 1742 by a carpenter from Aleppo who had lost his way.
"""
LATER_MILL = MILL.replace("1742", "1750")


@dataclass(frozen=True, kw_only=True)
class Running:
    """A real process, which writes its log into a file."""

    process: Process
    log_file: Path

    @property
    def log(self) -> str:
        """What it has written so far."""
        return self.log_file.read_text("utf-8")

    async def wait_log(self, words: str) -> None:
        """Return once these words are in the log, or the process has ended."""
        async with asyncio.timeout(TIMEOUT_S):
            while words not in self.log and self.process.returncode is None:  # noqa: ASYNC110 -- no event
                await asyncio.sleep(0.05)

    async def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal, unless it has ended, and return the exit status."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(TIMEOUT_S):
            return await self.process.wait()


@asynccontextmanager
async def verbatim(
    command: str, api: BotApi, work_dir: Path, admin: ScriptedUser
) -> AsyncIterator[Running]:
    """Run the real command in a folder that holds its seeds and its state."""
    log_file = work_dir / f"{command}.log"
    with log_file.open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", command),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=log,
            cwd=work_dir,
            env=bot_environment(api, ADMIN_IDS=str(admin.id), **FAST),
        )
    bot = Running(process=process, log_file=log_file)
    try:
        await bot.wait_log("answering as")
        yield bot
    finally:
        await bot.end(signal.SIGKILL)
    assert api.token.partition(":")[2] not in bot.log


async def said(user: ScriptedUser, text: str) -> str:
    """Say something and return what is replied."""
    await user.say(text)
    return (await user.wait_reply(timeout_s=TIMEOUT_S)).text


async def built(user: ScriptedUser) -> str:
    """Return the report of the build that follows."""
    begun = await user.wait_reply(timeout_s=TIMEOUT_S)
    assert begun.text == ENGLISH("rebuild-starting")
    while True:
        text = (await user.wait_edit(timeout_s=TIMEOUT_S)).text
        if not text.startswith(("Reading", "Encoding", "Asking", ENGLISH("rebuild-waiting"))):
            return text


async def sent(user: ScriptedUser, content: str) -> Message:
    """Send a document and return the reply."""
    await user.send_document(content.encode(), name="../the mill.txt")
    return await user.wait_reply(timeout_s=TIMEOUT_S)


@pytest.fixture
def home(tmp_path: Path, exported: Callable[[Path], None]) -> Path:
    """Return a folder with one document, a golden question about it, and the encoder."""
    exported(tmp_path / ".verbatim")
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "gate.txt").write_text(GATE, "utf-8")
    golden = tmp_path / "tests" / "golden" / "seeds.jsonl"
    golden.parent.mkdir(parents=True)
    golden.write_text(
        '{"question": "why did the gate stand open", "quotes": ["its bar was broken"]}', "utf-8"
    )
    return tmp_path


async def test_an_admin_maintains_the_index_in_the_chat(home: Path) -> None:
    """Documents are sent, handed over, replaced, built in and taken back, in a watched folder."""
    generations = Generations(home / ".verbatim")
    async with BotApi() as api:
        admin, eve = api.user("Ada"), api.user("Eve")
        async with verbatim("run", api, home, admin) as bot:
            for command in ("/rebuild", "/rollback", "/status"):
                assert await said(eve, command) == ENGLISH("unknown-command")
            await eve.send_document(MILL.encode(), name="mill.txt")
            assert (await eve.wait_reply()).text == ENGLISH("only-text")

            first = generations.current()
            status = await said(admin, "/status")
            assert status.startswith(f"Live: {first}, built ")
            assert "1 document · 2 passages" in status
            assert status.endswith("The index is up to date.\nThe bot is well.")

            added = await sent(admin, MILL)
            assert added.text.startswith("Added: the mill.txt\n\nTitle: The Mill\nLanguage: en\n")
            assert "Paragraphs: 2" in added.text
            report = await built(admin)
            assert "Documents: 1 added, 0 changed, 0 removed\n+ seeds/the mill.txt\n" in report
            assert "Golden questions: 1 of 1 right" in report
            assert (home / "seeds" / "the mill.txt").read_text("utf-8") == MILL

            await bot.wait_log(f"answering from {generations.current()}")
            await eve.say("Who built the mill?")
            answer = await eve.wait_reply(timeout_s=TIMEOUT_S)
            assert "1742" in answer.text
            await eve.press(answer, ENGLISH("source"))
            original = (await eve.wait_reply(timeout_s=TIMEOUT_S)).document
            assert original is not None
            assert (original.name, original.content) == ("the mill.txt", MILL.encode())

            offer = await sent(admin, LATER_MILL)
            assert offer.text.startswith("Another the mill.txt is among the documents.")
            await admin.press(offer, ENGLISH("offer-replace"))
            assert (await admin.wait_edit()).text == ENGLISH("offer-taken", file="the mill.txt")
            assert "~ seeds/the mill.txt" in await built(admin)
            second, third = generations.names()[1], generations.current()

            await admin.say("/rebuild")
            assert await built(admin) == ENGLISH("rebuild-current")

            await admin.say("/rollback")
            question = await admin.wait_reply()
            await admin.press(question, ENGLISH("rollback-button", generation=second))
            assert (await admin.wait_edit()).text == ENGLISH("rollback-done", generation=second)
            assert generations.current() == second
            assert f"Rolled back from {third}" in await said(admin, "/status")
            assert await bot.end() == 0
            assert "the mill grinds" not in bot.log
        refused = [call for call in api.calls if call.error_code]
        assert refused == []


async def test_a_killed_bot_ends_its_build_and_says_so(home: Path) -> None:
    """The process that builds ends with the bot; the next one says that it was interrupted."""
    state_dir = home / ".verbatim"
    async with BotApi() as api:
        admin = api.user("Ada")
        async with verbatim("run", api, home, admin) as bot:
            assert await bot.end() == 0
        before = Generations(state_dir).current()
        (home / "seeds" / "mill.txt").write_text(MILL, "utf-8")
        async with verbatim("bot", api, home, admin) as bot:
            await admin.say("/rebuild")
            assert (await admin.wait_reply()).text == ENGLISH("rebuild-starting")
            # The builder is loading its model now, which takes seconds.
            await bot.end(signal.SIGKILL)
        with build_lock(state_dir):  # nobody else builds there any more, or not for long
            assert Generations(state_dir).current() == before
        async with verbatim("bot", api, home, admin):
            report = await admin.wait_edit(timeout_s=TIMEOUT_S)
            assert report.text == ENGLISH("rebuild-interrupted")
            assert len(admin.unread) <= 1  # what was being sent at a crash may come twice
            await admin.say("/rebuild")
            assert "+ seeds/mill.txt" in await built(admin)
