"""Refusals of the Bot API, with the texts of the real server.

ApiError     any refusal: status, description, and parameters such as retry_after
"""

from collections.abc import Mapping
from typing import Any


class ApiError(Exception):
    """A refused call: the HTTP status, the description and the response parameters."""

    def __init__(
        self, code: int, description: str, parameters: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(f"{code}: {description}")
        self.code = code
        self.description = description
        self.parameters = dict(parameters or {})

    def envelope(self) -> dict[str, Any]:
        """Return the JSON object that answers the call (Bot API, "Making requests")."""
        answer: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


def bad_request(message: str) -> ApiError:
    """Return a 400 whose text begins in lower case, unless it is a CODE_LIKE_THIS.

    Source: tdlib/telegram-bot-api, Client.cpp, fail_query_with_error.
    """
    return ApiError(400, f"Bad Request: {_lowered(message)}")


def forbidden(message: str) -> ApiError:
    """Return a 403 with the same rule for its first letter."""
    return ApiError(403, f"Forbidden: {_lowered(message)}")


def conflict(message: str) -> ApiError:
    """Return a 409, the answer to a getUpdates that another request has ended."""
    return ApiError(409, f"Conflict: {message}")


def not_modelled(what: str) -> ApiError:
    """Return a 501 for a part of the Bot API that this server does not imitate."""
    return ApiError(501, f"Not Implemented: the test server does not model {what}")


def _lowered(message: str) -> str:
    is_code = len(message) > 1 and (message[1] == "_" or "A" <= message[1] <= "Z")
    return message if is_code else message[:1].lower() + message[1:]
