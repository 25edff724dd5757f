"""The server: HTTP in front of one bot's account."""

from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.botapi.account import Account
from tests.botapi.answers import ANSWERS
from tests.botapi.calls import Call, CallLog
from tests.botapi.checking import find_method, typed_arguments
from tests.botapi.clock import Clock
from tests.botapi.decoding import read_parameters
from tests.botapi.errors import ApiError
from tests.botapi.updates import UpdateQueue
from tests.botapi.users import ScriptedUser
from tests.botapi.world import World

TOKEN = "123456789:test-token-that-opens-nothing"
HOST = "127.0.0.1"
_MAX_BODY_BYTES = 4 * 1024 * 1024
_SHUTDOWN_S = 1.0


class BotApi:
    """A Bot API server on 127.0.0.1 that knows one bot; use it as an async context manager.

    `base_url` has no trailing slash; python-telegram-bot wants f"{base_url}/bot". A fault of the
    server itself answers 500 and is raised when the context ends, so that no test misses it.
    """

    def __init__(
        self,
        token: str = TOKEN,
        *,
        first_name: str = "Verbatim",
        username: str = "verbatim_test_bot",
        port: int = 0,
    ) -> None:
        self.token = token
        self.clock = Clock()
        self.account = Account(token, first_name=first_name, username=username, clock=self.clock)
        self._port = port
        self._is_revoked = False
        self._failures: list[Exception] = []
        app = web.Application(client_max_size=_MAX_BODY_BYTES)
        for path in ("/bot{token}/{method}", "/{other:.*}"):
            app.router.add_route("*", path, self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN_S)

    @property
    def base_url(self) -> str:
        """Where the server listens, such as http://127.0.0.1:8081."""
        return f"http://{HOST}:{self._port}"

    @property
    def calls(self) -> CallLog:
        """The record of the bot's calls."""
        return self.account.calls

    @property
    def updates(self) -> UpdateQueue:
        """The bot's queue of updates, for what no scripted user does."""
        return self.account.updates

    @property
    def world(self) -> World:
        """The users, chats and messages."""
        return self.account.world

    def user(self, first_name: str = "Ada", **names: str) -> ScriptedUser:
        """Make a new user; `last_name`, `username` and `language_code` are optional."""
        return ScriptedUser(self.account, self.world.new_chat(first_name, **names))

    def revoke_token(self) -> None:
        """Answer 401 from now on, as after /revoke."""
        self._is_revoked = True

    async def start(self) -> None:
        """Begin to listen; with port 0 the system chooses a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, HOST, self._port).start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Answer the polls that wait, then close every connection."""
        self.updates.close()
        await self._runner.cleanup()

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

    async def _handle(self, request: web.Request) -> web.Response:
        try:
            answer = await self._answer(request)
        except ApiError as refusal:
            answer = refusal.envelope()
        except web.HTTPException as refusal:  # such as a body that is too large
            answer = ApiError(refusal.status, refusal.reason).envelope()
        except Exception as failure:  # noqa: BLE001 -- kept, and raised when the context ends
            self._failures.append(failure)
            answer = ApiError(500, f"Internal Server Error: {failure!r}").envelope()
        return web.json_response(answer, status=answer.get("error_code", 200))

    async def _answer(self, request: web.Request) -> dict[str, Any]:
        if "method" not in request.match_info:
            raise ApiError(404, "Not Found")
        if request.match_info["token"] != self.token or self._is_revoked:
            raise ApiError(401, "Unauthorized")
        method = find_method(request.match_info["method"])
        parameters = await read_parameters(request)
        call = Call(method=method, parameters=parameters, arrived_at=self.clock.now())
        self.calls.arrive(call)
        try:
            ok = await ANSWERS[method](self.account, typed_arguments(method, parameters))
        except ApiError as refusal:
            self.calls.finish(call, refusal.envelope())
            raise
        self.calls.finish(call, ok.envelope())
        return ok.envelope()
