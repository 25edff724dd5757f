"""Admins build, roll back and look in the chat; nobody else learns that one can."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from bot.database.store import StoreError
from bot.delivery.sent import Sent
from bot.handlers import admin as admin_module
from bot.maintenance import rebuilding
from bot.maintenance.events import BuildEnd, BuildEvent, Progress
from bot.maintenance.maintaining import bring_up_to_date
from bot.maintenance.undoing import go_back
from bot.settings import Settings
from bot.texts import ENGLISH
from index.encoders import Choice
from index.errors import StateFolderError
from index.generations import Generations
from index.locking import build_lock
from tests.bot.maintained import Building, build_here, maintained, reported
from tests.bot.running import running
from tests.bot.samples import ScriptedRetriever
from tests.botapi import BotApi
from tests.fakes import FakeEncoder
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.botapi import Message, ScriptedUser

pytestmark = pytest.mark.usefixtures("_here")

MILL = "The Mill\n\nThe mill by the river grinds corn from dawn on.\n"


@pytest.fixture
def _here() -> Iterator[None]:
    with reading_here():
        yield


def live() -> str | None:
    """Return the live generation's name."""
    return Generations(Settings.from_flags().state_dir).current()


async def ended(admin: ScriptedUser) -> str:
    """Return the report of the build that follows."""
    begun = await admin.wait_reply()
    assert begun.text == ENGLISH("rebuild-starting")
    return await reported(admin)


