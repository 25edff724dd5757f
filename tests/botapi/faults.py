"""Faults by script: what goes wrong with which call.

api.faults.add("sendMessage", chat_id=user.id, nth=2, fault=refusal(429, retry_after=3))
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tests.botapi.errors import ApiError
from tests.botapi.rates import too_many_requests

_TEXTS = {
    400: "Bad Request: message can't be sent",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class Ending(StrEnum):
    """What the client gets to see of its call."""

    ANSWER = "answer"  # the envelope, whole
    HTML = "html"  # a proxy's page instead of JSON
    TRUNCATED = "truncated"  # half of the body, then the end of the connection
    CLOSED = "closed"  # the connection ends without a byte
    RESET = "reset"  # the connection is torn down: ECONNRESET
    SILENCE = "silence"  # nothing, for as long as the client waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong; delays are seconds of the server's clock."""

    has_effect: bool = True
    refusal: ApiError | None = None
    ending: Ending = Ending.ANSWER
    before_s: float = 0.0
    after_s: float = 0.0


def refusal(
    code: int, description: str = "", *, has_effect: bool = False, **parameters: Any
) -> Fault:
    """Answer with this status; `parameters` are those of the envelope, such as retry_after."""
    if "retry_after" in parameters and not description:
        error = too_many_requests(parameters["retry_after"])
    else:
        error = ApiError(code, description or _TEXTS.get(code, "Bad Request"), parameters)
    return Fault(refusal=error, has_effect=has_effect)


def bad_gateway(*, has_effect: bool = False) -> Fault:
    """Answer 502 with a web page, as a proxy in front of the real server does."""
    return Fault(refusal=ApiError(502, "Bad Gateway"), ending=Ending.HTML, has_effect=has_effect)


def delay(*, before_s: float = 0.0, after_s: float = 0.0) -> Fault:
    """Be slow, before or after the effect."""
    return Fault(before_s=before_s, after_s=after_s)


def disconnect(*, has_effect: bool, is_reset: bool = False) -> Fault:
    """End the connection before or after the effect, with nothing answered."""
    return Fault(has_effect=has_effect, ending=Ending.RESET if is_reset else Ending.CLOSED)


def truncated() -> Fault:
    """Take the call, and send half of the answer."""
    return Fault(ending=Ending.TRUNCATED)


def silence(*, has_effect: bool = True) -> Fault:
    """Take the call, and never answer it."""
    return Fault(has_effect=has_effect, ending=Ending.SILENCE)


@dataclass(slots=True, kw_only=True)
class _Rule:
    method: str
    chat_id: int | None
    skip: int
    times: int | None
    fault: Fault

    def matches(self, method: str, parameters: Mapping[str, str]) -> bool:
        if self.method not in {"", method} or self.times == 0:
            return False
        return self.chat_id is None or parameters.get("chat_id") == str(self.chat_id)


class Faults:
    """The script: rules in the order in which they were added; the first that applies counts."""

    def __init__(self) -> None:
        self._rules: list[_Rule] = []

    def add(
        self,
        method: str = "",
        *,
        fault: Fault,
        chat_id: int | None = None,
        nth: int = 1,
        times: int | None = 1,
    ) -> None:
        """Let `times` matching calls fail, from the `nth` on; no method means every method.

        With `times` None all calls from the nth on fail, until `clear`.
        """
        self._rules.append(
            _Rule(method=method, chat_id=chat_id, skip=nth - 1, times=times, fault=fault)
        )

    def clear(self) -> None:
        """Forget the script."""
        self._rules.clear()

    def take(self, method: str, parameters: Mapping[str, str]) -> Fault | None:
        """Return what is to go wrong with this call; every rule that it matches counts it."""
        found = None
        for rule in self._rules:
            if not rule.matches(method, parameters):
                continue
            if rule.skip:
                rule.skip -= 1
            elif found is None:
                found = rule.fault
                rule.times = None if rule.times is None else rule.times - 1
        return found
