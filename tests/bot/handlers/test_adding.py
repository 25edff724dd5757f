"""Documents that an admin sends are read, put into the folder, and built in."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, Any

import pytest

from bot.settings import Settings
from bot.texts import ENGLISH
from index.generations import Generations
from index.readers import suffixes
from tests.bot.maintained import Building, maintained, reported
from tests.botapi import disconnect, refusal
from tests.index.here import reading_here

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bot.maintenance.events import BuildEvent, Progress
    from tests.botapi import Message, ScriptedUser

pytestmark = pytest.mark.usefixtures("_here")

MILL = (
    "The Mill\n\n"
    "The mill by the river grinds corn from dawn on, and rests at noon, "
    "when the old miller sleeps.\n"
)
OTHER = "The Mill\n\nThe mill was sold to a miller from the north, who never came to see it.\n"


@pytest.fixture
def _here() -> Iterator[None]:
    with reading_here():
        yield


async def sent(admin: ScriptedUser, content: str | bytes, name: str, **more: Any) -> Message:
    """Send a document and return the reply to it."""
    data = content.encode() if isinstance(content, str) else content
    message = await admin.send_document(data, name=name, **more)
    reply = await admin.wait_reply()
    assert reply.reply_to is not None
    assert reply.reply_to.message_id == message.message_id
    return reply


async def built(admin: ScriptedUser) -> str:
    """Return what is said of the build that follows."""
    assert (await admin.wait_reply()).text == ENGLISH("rebuild-starting")
    return await reported(admin)


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(path.name for path in folder.iterdir())


async def test_a_document_is_added(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was read from it is said, it is among the seeds, and the next index holds it."""
    async with maintained(monkeypatch) as (_, admin):
        reply = await sent(admin, MILL, "mill.txt")
        assert reply.text == (
            "Added: mill.txt\n\n"
            "Title: The Mill\n"
            "Language: en\n"
            "Paragraphs: 1\n"
            "It begins:\n"
            "¶ The mill by the river grinds corn from dawn on, and rests at noon, when the "
            "old miller sleeps."
        )
        assert (documents / "mill.txt").read_text("utf-8") == MILL
        assert "+ seeds/mill.txt" in await built(admin)
        assert Generations(Settings.from_flags().state_dir).manifest().documents == 3


async def test_an_arabic_document_is_added(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its name and words stay as they are, and who reads Arabic is told in Arabic."""
    text = "الطاحونة\n\n" + "طحن الطحان القمح عند النهر منذ الفجر حتى الظهر. " * 20
    async with maintained(monkeypatch, language="ar") as (_, admin):
        reply = await sent(admin, text, "الطاحونة القديمة.txt")
        assert "أُضيفت: \u2068الطاحونة القديمة.txt\u2069" in reply.text
        assert "اللغة: \u2068ar\u2069" in reply.text
        assert "طحن الطحان القمح" in reply.text
        assert (documents / "الطاحونة القديمة.txt").read_text("utf-8") == text
        await admin.wait_reply()
        assert "+ seeds/الطاحونة القديمة.txt" in await reported(admin, "ar")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../mill.txt", "mill.txt"),
        (".mill.txt", "mill.txt"),
        ("con.txt", "_con.txt"),
        ("mi\u202ell\n.TXT", "mill.TXT"),
        ("m" * 300 + ".txt", "m" * 196 + ".txt"),
    ],
)
async def test_a_name_is_made_safe(
    documents: Path, monkeypatch: pytest.MonkeyPatch, name: str, kept: str
) -> None:
    """It is kept in the folder and nowhere else."""
    async with maintained(monkeypatch) as (_, admin):
        before = names(documents.parent)
        assert (await sent(admin, MILL, name)).text.startswith(f"Added: {kept}\n")
        assert names(documents) == sorted(["gate.txt", "well.md", kept])
        assert names(documents.parent) == before


@pytest.mark.parametrize(
    "name", ["sources.toml", "mill", "mill.exe", "mill.txt.exe", ".txt", "", "mill.txt/"]
)
async def test_only_what_can_be_read_is_taken(
    documents: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """By its ending, before anything is fetched; so never what the folder is described by."""
    async with maintained(monkeypatch) as (api, admin):
        reply = await sent(admin, MILL, name)
        assert reply.text == ENGLISH("not-added-type", known=" ".join(suffixes()))
        assert names(documents) == ["gate.txt", "well.md"]
        assert api.calls.of("getFile") == []


async def test_a_large_document_is_not_taken(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the size that is said, and by the one that it has."""
    async with maintained(monkeypatch, max_upload_mb=1) as (api, admin):
        said = ENGLISH("not-added-too-large", most=1)
        assert (await sent(admin, MILL, "mill.txt", size=(1 << 20) + 1)).text == said
        assert api.calls.of("getFile") == []
        large = b"a word " * (1 << 18)
        assert (await sent(admin, large, "mill.txt", size=100)).text == said
        assert names(documents) == ["gate.txt", "well.md"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("mill.txt", b" \n ", "is empty"),
        ("mill.pdf", b"no pdf at all", ""),
        ("mill.docx", b"PK\x03\x04 broken", ""),
        ("mill.html", b"<html><body></body></html>", "holds no article"),
    ],
)
async def test_what_can_not_be_read_is_not_added(
    documents: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes, reason: str
) -> None:
    """The reader's own reason is said in one line, and nothing is built."""
    async with maintained(monkeypatch) as (_, admin):
        reply = await sent(admin, content, name)
        assert reply.text.startswith(f"{name} is not added. The reason: {reason}")
        assert "\n" not in reply.text
        assert names(documents) == ["gate.txt", "well.md"]
        await asyncio.sleep(0.1)
        assert admin.unread == []


