"""The server: HTTP in front of the accounts of one or more bots."""

import asyncio
import re
from functools import partial
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.botapi.account import Account
from tests.botapi.clock import Clock
from tests.botapi.errors import ApiError
from tests.botapi.exchange import exchange, json_response, perform_reply
from tests.botapi.scene import Scene

TOKEN = "123456789:test-token-that-opens-nothing"
HOST = "127.0.0.1"
_MAX_BODY_BYTES = 4 * 1024 * 1024
_MAX_PART_BYTES = 64 * 1024 * 1024  # files have a limit of their own
_SHUTDOWN_S = 0.05  # nothing that is worth waiting for takes longer
_PATH = re.compile(r"/(?P<kind>(?:file/)?)bot(?P<token>[^/]*)/(?P<name>.+)")


class BotApi(Scene):
    """A Bot API server on 127.0.0.1; use it as an async context manager.

    It is the scene of its first bot; `add_bot` makes others. `base_url` has no trailing slash;
    python-telegram-bot wants f"{base_url}/bot". `latency_s` is added to every call, half of it
    on the way in. A fault of the server itself answers 500 and is raised when the context ends,
    so that no test misses it.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        first_name: str = "Verbatim",
        username: str = "verbatim_test_bot",
        port: int = 0,
        latency_s: float = 0.0,
    ) -> None:
        self.latency_s = latency_s
        self._accounts: dict[str, Account] = {}
        self._port = port
        self._failures: list[Exception] = []
        self._runner: web.ServerRunner | None = None
        clock = Clock()
        super().__init__(self._new_account(token, first_name, username, clock))

    @property
    def base_url(self) -> str:
        """Where the server listens, such as http://127.0.0.1:8081."""
        return f"http://{HOST}:{self._port}"

    def add_bot(self, token: str, *, first_name: str = "Other", username: str) -> Scene:
        """Make another bot, with users and chats of its own."""
        return Scene(self._new_account(token, first_name, username, self.clock))

    async def start(self) -> None:
        """Begin to listen; with port 0 the system chooses a free one, which is then kept."""
        server = web.Server(
            self._handle,
            access_log=None,
            handler_cancellation=True,  # a poll ends with its connection
            request_factory=_large_request,
        )
        self._runner = web.ServerRunner(server, shutdown_timeout=_SHUTDOWN_S)
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop_listening(self) -> None:
        """Close every connection and refuse new ones; `start` listens at the same port again."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def stop(self) -> None:
        """Answer the polls that wait, end deliveries, then close every connection."""
        for account in self._accounts.values():
            account.updates.close()
            await account.delivery.stop()
            for effect in account.effects:
                effect.cancel()
        await asyncio.sleep(0)  # lets the polls answer
        await self.stop_listening()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()
        if self._failures and error is None:
            raise ExceptionGroup("the test server itself failed", self._failures)

    def _new_account(self, token: str, first_name: str, username: str, clock: Clock) -> Account:
        account = Account(token, first_name=first_name, username=username, clock=clock)
        account.delivery.on_reply = partial(perform_reply, account)
        self._accounts[token] = account
        return account

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await self._answer(request)
        except ApiError as refusal:
            answer = refusal.envelope()
        except web.HTTPException as refusal:  # such as a body that is too large
            answer = ApiError(refusal.status, refusal.reason).envelope()
        except ConnectionError:  # the client has gone: there is nobody to answer
            raise
        except Exception as failure:  # noqa: BLE001 -- kept, and raised when the context ends
            self._failures.append(failure)
            answer = ApiError(500, f"Internal Server Error: {failure!r}").envelope()
        return json_response(answer)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        found = _PATH.fullmatch(request.path)
        if found is None:
            raise ApiError(404, "Not Found")
        account = self._accounts.get(found["token"])
        if account is None or (found["kind"] and account.is_revoked):
            raise ApiError(401, "Unauthorized")
        if found["kind"]:
            content = account.world.files.download(found["name"], now=self.clock.now())
            return web.Response(body=content, content_type="application/octet-stream")
        return await exchange(request, account, found["name"], latency_s=self.latency_s)


def _large_request(*parts: Any) -> web.BaseRequest:
    """Make a request whose body may be larger than a low-level server allows."""
    message, payload, protocol, writer, task = parts
    is_multipart = message.headers.get("Content-Type", "").startswith("multipart/")
    return web.BaseRequest(
        message,
        payload,
        protocol,
        writer,
        task,
        asyncio.get_running_loop(),
        client_max_size=_MAX_PART_BYTES if is_multipart else _MAX_BODY_BYTES,
    )