async def test_a_rebuild_says_what_it_changed(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the message that showed how it went on: documents, passages, files left out."""
    async with maintained(monkeypatch) as (_, admin):
        (documents / "mill.txt").write_text(MILL, "utf-8")
        (documents / "well.md").unlink()
        (documents / "empty.txt").write_bytes(b"")
        await admin.say("/rebuild")
        report = await ended(admin)
        assert report == (
            "The new index is live: 2 documents, 3 passages.\n\n"
            "Documents: 1 added, 0 changed, 1 removed\n"
            "+ seeds/mill.txt\n"
            "− seeds/well.md\n"
            "Passages: 1 added, 0 changed, 1 removed\n\n"
            "Left out:\n"
            "• empty.txt: is empty"
        )
        await admin.say("/rebuild")
        assert await ended(admin) == ENGLISH("rebuild-current")


@pytest.mark.usefixtures("documents")
async def test_a_first_build_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """There was nothing before it."""
    async with maintained(monkeypatch, is_built=False) as (_, admin):
        await admin.say("/status")
        assert (await admin.wait_reply()).text.startswith(ENGLISH("status-none"))
        await admin.say("/rebuild")
        assert await ended(admin) == "The new index is live: 2 documents, 3 passages."


async def test_progress_is_shown(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each stage as far as it is when the message may be changed again."""
    monkeypatch.setattr(rebuilding, "_EDIT_EVERY_S", 0.05)
    building = Building()
    async with maintained(monkeypatch, build=building) as (api, admin):
        (documents / "mill.txt").write_text(MILL, "utf-8")
        await admin.say("/rebuild")
        await admin.wait_reply()
        await building.begun.wait()
        for progress, said in (
            (Progress(stage="waiting"), ENGLISH("rebuild-waiting")),
            (Progress(stage="reading", done=1, of=3), "Reading files: 1 of 3"),
            (Progress(stage="encoding", done=128, of=1234), "Encoding passages: 128 of 1,234"),
            (Progress(stage="judging", done=4, of=9), "Asking golden questions: 4 of 9"),
        ):
            building.tell(progress)
            assert (await admin.wait_edit()).text == said
        await asyncio.sleep(0.2)
        edits = len(api.calls.of("editMessageText"))
        assert edits == 4  # what says the same is not said again
        building.let_go.set()
        assert (await reported(admin)).startswith("The new index is live: 3 documents")


@pytest.mark.usefixtures("documents")
async def test_edits_become_rare(monkeypatch: pytest.MonkeyPatch) -> None:
    """However much there is to tell, the message changes now and then."""
    monkeypatch.setattr(rebuilding, "_EDIT_EVERY_S", 0.1)
    monkeypatch.setattr(rebuilding, "_LESS_OFTEN", 3.0)
    building = Building()
    async with maintained(monkeypatch, build=building) as (api, admin):
        await admin.say("/rebuild")
        await building.begun.wait()
        for done in range(100):
            building.tell(Progress(stage="reading", done=done, of=100))
            await asyncio.sleep(0.01)
        assert len(api.calls.of("editMessageText")) <= 3
        building.let_go.set()
        await admin.wait_reply()


@pytest.mark.usefixtures("documents")
async def test_one_rebuild_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second one is told so; a rollback has to wait."""
    building = Building()
    async with maintained(monkeypatch, build=building) as (_, admin):
        await admin.say("/rebuild")
        await admin.wait_reply()
        await building.begun.wait()
        await admin.say("/rebuild")
        assert (await admin.wait_reply()).text == ENGLISH("rebuild-running")
        await admin.say("/status")
        assert ENGLISH("status-building") in (await admin.wait_reply()).text
        building.let_go.set()
        assert (await reported(admin)) == ENGLISH("rebuild-current")


async def test_a_worse_index_is_withheld(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The golden questions that broke are named, with what comes now."""
    golden = documents.parent / "golden.jsonl"
    golden.write_text(
        '{"question": "where does the old gate stand", "quotes": ["The old gate", "Gates"]}',
        "utf-8",
    )
    monkeypatch.setenv("GOLDEN_FILE", str(golden))
    async with maintained(monkeypatch) as (_, admin):
        before = live()
        (documents / "gate.txt").write_text(
            "Gate\n\nGates are made in the hall.\n\nWhere does the wall stand? the old stand\n",
            "utf-8",
        )
        await admin.say("/rebuild")
        report = await ended(admin)
        assert report.startswith(ENGLISH("rebuild-withheld"))
        assert "Golden questions: 0 of 1 right" in report
        assert (
            "• where does the old gate stand\n→ seeds/gate.txt: Where does the wall stand?"
            in report
        )
        assert live() == before
        await admin.say("/status")
        assert "Kept aside: " in (await admin.wait_reply()).text


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "It took longer than 120 minutes."),
        (OSError(11, "no more processes"), "BlockingIOError"),
        (RuntimeError("secret detail"), "RuntimeError"),
    ],
)
@pytest.mark.usefixtures("documents")
async def test_what_goes_wrong_is_said(
    monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    """And the next build is none the worse for it."""
    errors = [error]

    async def build(settings: Settings, on_progress: object) -> BuildEvent:
        del on_progress
        if errors:
            raise errors.pop()
        return await build_here(settings, lambda _: None)

    async with maintained(monkeypatch, build=build) as (_, admin):
        await admin.say("/rebuild")
        assert await ended(admin) == f"{ENGLISH('rebuild-failed')}\n{said}"
        await admin.say("/rebuild")
        assert await ended(admin) == ENGLISH("rebuild-current")


@pytest.mark.usefixtures("documents")
async def test_a_report_is_said_though_its_message_is_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then in another; and those who ask later are served, too."""

    def fail(*_: object) -> None:
        raise StoreError("the file can't be read")

    monkeypatch.setattr(rebuilding, "_LOOKS", 2)
    async with maintained(monkeypatch) as (_, admin):
        with monkeypatch.context() as patched:
            patched.setattr(Sent, "tagged", fail)
            await admin.say("/rebuild")
            assert (await admin.wait_reply()).text == ENGLISH("rebuild-starting")
            assert (await admin.wait_reply()).text == ENGLISH("rebuild-current")
        await admin.say("/rebuild")
        assert await ended(admin) == ENGLISH("rebuild-current")


async def test_a_build_of_nothing_fails(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the builder's own words, with each file that can't be read."""
    async with maintained(monkeypatch) as (_, admin):
        for name in ("gate.txt", "well.md"):
            (documents / name).write_bytes(b"")
        await admin.say("/rebuild")
        assert await ended(admin) == (
            f"{ENGLISH('rebuild-failed')}\n"
            "seeds holds no document that can be read: nothing was built, an index built before "
            "stays live\n\nLeft out:\n• gate.txt: is empty\n• well.md: is empty"
        )


async def test_a_restart_says_what_came_of_a_build(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interrupted, or done by another meanwhile; once, and never twice."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, FakeEncoder())
    monkeypatch.setattr(rebuilding, "_LOOK_S", 0.02)
    async with BotApi() as api:
        admin = api.user("Ada")
        admins: dict[str, Any] = {"admin_ids": frozenset({admin.id})}
        for is_built, said in ((False, ENGLISH("rebuild-interrupted")), (True, "3 documents")):
            building = Building()
            monkeypatch.setattr(rebuilding, "build_apart", building)
            async with running(api, ScriptedRetriever(), settings.state_dir, **admins):
                await admin.say("/rebuild")
                await building.begun.wait()
                await admin.wait_reply()
            if is_built:
                (documents / "mill.txt").write_text(MILL, "utf-8")
                bring_up_to_date(settings, FakeEncoder())
            async with running(api, ScriptedRetriever(), settings.state_dir, **admins):
                assert said in (await admin.wait_edit()).text
        async with running(api, ScriptedRetriever(), settings.state_dir, **admins):
            await admin.say("/help")
            await admin.wait_reply()
            assert admin.unread == []


async def test_a_build_that_came_first_is_reported(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the folder is watched, the watcher's build may leave nothing to do."""

    async def build(settings: Settings, on_progress: object) -> BuildEvent:
        del on_progress
        (documents / "mill.txt").write_text(MILL, "utf-8")
        bring_up_to_date(settings, FakeEncoder())
        return BuildEvent(end=BuildEnd.CURRENT)

    async with maintained(monkeypatch, build=build) as (_, admin):
        await admin.say("/rebuild")
        assert "+ seeds/mill.txt" in await ended(admin)


async def rolled_back(admin: ScriptedUser) -> Message:
    """Ask for a rollback and return the question."""
    await admin.say("/rollback")
    question = await admin.wait_reply()
    assert len(question.buttons) == 1
    return question


async def test_a_rollback_is_confirmed_by_name(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button names the generation; a second press changes nothing more."""
    async with maintained(monkeypatch) as (_, admin):
        first = live()
        await admin.say("/rollback")
        assert (await admin.wait_reply()).text == ENGLISH("rollback-none")
        (documents / "mill.txt").write_text(MILL, "utf-8")
        bring_up_to_date(Settings.from_flags(), FakeEncoder())
        second = live()
        question = await rolled_back(admin)
        assert question.text == (
            f"Live is {second}. Go back to {first}, built just now from 2 documents?"
        )
        [button] = question.buttons
        assert button["text"] == f"Go back to {first}"
        assert len(button["callback_data"]) <= 64
        press = await admin.press(question, button["text"])
        assert "text" not in await press.wait_answer()
        done = await admin.wait_edit()
        assert done.text == ENGLISH("rollback-done", generation=str(first))
        assert done.buttons == []
        assert live() == first
        await admin.press(question, data=button["callback_data"])
        await admin.say("/status")
        status = (await admin.wait_reply()).text
        assert f"Live: {first}" in status
        assert f"Rolled back from {second}" in status
        assert "• mill.txt is new" in status


async def test_a_rollback_that_was_done_before_a_crash_is_said(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its press is handled again; also where nothing is left to go back to by then."""
    async with maintained(monkeypatch) as (_, admin):
        first = live()
        (documents / "mill.txt").write_text(MILL, "utf-8")
        bring_up_to_date(Settings.from_flags(), FakeEncoder())
        question = await rolled_back(admin)
        go_back(Settings.from_flags())
        await admin.press(question, question.buttons[0]["text"])
        assert (await admin.wait_edit()).text == ENGLISH("rollback-done", generation=str(first))
        assert live() == first


async def test_a_rollback_is_void_once_the_index_has_changed(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was confirmed is what is done, or nothing; during a build one has to wait."""
    settings = Settings.from_flags()
    async with maintained(monkeypatch) as (_, admin):
        (documents / "mill.txt").write_text(MILL, "utf-8")
        bring_up_to_date(settings, FakeEncoder())
        question = await rolled_back(admin)
        label = question.buttons[0]["text"]
        with build_lock(settings.state_dir):
            # In another thread, as the bot's is, the lock is another's.
            await admin.press(question, label)
            assert (await admin.wait_reply()).text == ENGLISH("rollback-busy")
        (documents / "mill.txt").unlink()
        bring_up_to_date(settings, FakeEncoder())
        now = live()
        await admin.press(question, label)
        assert (await admin.wait_edit()).text == ENGLISH("rollback-changed")
        assert live() == now


async def test_a_rollback_that_can_not_be_written_is_said(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line, and what was live stays so."""
    async with maintained(monkeypatch) as (_, admin):
        (documents / "mill.txt").write_text(MILL, "utf-8")
        bring_up_to_date(Settings.from_flags(), FakeEncoder())
        question = await rolled_back(admin)

        def fail(*_: object, **__: object) -> None:
            raise StateFolderError("the disk is full")

        monkeypatch.setattr("bot.handlers.admin.go_back", fail)
        await admin.press(question, question.buttons[0]["text"])
        assert (await admin.wait_edit()).text == "the disk is full"


@pytest.mark.usefixtures("documents")
async def test_the_state_is_said_for_a_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is live and since when, whether it is up to date, and how the bot is."""
    choice = Choice(encoder=FakeEncoder(), reason="it is for tests")
    monkeypatch.setattr("bot.handlers.admin.choose_encoder", lambda *_: choice)
    async with maintained(monkeypatch) as (_, admin):
        await admin.say("/status")
        assert (await admin.wait_reply()).text == (
            f"Live: {live()}, built just now\n"
            "2 documents · 3 passages\n"
            "Encoder: fake\n"
            "The index is up to date.\n"
            "The bot is well."
        )


async def test_problems_are_part_of_the_state(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the log says of the bot's health, and which encoder is missing."""
    monkeypatch.setenv("ENCODER_MODEL", "no/such-model")
    async with BotApi() as api:
        admin = api.user("Ada")
        admins = frozenset({admin.id})
        state_dir = documents.parent / "state"
        async with running(api, ScriptedRetriever(), state_dir, admin_ids=admins) as service:
            await admin.say("/status")
            assert "no/such-model" in (await admin.wait_reply()).text
            choice = Choice(encoder=FakeEncoder(), reason="a fake")
            monkeypatch.setattr(admin_module, "choose_encoder", lambda *_: choice)
            monkeypatch.setattr(type(service.store), "problem", "the disk is full")
            await admin.say("/status")
            text = (await admin.wait_reply()).text
            assert text.endswith("The bot has problems:\n• the disk is full")


@pytest.mark.parametrize("name", ["rebuild", "rollback", "status"])
@pytest.mark.usefixtures("documents")
async def test_to_others_there_are_no_such_commands(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """In private they are unknown, in a group nothing is said; anonymous admins are nobody."""
    async with maintained(monkeypatch) as (api, admin):
        eve = api.user("Eve")
        await eve.say(f"/{name}")
        assert (await eve.wait_reply()).text == ENGLISH("unknown-command")
        group = api.supergroup("Readers", admin, eve)
        group.add_bot()
        await eve.say(f"/{name}", to=group)
        sender = {"id": group.chat.id, "type": "supergroup", "title": "Readers"}
        body = {
            "message_id": 9000,
            "date": int(api.clock.now()),
            "chat": sender,
            "sender_chat": sender,
            "from": admin.user.to_json(),
            "text": f"/{name}",
            "entities": [{"type": "bot_command", "offset": 0, "length": len(name) + 1}],
        }
        api.updates.put("message", body)
        await eve.say("/help")
        await eve.wait_reply()
        assert group.unread == []
        await admin.say(f"/{name}", to=group)
        await group.wait_reply()


async def test_a_strangers_press_does_nothing(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does one with data that no button holds."""
    async with maintained(monkeypatch) as (api, admin):
        (documents / "mill.txt").write_text(MILL, "utf-8")
        bring_up_to_date(Settings.from_flags(), FakeEncoder())
        before = live()
        eve = api.user("Eve")
        group = api.supergroup("Readers", admin, eve)
        group.add_bot()
        await admin.say("/rollback", to=group)
        question = await group.wait_reply()
        press = await eve.press(question, question.buttons[0]["text"])
        assert (await press.wait_answer())["text"] == ENGLISH("card-gone")
        await admin.say("/rollback")
        own = await admin.wait_reply()
        for data in ("adm:back:", "adm:back:x:y", f"adm:back:{before}:", f"adm:back::{before}"):
            press = await admin.press(own, data=data)
            await press.wait_answer()
        assert (await admin.wait_edit()).text == ENGLISH("rollback-changed")
        assert live() == before


def test_a_confirmed_rollback_needs_both_names(documents: Path) -> None:
    """From and to; the way back is the same for the command line."""
    settings = Settings.from_flags()
    bring_up_to_date(settings, FakeEncoder())
    first = live()
    (documents / "mill.txt").write_text(MILL, "utf-8")
    bring_up_to_date(settings, FakeEncoder())
    second = live()
    assert first is not None
    assert second is not None
    assert go_back(settings, confirmed=(second, first)) == (second, first)
