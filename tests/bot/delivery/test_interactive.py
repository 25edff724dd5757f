"""Direct calls: at once or not at all, and never past a hold or a chat's share."""

import asyncio
import time
from pathlib import Path

import pytest

from bot.database.store import Store
from bot.delivery import interactive as module
from tests.bot.delivery.test_outbox import Sender, sender, started
from tests.botapi import Message, ScriptedUser, disconnect, refusal, silence

BUTTON = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}


async def message_with_button(made: Sender) -> tuple[ScriptedUser, Message]:
    """Send a message with a button; return whom to, and the message."""
    user = await started(made.api)
    await made.send(user.id, text="one", reply_markup=BUTTON)
    return user, await user.wait_reply()


async def test_a_press_is_answered(store: Store, tmp_path: Path) -> None:
    """The answer arrives; a query that does not exist is no error, only not answered."""
    async with sender(store, tmp_path) as made:
        user, message = await message_with_button(made)
        press = await user.press(message, "More")
        assert await made.interactive.answer_press(press.query_id, text="well")
        assert (await press.wait_answer())["text"] == "well"
        assert not await made.interactive.answer_press("4711")


async def test_an_answer_is_not_waited_for_long(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A silent server holds nobody up."""
    monkeypatch.setattr(module, "_PATIENCE_S", 0.2)
    async with sender(store, tmp_path) as made:
        made.api.faults.add("answerInlineQuery", fault=silence())
        assert not await made.interactive.answer_inline("4711", results=[])


async def test_a_hold_does_not_hold_a_press(store: Store, tmp_path: Path) -> None:
    """An answer to a press is no message; an edit is one, and is left undone."""
    async with sender(store, tmp_path) as made:
        user, message = await message_with_button(made)
        press = await user.press(message, "More")
        await made.outbox.hold(user.id, 3600)
        assert await made.interactive.answer_press(press.query_id)
        assert not await made.interactive.edit(user.id, message.message_id, text="two")
        await made.interactive.show_typing(user.id)
        assert made.api.calls.of("editMessageText") == []
        assert made.api.calls.of("sendChatAction") == []


async def test_an_edit_is_made_at_once(store: Store, tmp_path: Path) -> None:
    """And one that changes nothing is well, too."""
    async with sender(store, tmp_path) as made:
        user, message = await message_with_button(made)
        for _ in range(2):
            assert await made.interactive.edit(user.id, message.message_id, text="two")
        assert (await user.wait_edit()).text == "two"


async def test_a_429_on_an_edit_holds_the_chat(store: Store, tmp_path: Path) -> None:
    """Messages wait as if they had been refused themselves, also over a restart."""
    async with sender(store, tmp_path) as made:
        user, message = await message_with_button(made)
        made.api.faults.add("editMessageText", fault=refusal(429, retry_after=1))
        begun_at = time.monotonic()
        assert not await made.interactive.edit(user.id, message.message_id, text="two")
        assert 0 < made.messages.holds.all()[user.id] <= 1
        await made.send(user.id, text="three")
        assert (await user.wait_reply()).text == "three"
        assert time.monotonic() - begun_at >= 1


async def test_an_edit_takes_its_turn(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a chat has had its share, an edit is given up, and takes nobody's place."""
    monkeypatch.setattr(module, "_PATIENCE_S", 0.05)
    async with sender(store, tmp_path, chat_per_s=1) as made:
        user, message = await message_with_button(made)
        for text in ("two", "three"):
            assert await made.interactive.edit(user.id, message.message_id, text=text)
        assert not await made.interactive.edit(user.id, message.message_id, text="four")
        assert len(made.api.calls.of("editMessageText")) == 2
        [window] = made.pacing._windows[user.id]
        assert window._under_way == 0


async def test_an_edit_is_not_made_in_a_chat_held_meanwhile(store: Store, tmp_path: Path) -> None:
    """A hold that comes while an edit waits for its turn ends it, too."""
    async with sender(store, tmp_path, chat_per_s=1) as made:
        user, message = await message_with_button(made)
        for text in ("two", "three"):
            assert await made.interactive.edit(user.id, message.message_id, text=text)
        editing = asyncio.create_task(
            made.interactive.edit(user.id, message.message_id, text="four")
        )
        await asyncio.sleep(0)
        await made.outbox.hold(user.id, 3600)
        assert not await editing
        assert len(made.api.calls.of("editMessageText")) == 2


async def test_an_edit_that_fails_is_told(store: Store, tmp_path: Path) -> None:
    """The handler may then queue it."""
    async with sender(store, tmp_path) as made:
        user, message = await message_with_button(made)
        made.api.faults.add("editMessageText", fault=disconnect(has_effect=False))
        assert not await made.interactive.edit(user.id, message.message_id, text="two")
        assert not await made.interactive.edit(user.id, 4711, text="two")


async def test_typing_refused_by_429_is_not_shown_for_a_while(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It holds no messages, and memory does not grow with such chats."""
    monkeypatch.setattr(module, "_SWEPT_AT", 1)
    async with sender(store, tmp_path) as made:
        user, other = await started(made.api), await started(made.api)
        made.api.faults.add("sendChatAction", times=2, fault=refusal(429, retry_after=0.2))
        for each in (user, user, other):
            await made.interactive.show_typing(each.id)
        assert len(made.api.calls.of("sendChatAction")) == 2
        assert not made.outbox.is_held(user.id)
        await asyncio.sleep(0.25)
        for each in (user, other):
            await made.interactive.show_typing(each.id)
        assert len(made.api.calls.of("sendChatAction")) == 4
