"""One address in front of several replicas of a bot, as nginx with `proxy_next_upstream` is.

    async with Balancer([8001, 8002, 8003]) as balancer:
        api.proxy("https://bot.example", to=balancer.url)

Replicas take turns. One that refuses the connection, does not answer in time, or with anything but
200, is passed over for the next, and then left alone for a moment. When none has taken an update
the answer is 503, and Telegram sends it again.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

__all__ = ["Balancer"]

_HOST = "127.0.0.1"
_HOP_BY_HOP = {"host", "connection", "content-length", "transfer-encoding", "keep-alive"}


class Balancer:
    """A proxy for requests small enough to be sent again; use it as an async context manager.

    `taken` counts the requests that each port has answered with 200.
    """

    def __init__(
        self, ports: Sequence[int], *, patience_s: float = 2.0, rest_s: float = 1.0
    ) -> None:
        self._ports = ports
        self._patience = aiohttp.ClientTimeout(total=patience_s)
        self._rest_s = rest_s
        self._turn = 0
        self._rests_until = dict.fromkeys(ports, 0.0)
        self._session: aiohttp.ClientSession | None = None
        self._runner = web.ServerRunner(
            web.Server(self._handle, access_log=None), shutdown_timeout=0.1
        )
        self.taken: Counter[int] = Counter()

    @property
    def url(self) -> str:
        """Where it listens, such as http://127.0.0.1:8080."""
        return f"http://{_HOST}:{self._runner.addresses[0][1]}"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=self._patience)
        await self._runner.setup()
        await web.TCPSite(self._runner, _HOST, 0).start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()
        if self._session is not None:
            await self._session.close()

    async def _handle(self, request: web.BaseRequest) -> web.Response:
        body = await request.read()
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in _HOP_BY_HOP
        }
        for port in self._in_turn():
            if await self._is_taken_by(port, request.path_qs, headers, body):
                self.taken[port] += 1
                return web.Response()
            self._rests_until[port] = time.monotonic() + self._rest_s
        return web.Response(status=503)

    def _in_turn(self) -> list[int]:
        """Return all replicas, those that rest last: they may be better than none."""
        self._turn += 1
        first = self._turn % len(self._ports)
        turned = [*self._ports[first:], *self._ports[:first]]
        now = time.monotonic()
        return sorted(turned, key=lambda port: self._rests_until[port] > now)

    async def _is_taken_by(
        self, port: int, path: str, headers: dict[str, str], body: bytes
    ) -> bool:
        if self._session is None:
            return False
        try:
            async with self._session.post(
                f"http://{_HOST}:{port}{path}", data=body, headers=headers
            ) as response:
                return response.status == web.HTTPOk.status_code
        except (aiohttp.ClientError, TimeoutError, asyncio.IncompleteReadError):
            return False
