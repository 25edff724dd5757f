"""Fixtures for the tests of the server itself: a server, and a client without a library."""

from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import aiohttp
import pytest

from tests.botapi import BotApi

Caller = Callable[..., Coroutine[Any, Any, dict[str, Any]]]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """Start a server that ends with the test."""
    async with BotApi() as server:
        yield server


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """Open an HTTP client that ends with the test."""
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def call(api: BotApi, http: aiohttp.ClientSession) -> Caller:
    """Return a function that calls a method with JSON and returns the whole envelope."""

    async def post(method: str, **parameters: Any) -> dict[str, Any]:
        url = f"{api.base_url}/bot{api.token}/{method}"
        async with http.post(url, json=parameters) as response:
            envelope: dict[str, Any] = await response.json()
            assert response.status == envelope.get("error_code", 200)
            return envelope

    return post
