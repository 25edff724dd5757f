"""Sends updates to a webhook, again and again until it takes them.

Source: tdlib/telegram-bot-api, WebhookActor.cpp, send_update, handle and on_update_error: updates
of one chat go one after another, those of several chats side by side over at most
max_connections; the first retry follows at once, the next after 2, 4, 8 seconds and so on up to a
minute, or after the seconds that a Retry-After header asks for.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.botapi.clock import Clock
from tests.botapi.updates import QueuedUpdate, UpdateQueue
from tests.botapi.webhooks import Webhook

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_WAIT_S = 60
MAX_RETRY_AFTER_S = 3600
_TIMEOUT = aiohttp.ClientTimeout(total=60)
_BY_CHAT = {"message", "edited_message"}

Perform = Callable[[aiohttp.ClientResponse], Awaitable[None]]


class Delivery:
    """One bot's deliveries.

    `proxies` stand in for the proxy that ends TLS: they map an origin such as https://bot.example
    to the local address that the bot listens on. `on_reply` gets every 2xx answer, whose body may
    be a call of a method.
    """

    def __init__(self, updates: UpdateQueue, clock: Clock) -> None:
        self._updates = updates
        self._clock = clock
        self._lanes: dict[tuple[str, int], deque[QueuedUpdate]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._places = asyncio.Semaphore(1)
        self._changing = asyncio.Lock()  # several replicas may set it at once
        self._webhook = Webhook(url="")
        self.proxies: dict[str, str] = {}
        self.on_reply: Perform | None = None

    async def start(self, webhook: Webhook) -> None:
        """Deliver what is pending and what is to come."""
        async with self._changing:
            await self._stop()
            self._webhook = webhook
            self._places = asyncio.Semaphore(webhook.max_connections)
            self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
            self._updates.on_put = self._add
            for queued in self._updates.pending:
                self._add(queued)

    async def stop(self) -> None:
        """Deliver nothing more; what was not taken stays pending."""
        async with self._changing:
            await self._stop()

    async def _stop(self) -> None:
        self._updates.on_put = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _add(self, queued: QueuedUpdate) -> None:
        key = _lane(queued)
        if lane := self._lanes.get(key):
            lane.append(queued)
            return
        self._lanes[key] = deque([queued])
        task = asyncio.create_task(self._drain(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: tuple[str, int]) -> None:
        lane = self._lanes[key]
        while lane:
            await self._deliver(lane[0])
            lane.popleft()
        del self._lanes[key]

    async def _deliver(self, queued: QueuedUpdate) -> None:
        delay_s, fails = 1, 0
        while self._updates.is_pending(queued.update_id):
            async with self._places:
                retry_after_s = await self._attempt(queued)
            if retry_after_s is None:
                self._updates.confirm(queued.update_id)
                return
            if not retry_after_s and fails:
                delay_s = min(MAX_WAIT_S, 2 * delay_s)
                retry_after_s = delay_s
            fails += 1
            await self._clock.sleep(retry_after_s)

    async def _attempt(self, queued: QueuedUpdate) -> int | None:
        """Send once; return None when it was taken, else the seconds that the bot asks for."""
        headers = {}
        if self._webhook.secret_token:
            headers[SECRET_HEADER] = self._webhook.secret_token
        try:
            address = self._address()
            if self._session is None or not address:
                return self._fail("Failed to resolve host: Name or service not known")
            async with self._session.post(
                address, json=queued.body, headers=headers, allow_redirects=False
            ) as response:
                if not 200 <= response.status <= 299:
                    self._fail(
                        f"Wrong response from the webhook: {response.status} {response.reason}"
                    )
                    return _retry_after_s(response)
                await response.read()
                if self.on_reply is not None:
                    await self.on_reply(response)
                return None
        except aiohttp.ClientConnectorError:
            return self._fail("Connection refused")
        except TimeoutError:
            return self._fail("Read timeout expired")
        except aiohttp.ClientError:
            return self._fail("Connection closed")

    def _address(self) -> str:
        url = urlsplit(self._webhook.url)
        local = self.proxies.get(f"https://{url.netloc}", "")
        return local and f"{local}{url.path}" + (f"?{url.query}" if url.query else "")

    def _fail(self, message: str) -> int:
        self._webhook.last_error_date = int(self._clock.now())
        self._webhook.last_error_message = message
        return 0


def _lane(queued: QueuedUpdate) -> tuple[str, int]:
    """Return what must stay in order: a chat's messages, or a user's queries of one kind."""
    body: dict[str, Any] = queued.body[queued.kind]
    if queued.kind in _BY_CHAT:
        chat = body.get("chat")
        return "message", chat["id"] if isinstance(chat, dict) else 0
    owner = body.get("from") or body.get("chat") or {}
    return queued.kind, owner.get("id", 0)


def _retry_after_s(response: aiohttp.ClientResponse) -> int:
    with contextlib.suppress(ValueError):
        asked_s = int(response.headers.get("Retry-After", "0"))
        return min(max(asked_s, 0), MAX_RETRY_AFTER_S)
    return 0
