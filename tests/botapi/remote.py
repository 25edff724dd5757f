"""A server in a process of its own, as a test or a benchmark sees it.

    async with RemoteBotApi() as api:
        ...start the bot with api.token and api.base_url...
        await api.do("wait_for_poller")
        figures = await api.do("load", users=200, questions=1_000)

So the server's work and the caller's do not take turns in one interpreter.
"""

import asyncio
import json
import sys
from asyncio.subprocess import PIPE, Process
from types import TracebackType
from typing import Any, Self

_LINE_BYTES = 16 * 1024 * 1024  # the latencies of many questions come in one line


class RemoteError(Exception):
    """A command that the server could not do."""


class RemoteBotApi:
    """The process and the commands under way; use it as an async context manager."""

    def __init__(self) -> None:
        self.token = ""
        self.base_url = ""
        self._process: Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._last_id = 0

    async def do(self, command: str, **given: Any) -> Any:
        """Have a command done (see `control`), and return its result.

        Raises:
            RemoteError: when it could not be done, or the server has ended.
        """
        process = self._running()
        self._last_id += 1
        number = self._last_id
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": number, "do": command} | given)
        if process.stdin is not None:
            process.stdin.write(line.encode() + b"\n")
            await process.stdin.drain()
        return await answer

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.botapi",
            "--control",
            "--port",
            "0",
            stdin=PIPE,
            stdout=PIPE,
            limit=_LINE_BYTES,
        )
        hello = json.loads(await self._line())
        self.token, self.base_url = hello["token"], hello["base_url"]
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        process = self._running()
        if process.stdin is not None:
            process.stdin.close()
        if self._reader is not None:
            await self._reader
        await process.wait()

    def _running(self) -> Process:
        if self._process is None:
            raise RemoteError("the server is not running")
        return self._process

    async def _line(self) -> bytes:
        process = self._running()
        return b"" if process.stdout is None else await process.stdout.readline()

    async def _read(self) -> None:
        while line := await self._line():
            answer = json.loads(line)
            waiting = self._waiting.pop(answer["id"])
            if waiting.done():
                continue
            if "error" in answer:
                waiting.set_exception(RemoteError(answer["error"]))
            else:
                waiting.set_result(answer["result"])
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(RemoteError("the server has ended"))
