"""The server in a process of its own, told what to do by JSON lines on standard input.

Each line is {"id": ..., "do": "<command>", ...} and is answered, when it is done, by a line
{"id": ..., "result": ...} or {"id": ..., "error": "..."}; several may be under way at once.
The end of the input ends the server.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from tests.botapi.errors import ApiError
from tests.botapi.faults import Ending, Fault
from tests.botapi.lines import read_lines
from tests.botapi.load import run_load
from tests.botapi.server import BotApi

if TYPE_CHECKING:
    from tests.botapi.users import ScriptedUser

Given = Mapping[str, Any]


class Control:
    """The commands, on one server."""

    def __init__(self, api: BotApi) -> None:
        self._api = api
        self._users: list[ScriptedUser] = []
        self._commands: Mapping[str, Callable[[Given], Awaitable[Any]]] = {
            "user": self._user,
            "say": self._say,
            "wait_reply": self._wait_reply,
            "load": self._load,
            "fault": self._fault,
            "clear_faults": self._clear_faults,
            "latency": self._latency,
            "rates": self._rates,
            "proxy": self._proxy,
            "advance": self._advance,
            "status": self._status,
            "wait_for_poller": self._wait_for_poller,
            "stop_listening": self._stop_listening,
            "start": self._start,
        }

    async def run(self) -> None:
        """Do what comes in, until the input ends."""
        _write({"token": self._api.token, "base_url": self._api.base_url})
        under_way: set[asyncio.Task[None]] = set()
        lines = read_lines()
        while (line := await lines.get()) is not None:
            task = asyncio.create_task(self._answer(json.loads(line)))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        for task in under_way:
            task.cancel()

    async def _answer(self, given: dict[str, Any]) -> None:
        number, command = given.pop("id", None), given.pop("do", "")
        act = self._commands.get(command)
        if act is None:
            known = ", ".join(self._commands)
            _write({"id": number, "error": f"no command {command!r}; there are {known}"})
            return
        try:
            result = await act(given)
        except (ValueError, KeyError, IndexError, TypeError, TimeoutError) as failure:
            _write({"id": number, "error": f"{type(failure).__name__}: {failure}"})
        else:
            _write({"id": number, "result": result})

    async def _user(self, given: Given) -> int:
        self._users.append(self._api.user(**given))
        return len(self._users) - 1

    async def _say(self, given: Given) -> int:
        message = await self._users[given["user"]].say(given["text"])
        return message.message_id

    async def _wait_reply(self, given: Given) -> dict[str, Any]:
        user = self._users[given["user"]]
        reply = await user.wait_reply(timeout_s=given.get("timeout_s", 10.0))
        return reply.to_json()

    async def _load(self, given: Given) -> dict[str, Any]:
        texts = given.get("texts") or ["question"]
        report = await run_load(
            self._api,
            users=given["users"],
            questions=given["questions"],
            text=lambda number: texts[number % len(texts)],
            is_burst=given.get("is_burst", False),
            timeout_s=given.get("timeout_s", 60.0),
        )
        return report.to_json() | {"latencies_s": report.latencies_s}

    async def _fault(self, given: Given) -> None:
        """Take a fault's fields as JSON: `code`, `description`, `parameters`, `ending`, ..."""
        rest = dict(given)
        rule = {name: rest.pop(name) for name in ("chat_id", "nth", "times") if name in rest}
        method = rest.pop("method", "")
        if "code" in rest:
            rest["refusal"] = ApiError(
                rest.pop("code"), rest.pop("description", ""), rest.pop("parameters", {})
            )
            rest.setdefault("has_effect", False)
        rest["ending"] = Ending(rest.get("ending", "answer"))
        self._api.faults.add(method, fault=Fault(**rest), **rule)

    async def _clear_faults(self, _: Given) -> None:
        self._api.faults.clear()

    async def _latency(self, given: Given) -> None:
        self._api.latency_s = given["seconds"]

    async def _rates(self, given: Given) -> None:
        self._api.enforce_rates(**given)

    async def _proxy(self, given: Given) -> None:
        self._api.proxy(given["origin"], to=given["to"])

    async def _advance(self, given: Given) -> None:
        self._api.clock.advance(given["seconds"])

    async def _status(self, _: Given) -> dict[str, Any]:
        """Tell how many updates are pending, and of each method the calls and the refusals."""
        calls: dict[str, dict[str, int]] = {}
        for call in self._api.calls:
            counts = calls.setdefault(call.method, {"calls": 0, "refused": 0})
            counts["calls"] += 1
            counts["refused"] += call.error_code is not None
        return {"pending": self._api.updates.pending_count, "calls": calls}

    async def _wait_for_poller(self, given: Given) -> None:
        await self._api.updates.wait_for_poller(timeout_s=given.get("timeout_s", 10.0))

    async def _stop_listening(self, _: Given) -> None:
        await self._api.stop_listening()

    async def _start(self, _: Given) -> None:
        await self._api.start()


def _write(answer: Mapping[str, Any]) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()
