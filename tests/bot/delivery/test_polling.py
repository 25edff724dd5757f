"""What a server or a proxy answers that is no list of updates is not asked for without a pause."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from telegram.error import TelegramError

from bot.database.sqlite import SqliteDatabase
from bot.database.store import Store
from bot.delivery.health import Health
from bot.delivery.inbox import Inbox, Received
from bot.delivery.outgoing import Messages
from bot.delivery.polling import Poller
from bot.delivery.sent import Sent

if TYPE_CHECKING:
    from telegram.request import BaseRequest


class FixedRequest:
    """Gives the same result to every poll, and remembers the addresses."""

    def __init__(self, result: Any) -> None:
        self.result = result
        self.urls: list[str] = []

    async def post(self, url: str, **_: Any) -> Any:
        """Return the result."""
        self.urls.append(url)
        return self.result


async def polled(tmp_path: Path, result: Any) -> tuple[list[Received], FixedRequest, Health]:
    """Poll once with this result; return what was received, and by what."""
    store = Store(SqliteDatabase(tmp_path / "bot.db"))
    request, health, received = FixedRequest(result), Health(), list[Received]()
    poller = Poller(
        cast("BaseRequest", request),
        "http://bot",
        Inbox(store, Messages(store, Sent(store, 1), 1), 1),
        health,
        kinds=("message",),
        on_received=received.extend,
    )
    try:
        await poller._take(await poller._poll(timeout_s=0))
    finally:
        store.close()
    return received, request, health


@pytest.mark.parametrize("result", [{}, None, "?", 7])
async def test_what_is_no_list_is_a_failed_poll(tmp_path: Path, result: object) -> None:
    """It is followed by a pause, and is no sign of life."""
    with pytest.raises(TelegramError, match="Invalid server response"):
        await polled(tmp_path, result)


async def test_updates_without_numbers_are_a_failed_poll(tmp_path: Path) -> None:
    """They can't be confirmed, so they would come again at once, for ever."""
    with pytest.raises(TelegramError, match="without numbers"):
        await polled(tmp_path, [{"message": {}}])


async def test_the_next_poll_confirms_what_is_on_disk(tmp_path: Path) -> None:
    """The updates are handed on, those without a number left out."""
    updates = [{"update_id": 7, "message": {"chat": {"id": 5}}}, {"message": {}}]
    received, request, health = await polled(tmp_path, updates)
    assert received == [Received(7, 5)]
    assert "offset=0" in request.urls[0]
    assert health.is_ready


async def test_what_is_nested_without_end_is_kept_as_nothing(tmp_path: Path) -> None:
    """What can be read but not written back keeps nobody else's updates out."""
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    updates = [
        {"update_id": 7, "message": deep},
        {"update_id": 8, "message": {"chat": {"id": 5}}},
    ]
    received, _, _ = await polled(tmp_path, updates)
    assert received == [Received(7, 0), Received(8, 5)]
    while deep:  # else its end would need as many calls
        deep = deep.pop()
