"""Files that people send are fetched, as much of them as may be."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from aiohttp import web
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from bot.delivery import downloads
from bot.delivery.downloads import Downloads
from bot.delivery.http import AiohttpRequest
from bot.errors import NotSentError, UnclearError
from tests.botapi import BotApi
from tests.botapi.server import TOKEN

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

SECRET = TOKEN.partition(":")[2]


def bot_of(url: str) -> Bot:
    """Return a bot of the library over our client."""
    return Bot(TOKEN, f"{url}/bot", f"{url}/file/bot", request=AiohttpRequest())


async def test_a_file_is_fetched_up_to_its_limit() -> None:
    """To the last byte of what may be; one more, and there is none of it."""
    content = b"0123456789" * 20_000
    async with BotApi() as api, bot_of(api.base_url) as bot:
        sent = await api.user().send_document(content, name="a.txt")
        assert sent.document is not None
        fetch = Downloads(bot).fetch
        assert await fetch(sent.document.file_id, max_bytes=len(content)) == content
        assert await fetch(sent.document.file_id, max_bytes=len(content) - 1) is None
        with pytest.raises(BadRequest):
            await fetch("no such file", max_bytes=10)


@asynccontextmanager
async def serving(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Any:
    """Give a bot of a server that answers every download like this."""

    async def get_file(_: web.Request) -> web.Response:
        return web.json_response({"ok": True, "result": {"file_path": "documents/a.txt"}})

    app = web.Application()
    app.router.add_post(f"/bot{TOKEN}/getFile", get_file)
    app.router.add_get(f"/file/bot{TOKEN}/documents/a.txt", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    bot = bot_of(f"http://{host}:{port}")
    await bot._request[1].initialize()
    try:
        yield bot
    finally:
        await bot._request[1].shutdown()
        await runner.cleanup()


async def missing(_: web.Request) -> web.StreamResponse:
    """Answer that there is none."""
    return web.Response(status=404)


async def cut(request: web.Request) -> web.StreamResponse:
    """Promise more than comes."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"half")
    if request.transport is not None:
        request.transport.close()
    return response


async def elsewhere(_: web.Request) -> web.StreamResponse:
    """Send the client to another server."""
    return web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"})


@pytest.mark.parametrize("answer", [missing, cut, elsewhere])
async def test_half_a_file_is_none(answer: Any) -> None:
    """Nor is one that another server has; no error shows the token."""
    async with serving(answer) as bot:
        with pytest.raises(UnclearError) as caught:
            await Downloads(bot).fetch("a", max_bytes=1000)
        assert SECRET not in repr(caught.value)
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


async def test_a_server_that_is_gone_gives_nothing() -> None:
    """And the client that is closed neither."""
    request = AiohttpRequest()
    with pytest.raises(NotSentError):
        await request.fetch("http://127.0.0.1:9/", max_bytes=1)
    await request.initialize()
    with pytest.raises(NotSentError):
        await request.fetch("http://127.0.0.1:9/", max_bytes=1)
    await request.shutdown()


@pytest.mark.parametrize(
    "path", [None, 7, "", "/var/lib/a.txt", "../a.txt", "a/../b.txt", "a.txt?x=1", "a b.txt"]
)
async def test_only_a_plain_path_is_followed(
    monkeypatch: pytest.MonkeyPatch, path: object
) -> None:
    """What the server says becomes part of an address."""

    async def answer(*_: object, **__: object) -> dict[str, object]:
        return {"file_path": path}

    monkeypatch.setattr(downloads, "call", answer)
    with pytest.raises(TelegramError, match="no path"):
        await Downloads(bot_of("http://127.0.0.1:9")).fetch("a", max_bytes=1)
