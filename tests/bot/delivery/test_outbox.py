"""What the outbox makes of refusals that only some messages meet: edits, and formatting."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.database.store import Store, StoreError
from bot.delivery import outbox as outbox_module
from bot.delivery import sent as sent_module
from bot.delivery import uploads
from bot.delivery.calling import call
from bot.delivery.http import AiohttpRequest
from bot.delivery.interactive import Interactive
from bot.delivery.outbox import Outbox
from bot.delivery.outgoing import Messages, Outgoing, Queued
from bot.delivery.pacing import Pacing
from bot.delivery.sent import Sent, SentMessage
from bot.delivery.uploads import Uploads
from bot.errors import UnsendableError
from bot.texts import ENGLISH
from tests.botapi import BotApi, ScriptedUser, delay, refusal


class Sender:
    """An outbox without the rest of the bot."""

    def __init__(
        self, api: BotApi, bot: Bot, store: Store, files_dir: Path, *, chat_per_s: int
    ) -> None:
        self.api = api
        self.sent = Sent(store, bot.id)
        self.messages = Messages(store, self.sent, bot.id)
        self._store = store
        self.pacing = Pacing(per_s=1000, chat_per_s=chat_per_s)
        uploads = Uploads(files_dir)
        self.outbox = Outbox(bot, self.messages, self.pacing, uploads, on_refused=lambda: None)
        self.interactive = Interactive(bot, self.outbox, self.pacing)

    async def send(self, chat_id: int, *, method: str = "sendMessage", **arguments: Any) -> None:
        """Queue a message and begin to send it."""
        await self.send_all(Outgoing(chat_id=chat_id, method=method, arguments=arguments))

    async def send_all(self, message: Outgoing) -> None:
        """Queue a message with all that belongs to it and begin to send it."""
        await self.add(message)
        self.outbox.wake(message.chat_id)

    async def add(self, message: Outgoing) -> None:
        """Queue a message."""
        await self._store.write(lambda c: self.messages.add_within(c, [message]))


@asynccontextmanager
async def sender(store: Store, tmp_path: Path, *, chat_per_s: int = 1000) -> AsyncIterator[Sender]:
    """Open an outbox to a server."""
    async with (
        BotApi() as api,
        Bot(api.token, f"{api.base_url}/bot", request=AiohttpRequest()) as bot,
    ):
        made = Sender(api, bot, store, tmp_path / "files", chat_per_s=chat_per_s)
        yield made
        assert await made.outbox.stop(deadline_s=5)
        assert made.messages.chats() == []


async def started(api: BotApi) -> ScriptedUser:
    """Return a user whom the bot may write to."""
    user = api.user()
    await user.say("/start")
    return user


def tagged_edit(user: ScriptedUser, text: str, **arguments: Any) -> Outgoing:
    """Return an edit of the message with the tag "one"."""
    return Outgoing(
        chat_id=user.id, method="editMessageText", arguments={"text": text} | arguments, tag="one"
    )


async def test_an_edit_finds_its_message_by_the_tag(store: Store, tmp_path: Path) -> None:
    """Even of a message that is only queued; and its own place is not told to Telegram."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.add(Outgoing(chat_id=user.id, arguments={"text": "first"}, tag="one"))
        place = {"message_id": 1, "allow_sending_without_reply": True}
        await made.send_all(tagged_edit(user, "second", reply_parameters=place))
        message = await user.wait_reply()
        assert await user.wait_edit() is message
        assert message.text == "second"


async def test_an_edit_of_what_was_never_known_is_sent(store: Store, tmp_path: Path) -> None:
    """Where no message has the tag, what it says comes as one, where the edit would have stood."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send_all(tagged_edit(user, "second", reply_parameters={"message_id": 1}))
        message = await user.wait_reply()
        assert message.text == "second"
        assert message.reply_to is not None
        await made.send_all(tagged_edit(user, "third"))
        assert (await user.wait_edit()).text == "third"


async def test_a_newer_edit_takes_the_place_of_older_ones(store: Store, tmp_path: Path) -> None:
    """By the message's number or its tag; edits of other messages stay."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        for tag in ("one", "two"):
            await made.send_all(Outgoing(chat_id=user.id, arguments={"text": tag}, tag=tag))
        one, two = await user.wait_reply(), await user.wait_reply()
        await made.outbox.hold(user.id, 3600)
        await made.add(tagged_edit(user, "first"))
        await made.send(user.id, method="editMessageText", text="other", message_id=two.message_id)
        await made.add(tagged_edit(user, "second", message_id=one.message_id))
        await made.add(tagged_edit(user, "third", message_id=one.message_id))
        await made.outbox.hold(user.id, 0)
        assert [await user.wait_edit(), await user.wait_edit()] == [two, one]
        assert (one.text, two.text) == ("third", "other")
        assert len(made.api.calls.of("editMessageText")) == 2


