"""What the bot serves: Telegram's webhook, and its health to whoever runs it."""

from __future__ import annotations

import hmac
import json
import logging
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.database.store import StoreError
from bot.delivery.ordering import update_id_of
from index.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from bot.delivery.health import Health
    from bot.delivery.inbox import Inbox, Received

__all__ = ["WebServer", "health_app", "webhook_app"]

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name
_MAX_BODY_BYTES = 1024 * 1024  # an update is some KB
_CLOSING_S = 2.0

_log = logging.getLogger(__name__)


class WebServer:
    """Listens at one address until stopped."""

    def __init__(self, app: web.Application, host: str, port: int) -> None:
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSING_S)
        self._host = host
        self._port = port

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            ConfigurationError: the address is taken or not this machine's.
        """
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            raise ConfigurationError(
                f"can't listen at {self._host}:{self._port}: {error.strerror}"
            ) from None

    async def stop(self) -> None:
        """Answer what has come in, then close."""
        await self._runner.cleanup()


def webhook_app(
    path: str,
    secret: str,
    inbox: Inbox,
    *,
    on_received: Callable[[Sequence[Received]], None],
) -> web.Application:
    """Return the server for Telegram's updates: 200 once one is on disk, never before."""

    async def take(request: web.Request) -> web.Response:
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "replace"), secret.encode()):
            _log.warning("a request to the webhook without the secret was refused")
            return web.Response(status=401)
        update = _parsed(await request.read())  # over the limit: 413
        if update_id_of(update) is None:
            return web.Response(status=400)
        try:
            received = await inbox.receive([update])
        except StoreError:
            return web.Response(status=503)
        on_received(received)
        return web.Response()

    app = web.Application(client_max_size=_MAX_BODY_BYTES)
    app.router.add_post(path or "/", take)
    return app


def health_app(health: Health) -> web.Application:
    """Return `/healthz` (nothing is wrong) and `/readyz` (questions are taken): 200 or 503."""

    async def healthz(_: web.Request) -> web.Response:
        return _said(health, is_well=not health.problems)

    async def readyz(_: web.Request) -> web.Response:
        return _said(health, is_well=health.is_ready)

    app = web.Application()
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    return app


def _said(health: Health, *, is_well: bool) -> web.Response:
    body = {"ok": is_well, "problems": health.problems, "stopping": health.is_stopping}
    return web.json_response(body, status=200 if is_well else 503)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
