"""What the server says, read by python-telegram-bot: a second opinion on every shape."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from telegram import Bot, InlineQueryResultArticle, InputTextMessageContent, Update
from telegram.error import ChatMigrated, Forbidden, RetryAfter, TimedOut

from tests.botapi import BotApi, delay, refusal


@pytest.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    """Return the library's client."""
    bot = Bot(api.token, base_url=f"{api.base_url}/bot", base_file_url=f"{api.base_url}/file/bot")
    async with bot:
        yield bot


async def test_every_kind_of_update_can_be_read(api: BotApi, bot: Bot) -> None:
    """Update.de_json finds what each kind must have, and leaves nothing over."""
    await bot.get_updates(allowed_updates=Update.ALL_TYPES)
    api.enable_inline()
    ada, bob = api.user("Ada", username="ada"), api.user("Bob")
    forum = api.supergroup("Readers", ada, is_forum=True)
    forum.add_bot(is_administrator=True)
    topic = forum.new_topic("Physics")
    question = await ada.say("why <b>?", to=forum, thread_id=topic)
    await ada.edit(question, "why not?")
    await ada.react(question, "👍")
    for kind in ("photo", "sticker", "voice", "location", "contact", "dice"):
        await bob.send(kind)
    await bob.forward(question)
    await bob.forward(question, is_hidden=True)
    await bob.send_document(b"x", caption="y")
    await bob.press(question, data="d")
    query = await ada.ask_inline("why")
    article = InlineQueryResultArticle("1", "Answer", InputTextMessageContent("because"))
    await bot.answer_inline_query(query.query_id, [article])
    await ada.choose(query, "1")
    old = api.group("Old", ada)
    old.add_bot()
    old.upgrade()
    bob.block()
    updates = await bot.get_updates(timeout=1)
    assert len(updates) == api.updates.pending_count
    kinds = {
        name
        for update in updates
        for name in Update.ALL_TYPES
        if getattr(update, name) is not None
    }
    assert kinds == {
        "message",
        "edited_message",
        "message_reaction",
        "callback_query",
        "inline_query",
        "chosen_inline_result",
        "my_chat_member",
    }
    for update in updates:
        assert not update.api_kwargs
        message = update.effective_message
        assert message is None or not message.api_kwargs


async def test_its_calls_are_understood(api: BotApi, bot: Bot) -> None:
    """The library's own way to spell requests passes the server's strict checks."""
    ada = api.user("Ada")
    question = await ada.say("why?")
    sent = await bot.send_document(
        ada.id, b"content", filename="a.txt", caption="<i>c</i>", parse_mode="HTML"
    )
    assert sent.document is not None
    downloaded = await (await bot.get_file(sent.document.file_id)).download_as_bytearray()
    assert bytes(downloaded) == b"content"
    assert await bot.set_message_reaction(ada.id, question.message_id, "👍")
    assert (await bot.forward_message(ada.id, ada.id, question.message_id)).forward_origin
    assert (await bot.copy_message(ada.id, ada.id, question.message_id)).message_id
    assert await bot.delete_message(ada.id, question.message_id)
    assert (await bot.get_chat(ada.id)).first_name == "Ada"
    group = api.supergroup("Readers", ada)
    group.add_bot()
    assert (await bot.get_chat(group.id)).permissions
    assert (await bot.get_chat_member(group.id, ada.id)).status == "creator"
    assert await bot.leave_chat(group.id)
    assert await bot.set_webhook("https://bot.example/", secret_token="s")
    assert (await bot.get_webhook_info()).url == "https://bot.example/"
    assert await bot.delete_webhook()
    assert [each.error_code for each in api.calls if each.error_code] == []


async def test_its_errors_are_raised(
    api: BotApi, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each refusal becomes the exception that the library has for it."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # the number of seconds is deprecated there
    ada = api.user("Ada")
    await ada.start()
    api.faults.add("sendMessage", fault=refusal(429, retry_after=3))
    with pytest.raises(RetryAfter) as held:
        await bot.send_message(ada.id, "x")
    assert held.value.retry_after == timedelta(seconds=3)
    api.faults.add("sendMessage", fault=delay(after_s=5))
    with pytest.raises(TimedOut):
        await bot.send_message(ada.id, "x", read_timeout=0.1)
    assert len(ada.unread) == 1
    ada.block()
    with pytest.raises(Forbidden, match="blocked by the user"):
        await bot.send_message(ada.id, "x")
    old = api.group("Old", ada)
    old.add_bot()
    new = old.upgrade()
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(old.id, "x")
    assert caught.value.new_chat_id == new.id
