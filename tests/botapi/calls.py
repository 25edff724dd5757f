"""The record of every call a bot has made."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(slots=True, kw_only=True)
class Call:
    """One call: the method, the parameters as they came, and the answer once there is one."""

    method: str
    parameters: dict[str, str]
    arrived_at: float
    answer: dict[str, Any] | None = None
    is_webhook_reply: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the server has answered: a long poll may take its time."""
        return self.answer is not None

    @property
    def error_code(self) -> int | None:
        """The refusal's code, None for a call that succeeded or is still open."""
        return (self.answer or {}).get("error_code")


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    method: str
    where: Callable[[Call], bool]
    found: asyncio.Future[Call]

    def offer(self, call: Call) -> None:
        if not self.found.done() and call.method == self.method and self.where(call):
            self.found.set_result(call)


class CallLog:
    """All calls in the order in which they arrived."""

    def __init__(self) -> None:
        self._calls: list[Call] = []
        self._waiters: list[_Waiter] = []

    def __iter__(self) -> Iterator[Call]:
        return iter(self._calls)

    def of(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [each for each in self._calls if each.method == method]

    def latest(self, count: int) -> list[Call]:
        """Return the last `count` calls, oldest first."""
        return self._calls[-count:]

    def arrive(self, call: Call) -> None:
        """Record a call that has just come in."""
        self._calls.append(call)
        self._offer(call)

    def finish(self, call: Call, answer: dict[str, Any]) -> None:
        """Record a call's answer."""
        call.answer = answer
        self._offer(call)

    async def wait_for(
        self,
        method: str,
        where: Callable[[Call], bool] = lambda call: call.is_answered,
        *,
        timeout_s: float = 10.0,
    ) -> Call:
        """Return the first call of `method` for which `where` holds, past or to come.

        Unless told otherwise it waits for an answered call.

        Raises:
            TimeoutError: when none came in time; the text names the last calls there were.
        """
        waiter = _Waiter(method, where, asyncio.get_running_loop().create_future())
        for call in self._calls:
            waiter.offer(call)
        self._waiters.append(waiter)
        try:
            async with asyncio.timeout(timeout_s):
                return await waiter.found
        except TimeoutError:
            raise TimeoutError(f"no such {method} within {timeout_s} s; {self}") from None
        finally:
            self._waiters.remove(waiter)

    def __str__(self) -> str:
        names = ", ".join(each.method for each in self.latest(5))
        return f"the last calls were: {names or 'none'}"

    def _offer(self, call: Call) -> None:
        for waiter in self._waiters:
            waiter.offer(call)
