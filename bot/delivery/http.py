"""The HTTP client under python-telegram-bot: aiohttp, whose errors tell what was never sent.

httpx, the library's own client, slows down from about 32 concurrent requests on, and its timeouts
don't say whether Telegram has the request (`benchmarks.delivery` measures both).
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import aiohttp
from telegram.request import BaseRequest

from bot.errors import FloodError, NotSentError, ServerFailedError, UnclearError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from telegram.request import RequestData

__all__ = ["AiohttpRequest"]

_CONNECT_S = 5.0
_READ_S = 15.0
_WRITE_S = 30.0  # for a server that takes the request byte by byte
_FILE_S = 120.0  # 20 MB on a slow line
_IDLE_S = 15.0  # shorter than a server's own limit, which would cut a request off
_DEFAULT_RETRY_AFTER_S = 5.0
_FAILED = {
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
}
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class AiohttpRequest(BaseRequest):
    """Requests over at most so many connections, which are kept."""

    def __init__(self, *, connections: int = 64) -> None:
        self._connections = connections
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long an answer may take, in seconds."""
        return _READ_S

    async def initialize(self) -> None:
        """Open the session, on the loop that will use it."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections, keepalive_timeout=_IDLE_S),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=True,  # proxies, as the library's own client does
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(  # noqa: PLR0917 -- the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and the body of the answer.

        Raises:
            FloodError: 429.
            NotSentError: nothing left this machine.
            ServerFailedError: 500, 502 or 503.
            UnclearError: the request left, and no whole answer came.
        """
        if self._session is None:
            raise NotSentError("the client is closed")
        connect_s = _seconds(connect_timeout, _CONNECT_S)
        read_s = _seconds(read_timeout, _READ_S)
        wait_s = connect_s + _seconds(pool_timeout, _CONNECT_S)
        timeout = aiohttp.ClientTimeout(
            total=wait_s + read_s + _seconds(write_timeout, _WRITE_S),  # aiohttp knows no other
            connect=wait_s,
            sock_connect=connect_s,
            sock_read=read_s,
        )
        body, headers = _encoded(request_data)
        with _without_url():
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                status, payload = response.status, await response.read()
        if status == HTTPStatus.TOO_MANY_REQUESTS:
            raise FloodError(_retry_after_s(payload))
        if status in _FAILED:
            raise ServerFailedError(f"{HTTPStatus(status).phrase} ({status})")
        if status == HTTPStatus.GATEWAY_TIMEOUT:
            raise UnclearError(f"{HTTPStatus(status).phrase} ({status})")
        return status, payload

    async def fetch(self, url: str, *, max_bytes: int) -> bytes | None:
        """Return the file at an address, None once it turns out to be larger than `max_bytes`.

        Raises:
            NotSentError: no connection can be made.
            UnclearError: it does not come, or not to its end.
        """
        if self._session is None:
            raise NotSentError("the client is closed")
        timeout = aiohttp.ClientTimeout(total=_FILE_S, connect=_CONNECT_S, sock_read=_READ_S)
        content = bytearray()
        with _without_url():
            async with self._session.get(url, timeout=timeout, allow_redirects=False) as response:
                if response.status != HTTPStatus.OK:
                    raise UnclearError(f"status {response.status}")
                async for part in response.content.iter_any():
                    content += part
                    if len(content) > max_bytes:
                        return None
        return bytes(content)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Any:
        """Return what the answer holds; the library's own logs what it can't read.

        Raises:
            UnclearError: it is no JSON object.
        """
        try:
            parsed = json.loads(payload)
        except (ValueError, RecursionError):
            raise UnclearError("Invalid server response") from None
        if not isinstance(parsed, dict):
            raise UnclearError("Invalid server response")
        return parsed


@contextmanager
def _without_url() -> Iterator[None]:
    """Turn aiohttp's errors, which may show the URL and so the token, into ours."""
    try:
        yield
    except aiohttp.ClientHttpProxyError as error:  # it refuses to connect
        raise NotSentError(f"{type(error).__name__}: {error.status}") from None
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        reason = getattr(error, "os_error", None) or "the connection timed out"
        raise NotSentError(f"{type(error).__name__}: {reason}") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise UnclearError(type(error).__name__) from None


def _seconds(given: Any, default: float) -> float:
    return float(given) if isinstance(given, int | float) else default


def _encoded(data: RequestData | None) -> tuple[Any, dict[str, str]]:
    if data is None:
        return None, {}
    if not data.contains_files:
        # What is no text (a lone surrogate) becomes a question mark: it must not fail the call.
        return data.url_encoded_parameters({"errors": "replace"}).encode(), _FORM
    form = aiohttp.FormData(quote_fields=False)  # else a file's name arrives with %20 in it
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mime_type) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=mime_type)
    return form, {}


def _retry_after_s(payload: bytes) -> float:
    try:
        return float(json.loads(payload)["parameters"]["retry_after"])
    except (ValueError, TypeError, KeyError):
        return _DEFAULT_RETRY_AFTER_S
