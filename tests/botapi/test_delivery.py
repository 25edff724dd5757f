"""getUpdates over HTTP, webhooks, and real python-telegram-bot as a client."""

import asyncio
from typing import Any

import pytest
from telegram import BotCommand, Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from tests.botapi import BotApi
from tests.botapi.conftest import Caller


async def test_a_second_poller_is_a_conflict(api: BotApi, call: Caller) -> None:
    """The earlier of two pollers gets a 409 (telegram-bot-api, Client.cpp)."""
    first = asyncio.create_task(call("getUpdates", timeout=50))
    await api.updates.wait_for_poller()
    second = asyncio.create_task(call("getUpdates", timeout=50))
    assert (await first)["error_code"] == 409
    await api.user().say("hi")
    assert len((await second)["result"]) == 1


async def test_polling_and_webhook_exclude_each_other(api: BotApi, call: Caller) -> None:
    """The method getUpdates will not work while a webhook is set up (Bot API, getUpdates)."""
    waiting = asyncio.create_task(call("getUpdates", timeout=50))
    await api.updates.wait_for_poller()
    was_set = await call(
        "setWebhook", url="https://bot.example/hook", secret_token="s", allowed_updates=["message"]
    )
    assert was_set["description"] == "Webhook was set"
    assert (await waiting)["description"] == "Conflict: terminated by setWebhook request"
    refused = await call("getUpdates")
    assert refused["description"].startswith("Conflict: can't use getUpdates method")
    await api.user().say("hi")
    info = (await call("getWebhookInfo"))["result"]
    assert {name: info[name] for name in info if not name.startswith("last_error")} == {
        "url": "https://bot.example/hook",
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "max_connections": 40,
        "allowed_updates": ["message"],
    }
    deleted = await call("deleteWebhook", drop_pending_updates=True)
    assert deleted["description"] == "Webhook was deleted"
    assert (await call("getUpdates"))["result"] == []


@pytest.mark.parametrize(
    ("wrong", "description"),
    [
        ({"url": "http://bot.example"}, "An HTTPS URL must be provided"),
        ({"url": "https://bot.example:8080"}, "only on ports 80, 88, 443 or 8443"),
        ({"secret_token": "a b"}, "secret token contains unallowed characters"),
        ({"secret_token": "s" * 257}, "secret token is too long"),
    ],
)
async def test_wrong_webhooks_are_refused(
    call: Caller, wrong: dict[str, Any], description: str
) -> None:
    """Scheme, port and secret are limited (Bot API, setWebhook)."""
    answer = await call("setWebhook", **{"url": "https://bot.example"} | wrong)
    assert answer["error_code"] == 400
    assert description in answer["description"]


async def test_python_telegram_bot_answers_a_user(api: BotApi) -> None:
    """A real Application polls, handles a text, replies in HTML, and shuts down cleanly."""

    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        text = f"<b>{update.message.text_html}</b>"
        await update.message.reply_html(text, do_quote=True)

    application = Application.builder().token(api.token).base_url(f"{api.base_url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, echo))
    user = api.user("Ada")
    async with application:
        assert application.updater is not None
        await application.bot.set_my_commands([BotCommand("ask", "Ask a question")])
        await application.updater.start_polling(timeout=50)
        await application.start()
        question = await user.say("2 < 3 & 😀?")
        reply = await user.wait_reply(timeout_s=10)
        await application.updater.stop()
        await application.stop()
    assert reply.marked("bold") == ["2 < 3 & 😀?"]
    assert reply.reply_to is question
    assert api.account.commands.get({}) == [{"command": "ask", "description": "Ask a question"}]
    assert api.updates.pending_count == 0
    assert [each.error_code for each in api.calls.latest(100) if each.error_code] == []