async def test_an_edit_is_made(store: Store, tmp_path: Path) -> None:
    """A queued edit changes its message."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text="one")
        message = await user.wait_reply()
        await made.send(
            user.id, method="editMessageText", message_id=message.message_id, text="two"
        )
        assert (await user.wait_edit()).text == "two"


async def test_an_edit_that_changes_nothing_is_well(store: Store, tmp_path: Path) -> None:
    """That the text is the same already is no failure, and nothing else is sent."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text="one")
        message = await user.wait_reply()
        await made.send(
            user.id, method="editMessageText", message_id=message.message_id, text="one"
        )
        await made.send(user.id, text="three")
        assert (await user.wait_reply()).text == "three"


async def test_a_message_to_edit_that_is_gone_is_sent_anew(store: Store, tmp_path: Path) -> None:
    """What the edit was to say is said by a new message, in its place."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, method="editMessageText", message_id=4711, text="two")
        await made.send(user.id, text="three")
        assert [(await user.wait_reply()).text for _ in range(2)] == ["two", "three"]
        [edit] = made.api.calls.of("editMessageText")
        assert (edit.answer or {})["description"] == "Bad Request: message to edit not found"


async def test_a_429_on_an_edit_holds_it(store: Store, tmp_path: Path) -> None:
    """An edit is made when its chat is free again."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text="one")
        message = await user.wait_reply()
        made.api.faults.add("editMessageText", fault=refusal(429, retry_after=1))
        await made.send(
            user.id, method="editMessageText", message_id=message.message_id, text="two"
        )
        assert (await user.wait_edit()).text == "two"


@pytest.mark.parametrize("text", ["<b>open", "x" * 4097])
async def test_a_message_that_is_wrong_in_itself_is_dropped(
    store: Store, tmp_path: Path, text: str
) -> None:
    """It would be refused for ever; the next one is sent."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text=text, parse_mode="HTML")
        await made.send(user.id, text="next")
        assert (await user.wait_reply()).text == "next"


async def test_a_tag_finds_what_was_sent(store: Store, tmp_path: Path) -> None:
    """With the message's end in the queue its number is noted, and again when it is edited."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send_all(Outgoing(chat_id=user.id, arguments={"text": "one"}, tag="card:1"))
        sent = SentMessage(user.id, (await user.wait_reply()).message_id)
        await made.send(user.id, text="untagged")
        untagged = SentMessage(user.id, (await user.wait_reply()).message_id)
        for text in ("two", "two"):  # the second changes nothing, which is well
            arguments = {"text": text, "message_id": sent.message_id}
            await made.send_all(
                Outgoing(
                    chat_id=user.id, method="editMessageText", arguments=arguments, tag="card:2"
                )
            )
        assert (await user.wait_edit()).text == "two"
        await until_sent(made)
        assert (made.sent.tagged("card:1"), made.sent.tagged("card:2")) == ([], [sent])
        assert made.sent.tag_of(sent) == "card:2"
        assert made.sent.tag_of(untagged) is None


async def test_a_tag_stays_with_a_message_sent_anew(store: Store, tmp_path: Path) -> None:
    """Where an edit becomes a message, that is the one to be found."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        arguments = {"text": "two", "message_id": 4711}
        await made.send_all(
            Outgoing(chat_id=user.id, method="editMessageText", arguments=arguments, tag="card:1")
        )
        message = await user.wait_reply()
        await until_sent(made)
        assert made.sent.tagged("card:1") == [SentMessage(user.id, message.message_id)]


async def test_tags_are_forgotten_in_time(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is older than what is kept goes."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send_all(Outgoing(chat_id=user.id, arguments={"text": "one"}, tag="card:1"))
        await until_sent(made)
        await made.sent.prune()
        assert len(made.sent.tagged("card:1")) == 1
        monkeypatch.setattr(sent_module, "SENT_S", -1.0)
        await made.sent.prune()
        assert made.sent.tagged("card:1") == []


async def test_a_document_is_uploaded_or_named(store: Store, tmp_path: Path) -> None:
    """A file of the folder is sent with its name; what Telegram has is sent by its id."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "notes.txt").write_text("words")
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send_all(
            Outgoing(
                chat_id=user.id,
                method="sendDocument",
                arguments={"caption": "<b>here</b>", "parse_mode": "HTML"},
                document="notes.txt",
                tag="file",
            )
        )
        first = await user.wait_reply()
        assert first.document is not None
        assert (first.text, first.document.name) == ("here", "notes.txt")
        assert first.document.content == b"words"
        await made.send(user.id, method="sendDocument", document=first.document.file_id)
        again = await user.wait_reply()
        assert again.document == first.document


