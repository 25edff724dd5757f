"""The document that an answer comes from is handed over, or a text says why not."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from telegram.ext import CommandHandler

from bot.incoming import Incoming
from bot.maintenance.maintaining import bring_up_to_date
from bot.questions import originals
from bot.questions.originals import hand_over
from bot.settings import Settings
from bot.texts import ENGLISH
from index.types import Source
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever
from tests.botapi import BotApi
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from telegram import Update

    from bot.desk import Desk
    from bot.handlers import AnyApplication
    from tests.botapi import Message

GATE = Source(title="The Gate", path="seeds/gate.txt")


class _Handing:
    """/original hands over `source`."""

    def __init__(self, desk: Desk, source: Source) -> None:
        self._desk = desk
        self._source = source

    def register(self, application: AnyApplication) -> None:
        application.add_handler(CommandHandler("original", self.original))

    async def original(self, update: Update, _context: Any) -> None:
        incoming = Incoming.from_update(update)
        assert incoming is not None
        await hand_over(self._desk, incoming, self._source)


@pytest.fixture
def seeds(documents: Path) -> Path:
    """Return a folder that an index was built from."""
    bring_up_to_date(Settings.from_flags(), FakeEncoder())
    return documents


@asynccontextmanager
async def handing(source: Source) -> AsyncIterator[Callable[[], Any]]:
    """Give a function that asks for the source's document and returns the reply."""
    settings = Settings.from_flags()
    features = [lambda desk: _Handing(desk, source)]
    async with (
        BotApi() as api,
        running(api, ScriptedRetriever(), settings.state_dir, features=features),
    ):
        user = api.user()

        async def ask() -> Message:
            asked = await user.say("/original")
            reply = await user.wait_reply()
            assert reply.reply_to is not None
            assert reply.reply_to.message_id == asked.message_id
            return reply

        yield ask


async def test_a_file_is_sent_as_it_is(seeds: Path) -> None:
    """Its name and bytes, with the document's title under it, as often as it is asked for."""
    async with handing(GATE) as ask:
        for _ in range(2):
            reply = await ask()
            assert reply.document is not None
            assert reply.document.name == "gate.txt"
            assert reply.document.content == (seeds / "gate.txt").read_bytes()
            assert reply.text == "The Gate"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("تقرير من حماة.txt", "تقرير من حماة.txt"),
        ('a "quoted" 100% name.txt', "a _quoted_ 100% name.txt"),
        ("two\nlines.txt", "twolines.txt"),
    ],
)
async def test_a_file_is_sent_under_its_name(documents: Path, name: str, sent: str) -> None:
    """In any script, and without what could be taken for something else on the way."""
    (documents / name).write_text("The Gate\n\nIt was late when the guard went home.\n", "utf-8")
    bring_up_to_date(Settings.from_flags(), FakeEncoder())
    async with handing(replace(GATE, path=f"seeds/{name}")) as ask:
        reply = await ask()
        assert reply.document is not None
        assert reply.document.name == sent


@pytest.mark.usefixtures("seeds")
async def test_an_address_is_a_button() -> None:
    """What stands elsewhere is not sent from here."""
    async with handing(replace(GATE, url="https://example.org/gate")) as ask:
        reply = await ask()
        assert reply.text == "The Gate"
        [button] = reply.buttons
        assert (button["text"], button["url"]) == (
            ENGLISH("original-open"),
            "https://example.org/gate",
        )


async def test_a_file_that_has_changed_is_not_sent(seeds: Path) -> None:
    """The answer was quoted from what it was."""
    (seeds / "gate.txt").write_text("Another text.", "utf-8")
    async with handing(GATE) as ask:
        assert (await ask()).text == ENGLISH("original-changed")


async def test_a_file_that_is_gone_is_not_sent(seeds: Path) -> None:
    """Nor is one behind a link out of the folder, even with the same bytes."""
    elsewhere = seeds.parent / "elsewhere.txt"
    async with handing(GATE) as ask:
        (seeds / "gate.txt").rename(elsewhere)
        assert (await ask()).text == ENGLISH("original-gone")
        (seeds / "gate.txt").symlink_to(elsewhere)
        assert (await ask()).text == ENGLISH("original-gone")


@pytest.mark.parametrize("path", ["seeds/../elsewhere.txt", "/etc/hostname", "seeds/", "x\0y"])
async def test_only_documents_of_the_live_index_are_sent(seeds: Path, path: str) -> None:
    """Whatever a path says."""
    (seeds.parent / "elsewhere.txt").write_text("secret", "utf-8")
    async with handing(replace(GATE, path=path)) as ask:
        assert (await ask()).text == ENGLISH("original-gone")


@pytest.mark.usefixtures("seeds")
async def test_a_file_that_telegram_would_not_take_is_not_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A text says so."""
    monkeypatch.setattr(originals, "MAX_BYTES", 10)
    async with handing(GATE) as ask:
        assert (await ask()).text == ENGLISH("original-too-large")