async def test_a_document_that_does_not_come_is_not_added(
    documents: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever fails on the way; the token is never in the log."""
    async with maintained(monkeypatch) as (api, admin):
        for fault in (
            refusal(400, "Bad Request: file is temporarily unavailable"),
            disconnect(has_effect=True),
        ):
            api.faults.add("getFile", fault=fault)
            reply = await sent(admin, MILL, "mill.txt")
            assert reply.text == ENGLISH("not-added-download")
        assert names(documents) == ["gate.txt", "well.md"]
        assert api.token.partition(":")[2] not in caplog.text


async def offered(admin: ScriptedUser, documents: Path) -> Message:
    """Have one document, and offer another of its name."""
    (documents / "mill.txt").write_text(MILL, "utf-8")
    offer = await sent(admin, OTHER, "mill.txt")
    assert offer.text.startswith(
        "Another mill.txt is among the documents. Replace it? "
        f"It has {len(MILL)} bytes, this one {len(OTHER)}.\n\nTitle: The Mill\n"
    )
    assert (documents / "mill.txt").read_text("utf-8") == MILL
    return offer


async def test_another_document_is_replaced_by_a_press_only(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is put there is what was sent, whatever was sent since; and only once."""
    async with maintained(monkeypatch) as (_, admin):
        offer = await offered(admin, documents)
        uploads = Settings.from_flags().state_dir / "uploads"
        assert [path.read_text("utf-8") for path in uploads.iterdir()] == [OTHER]
        data = offer.buttons[0]["callback_data"]
        assert len(data) <= 64
        await admin.press(offer, ENGLISH("offer-replace"))
        done = await admin.wait_edit()
        assert (done.text, done.buttons) == (ENGLISH("offer-taken", file="mill.txt"), [])
        assert (documents / "mill.txt").read_text("utf-8") == OTHER
        assert "+ seeds/mill.txt" in await built(admin)
        assert names(uploads) == []
        press = await admin.press(offer, data=data)
        assert (await press.wait_answer())["text"] == ENGLISH("card-gone")


async def test_an_offer_can_be_turned_down(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then everything stays as it is."""
    async with maintained(monkeypatch) as (_, admin):
        offer = await offered(admin, documents)
        await admin.press(offer, ENGLISH("offer-keep"))
        assert (await admin.wait_edit()).text == ENGLISH("offer-kept", file="mill.txt")
        assert (documents / "mill.txt").read_text("utf-8") == MILL
        assert names(Settings.from_flags().state_dir / "uploads") == []


async def test_the_same_document_again_is_no_other(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash between writing and remembering: it is built in, and nothing is asked."""
    async with maintained(monkeypatch) as (_, admin):
        (documents / "mill.txt").write_text(MILL, "utf-8")
        reply = await sent(admin, MILL, "mill.txt")
        assert reply.text.startswith(ENGLISH("added-before", file="mill.txt"))
        assert reply.buttons == []
        assert "+ seeds/mill.txt" in await built(admin)


async def test_a_file_that_has_changed_since_it_was_offered_stays(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody was asked about that one; one that is gone needs no asking."""
    async with maintained(monkeypatch) as (_, admin):
        offer = await offered(admin, documents)
        (documents / "mill.txt").write_text("A third.", "utf-8")
        await admin.press(offer, ENGLISH("offer-replace"))
        assert (await admin.wait_reply()).text == ENGLISH("not-added-changed", file="mill.txt")
        assert (documents / "mill.txt").read_text("utf-8") == "A third."
        (documents / "mill.txt").unlink()
        await admin.press(offer, ENGLISH("offer-replace"))
        await admin.wait_edit()
        assert (documents / "mill.txt").read_text("utf-8") == OTHER


async def test_a_kept_file_that_is_not_what_was_sent_is_not_used(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is one that is gone."""
    async with maintained(monkeypatch) as (_, admin):
        offer = await offered(admin, documents)
        [kept] = (Settings.from_flags().state_dir / "uploads").iterdir()
        for change in (lambda: kept.write_bytes(b"forged"), kept.unlink):
            change()
            await admin.press(offer, ENGLISH("offer-replace"))
            assert (await admin.wait_reply()).text == ENGLISH("offer-gone")
        assert (documents / "mill.txt").read_text("utf-8") == MILL


async def test_a_link_is_never_written_through(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even one to nowhere."""
    async with maintained(monkeypatch) as (_, admin):
        outside = documents.parent / "outside.txt"
        (documents / "mill.txt").symlink_to(outside)
        reply = await sent(admin, MILL, "mill.txt")
        assert reply.text == ENGLISH("not-added-in-the-way", file="mill.txt")
        assert not outside.exists()


async def test_a_full_disk_is_said(documents: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing of the document is left."""

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    async with maintained(monkeypatch) as (_, admin):
        monkeypatch.setattr(os, "link", fail)
        reply = await sent(admin, MILL, "mill.txt")
        assert reply.text == ENGLISH("not-added-disk", reason="No space left on device")
        assert names(documents) == ["gate.txt", "well.md"]


async def test_to_others_the_bot_reads_no_documents(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor can they press what an admin was asked; in a group no document is taken at all."""
    async with maintained(monkeypatch) as (api, admin):
        eve = api.user("Eve")
        message = await eve.send_document(MILL.encode(), name="mill.txt")
        assert (await eve.wait_reply()).text == ENGLISH("only-text")
        assert message.document is not None
        group = api.supergroup("Readers", admin, eve)
        group.add_bot()
        await admin.send_document(MILL.encode(), name="mill.txt", to=group)
        offer = await offered(admin, documents)
        await eve.say("/help")
        help_message = await eve.wait_reply()
        for button in offer.buttons:
            press = await eve.press(help_message, data=button["callback_data"])
            assert (await press.wait_answer())["text"] == ENGLISH("card-gone")
        assert (documents / "mill.txt").read_text("utf-8") == MILL
        assert group.unread == []


@pytest.mark.parametrize("data", ["adm:put:", "adm:put:../../bot.db", "adm:keep:" + "0" * 24])
async def test_forged_presses_are_void(
    documents: Path, monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    """What no button holds leads nowhere, from an admin neither."""
    async with maintained(monkeypatch) as (_, admin):
        offer = await offered(admin, documents)
        press = await admin.press(offer, data=data)
        assert (await press.wait_answer())["text"] == ENGLISH("card-gone")
        assert (documents / "mill.txt").read_text("utf-8") == MILL


async def test_an_offer_of_another_chat_is_void(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is taken where it was made."""
    async with maintained(monkeypatch) as (api, admin):
        offer = await offered(admin, documents)
        group = api.supergroup("Readers", admin)
        group.add_bot()
        await admin.say("/help", to=group)
        elsewhere = await group.wait_reply()
        press = await admin.press(elsewhere, data=offer.buttons[0]["callback_data"])
        assert (await press.wait_answer())["text"] == ENGLISH("card-gone")


async def test_several_documents_are_built_in_together(
    documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one build waits for its turn, no other is added behind it."""
    building, builds = Building(), 0

    async def build(settings: Settings, on_progress: Callable[[Progress], None]) -> BuildEvent:
        nonlocal builds
        builds += 1
        return await building(settings, on_progress)

    async with maintained(monkeypatch, build=build) as (_, admin):
        await sent(admin, MILL, "mill0.txt")
        await building.begun.wait()
        await admin.wait_reply()
        for number in range(1, 4):
            await sent(admin, f"{MILL}\n{number}", f"mill{number}.txt")
        building.let_go.set()
        assert "+ seeds/mill3.txt" in await reported(admin)
        assert await built(admin)
        assert builds == 2
        assert len(names(documents)) == 6
