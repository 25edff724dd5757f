"""What the outbox makes of refusals that only some messages meet: edits, and formatting."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.http import AiohttpRequest
from bot.outbox import Outbox
from bot.outgoing import Messages, Outgoing
from bot.pacing import Pacing
from bot.store import Store
from tests.botapi import BotApi, ScriptedUser, refusal


class Sender:
    """An outbox without the rest of the bot."""

    def __init__(self, api: BotApi, bot: Bot, store: Store) -> None:
        self.api = api
        self.messages = Messages(store, bot.id)
        self._store = store
        pacing = Pacing(per_s=1000, chat_per_s=1000)
        self.outbox = Outbox(bot, self.messages, pacing, on_refused=lambda: None)

    async def send(self, chat_id: int, *, method: str = "sendMessage", **arguments: Any) -> None:
        """Queue a message and begin to send it."""
        message = Outgoing(chat_id=chat_id, method=method, arguments=arguments)
        await self._store.write(lambda c: self.messages.add_within(c, [message]))
        self.outbox.wake(chat_id)


@asynccontextmanager
async def sender(tmp_path: Path) -> AsyncIterator[Sender]:
    """Open an outbox to a server."""
    async with (
        BotApi() as api,
        Bot(api.token, f"{api.base_url}/bot", request=AiohttpRequest()) as bot,
    ):
        store = Store(tmp_path / "bot.db")
        made = Sender(api, bot, store)
        yield made
        assert await made.outbox.stop(deadline_s=5)
        assert made.messages.chats() == []
        store.close()


async def started(api: BotApi) -> ScriptedUser:
    """Return a user whom the bot may write to."""
    user = api.user()
    await user.say("/start")
    return user


async def test_an_edit_is_made(tmp_path: Path) -> None:
    """A queued edit changes its message."""
    async with sender(tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text="one")
        message = await user.wait_reply()
        await made.send(
            user.id, method="editMessageText", message_id=message.message_id, text="two"
        )
        assert (await user.wait_edit()).text == "two"


async def test_an_edit_that_changes_nothing_is_well(tmp_path: Path) -> None:
    """That the text is the same already is no failure, and nothing else is sent."""
    async with sender(tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text="one")
        message = await user.wait_reply()
        await made.send(
            user.id, method="editMessageText", message_id=message.message_id, text="one"
        )
        await made.send(user.id, text="three")
        assert (await user.wait_reply()).text == "three"


async def test_a_message_to_edit_that_is_gone_is_sent_anew(tmp_path: Path) -> None:
    """What the edit was to say is said by a new message, in its place."""
    async with sender(tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, method="editMessageText", message_id=4711, text="two")
        await made.send(user.id, text="three")
        assert [(await user.wait_reply()).text for _ in range(2)] == ["two", "three"]
        [edit] = made.api.calls.of("editMessageText")
        assert (edit.answer or {})["description"] == "Bad Request: message to edit not found"


async def test_a_429_on_an_edit_holds_it(tmp_path: Path) -> None:
    """An edit is made when its chat is free again."""
    async with sender(tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text="one")
        message = await user.wait_reply()
        made.api.faults.add("editMessageText", fault=refusal(429, retry_after=1))
        await made.send(
            user.id, method="editMessageText", message_id=message.message_id, text="two"
        )
        assert (await user.wait_edit()).text == "two"


@pytest.mark.parametrize("text", ["<b>open", "x" * 4097])
async def test_a_message_that_is_wrong_in_itself_is_dropped(tmp_path: Path, text: str) -> None:
    """It would be refused for ever; the next one is sent."""
    async with sender(tmp_path) as made:
        user = await started(made.api)
        await made.send(user.id, text=text, parse_mode="HTML")
        await made.send(user.id, text="next")
        assert (await user.wait_reply()).text == "next"