async def test_what_is_no_path_is_not_read(tmp_path: Path) -> None:
    """The system itself would refuse it in another way."""
    with pytest.raises(UnsendableError):
        await Uploads(tmp_path).read("nul\0")


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "link", "gone", "empty", "large"])
async def test_only_files_of_the_folder_are_sent(
    store: Store, tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a path says, nothing else leaves; the person gets an apology in its place."""
    monkeypatch.setattr(uploads, "MAX_BYTES", 100)
    folder = tmp_path / "files"
    folder.mkdir()
    (tmp_path / "secret").write_text("secret")
    (folder / "link").symlink_to(tmp_path / "secret")
    (folder / "empty").touch()
    (folder / "large").write_text("x" * 101)
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        await made.send_all(
            Outgoing(chat_id=user.id, method="sendDocument", arguments={}, document=path)
        )
        assert (await user.wait_reply()).text == ENGLISH("failed")
        assert made.api.calls.of("sendDocument") == []


async def test_without_a_folder_no_file_is_sent() -> None:
    """Nothing is the default."""
    with pytest.raises(UnsendableError):
        await Uploads(None).read("notes.txt")


async def test_a_message_that_cannot_be_made_holds_up_nobody(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program costs the message, with a line in the log, and not those behind."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)

        async def failing(bot: Bot, method: str, arguments: Any, **named: Any) -> Any:
            if arguments["text"] == "one":
                raise RuntimeError("a fault")
            return await call(bot, method, arguments, **named)

        monkeypatch.setattr("bot.delivery.outbox.call", failing)
        await made.send(user.id, text="one")
        await made.send(user.id, text="two")
        assert (await user.wait_reply()).text == "two"
    assert "a message could not be made" in caplog.text


async def test_what_cannot_be_read_now_is_sent_later(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that can't be read for a moment does not end a chat's sending."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        real, failures = made.messages.first_of, [StoreError("locked")]

        def failing(chat_id: int) -> Queued | None:
            if failures:
                raise failures.pop()
            return real(chat_id)

        monkeypatch.setattr(made.messages, "first_of", failing)
        await made.send(user.id, text="one")
        assert (await user.wait_reply()).text == "one"


async def test_a_migration_makes_edits_into_messages(store: Store, tmp_path: Path) -> None:
    """A message's number means another one, or none, in the chat that a group has become."""
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        arguments = {"text": "two", "message_id": 1, "message_thread_id": 7}
        edit = Outgoing(chat_id=-5, method="editMessageText", arguments=arguments, tag="card:1")
        await made.add(edit)
        await made.messages.move_chat(-5, user.id)
        queued = made.messages.first_of(user.id)
        assert queued is not None
        assert queued.message == Outgoing(chat_id=user.id, arguments={"text": "two"}, tag="card:1")
        made.outbox.wake(user.id)
        assert (await user.wait_reply()).text == "two"


async def test_a_clock_set_back_makes_no_hold_longer(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a restart a hold lasts at most as long as Telegram asked for."""
    async with sender(store, tmp_path) as made:
        await made.messages.holds.add(5, 100)
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now - 86_400)
        assert made.messages.holds.all() == {5: pytest.approx(100)}
        monkeypatch.setattr(time, "time", lambda: now + 40)
        assert made.messages.holds.all() == {5: pytest.approx(60, abs=1)}


async def test_a_call_is_not_broken_off_at_the_end(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the last moments none is begun, so that what was sent is struck off and comes once."""
    monkeypatch.setattr(outbox_module, "_LAST_CALLS_S", 5)
    async with sender(store, tmp_path) as made:
        user = await started(made.api)
        made.api.faults.add("sendMessage", fault=delay(after_s=0.2))
        await made.add(Outgoing(chat_id=user.id, arguments={"text": "one"}))
        await made.send(user.id, text="two")
        assert (await user.wait_reply()).text == "one"
        assert not await made.outbox.stop(deadline_s=5)
        queued = made.messages.first_of(user.id)
        assert queued is not None
        assert queued.message.arguments == {"text": "two"}
        assert len(made.api.calls.of("sendMessage")) == 1
        await made.messages.remove(queued)


async def until_sent(made: Sender) -> None:
    """Return when nothing is queued any more."""
    async with asyncio.timeout(10):
        while made.messages.chats():  # noqa: ASYNC110 -- the queue is no event
            await asyncio.sleep(0.01)
