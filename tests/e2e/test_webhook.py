"""Updates by webhook: from Telegram only, on disk before the 200, and bounded in size."""

from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from tests.botapi import BotApi, refusal
from tests.e2e.delivering import FAST, bot_process, echoed
from tests.e2e.test_health import locked, until
from tests.ports import free_port

pytestmark = pytest.mark.e2e

SECRET = "a-secret-of-the-webhook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
URL = "https://bot.example/hook"
UPDATE = b'{"update_id": 2, "message": {"message_id": 1}}'


def settings(port: int) -> dict[str, str]:
    """Return the settings of a bot behind a proxy."""
    return FAST | {"WEBHOOK_URL": URL, "WEBHOOK_PORT": str(port), "WEBHOOK_SECRET": SECRET}


async def posted(
    port: int, body: bytes, *, secret: str | None = SECRET, path: str = "/hook"
) -> int:
    """Return the status that a request to the webhook gets."""
    headers = {} if secret is None else {HEADER: secret}
    async with (
        aiohttp.ClientSession() as session,
        session.post(
            f"http://127.0.0.1:{port}{path}", data=BytesIO(body), headers=headers
        ) as response,
    ):
        return response.status


async def test_updates_come_by_webhook(tmp_path: Path) -> None:
    """What Telegram sends is answered, what it sent while the bot was away too, each once."""
    port = free_port()
    async with BotApi() as api:
        api.proxy("https://bot.example", to=f"http://127.0.0.1:{port}")
        user = api.user()
        await user.say("early")
        async with bot_process(api, tmp_path, **settings(port)) as bot:
            assert echoed(await user.wait_reply()) == "early"
            await user.say("late")
            assert echoed(await user.wait_reply()) == "late"
            assert await bot.end() == 0
        assert api.account.webhook is not None  # Telegram keeps the updates until the next start
        await user.say("away")
        async with bot_process(api, tmp_path, **settings(port)):
            assert echoed(await user.wait_reply(timeout_s=30)) == "away"
        assert len(api.calls.of("sendMessage")) == 3
        assert api.calls.of("getUpdates") == []


async def test_the_200_comes_after_the_commit(tmp_path: Path) -> None:
    """What can't be written is not taken, so Telegram sends it again."""
    port, health_port = free_port(), free_port()
    asked_for = settings(port) | {"HEALTH_PORT": str(health_port)}
    async with BotApi() as api, bot_process(api, tmp_path, **asked_for) as bot:
        await until(health_port, "readyz", 200)
        assert await posted(port, b'{"update_id": 1}') == 200
        async with locked(tmp_path / ".verbatim" / "bot.db"):
            assert await posted(port, UPDATE) == 503
        await bot.wait_log("bot.db can't be written")
        assert await posted(port, UPDATE) == 200
        assert await bot.end() == 0


async def test_whoever_takes_webhooks_is_ready(tmp_path: Path) -> None:
    """No poll ever succeeds here, and none has to."""
    port, health_port = free_port(), free_port()
    asked_for = settings(port) | {"HEALTH_PORT": str(health_port)}
    async with BotApi() as api, bot_process(api, tmp_path, **asked_for):
        well = {"ok": True, "problems": {}, "stopping": False}
        assert await until(health_port, "readyz", 200) == well


async def test_a_429_on_the_webhook_is_waited_out(tmp_path: Path) -> None:
    """Telegram may hold the call that sets it."""
    port = free_port()
    async with BotApi() as api:
        api.proxy("https://bot.example", to=f"http://127.0.0.1:{port}")
        api.faults.add("setWebhook", fault=refusal(429, retry_after=1))
        async with bot_process(api, tmp_path, **settings(port)):
            user = api.user()
            await user.say("hello")
            assert echoed(await user.wait_reply(timeout_s=30)) == "hello"
        assert len(api.calls.of("setWebhook")) == 2


async def test_polling_takes_over_from_a_webhook(tmp_path: Path) -> None:
    """Started without its setting, the bot takes the webhook down and polls."""
    port = free_port()
    async with BotApi() as api:
        async with bot_process(api, tmp_path, **settings(port)):
            pass
        async with bot_process(api, tmp_path, **FAST):
            user = api.user()
            await user.say("hello")
            assert echoed(await user.wait_reply()) == "hello"
        assert api.account.webhook is None


async def test_only_telegram_is_listened_to(tmp_path: Path) -> None:
    """No secret, a wrong one, too much, and what is no update are refused, and nothing is sent."""
    port = free_port()
    async with BotApi() as api:
        api.proxy("https://bot.example", to=f"http://127.0.0.1:{port}")
        async with bot_process(api, tmp_path, **settings(port)) as bot:
            user = api.user()
            await user.say("hello")
            assert echoed(await user.wait_reply()) == "hello"
            assert await posted(port, UPDATE, secret=None) == 401
            assert await posted(port, UPDATE, secret="wrong") == 401
            assert await posted(port, UPDATE, secret=SECRET + "x") == 401
            assert await posted(port, b"[" * 2_000_000) == 413
            assert await posted(port, b"not JSON") == 400
            assert await posted(port, b"[1, 2]") == 400
            assert await posted(port, b'{"update_id": "1"}') == 400
            assert await posted(port, b"[" * 500_000) == 400
            assert await posted(port, UPDATE, path="/other") == 404
            await user.say("still there")
            assert echoed(await user.wait_reply()) == "still there"
            assert len(api.calls.of("sendMessage")) == 2
            assert await bot.end() == 0
            assert SECRET not in bot.log
            assert "Traceback" not in bot.log


async def test_a_poison_update_is_taken_once(tmp_path: Path) -> None:
    """What can't be read gets a 200, or Telegram would send it for a day; it is set aside."""
    port = free_port()
    async with BotApi() as api:
        api.proxy("https://bot.example", to=f"http://127.0.0.1:{port}")
        async with bot_process(api, tmp_path, **settings(port)) as bot:
            api.updates.put_poison()
            user = api.user()
            await user.say("behind it")
            assert echoed(await user.wait_reply()) == "behind it"
            await bot.wait_log("set aside")
            assert await bot.end() == 0
            assert api.updates.pending_count == 0
