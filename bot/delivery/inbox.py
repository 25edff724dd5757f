"""Updates on disk, from before Telegram is told that they were received until they are handled.

The answer's messages are queued in the same transaction that marks the update as done, so after a
crash it is either handled again, with nothing sent yet, or not at all.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.people.retention import HANDLED_S

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Mapping, Sequence

    from bot.delivery.drafts import Draft
    from bot.delivery.outgoing import Messages, Outgoing
    from bot.delivery.store import Store

__all__ = ["Inbox", "Received"]

_INTEGERS = range(-(2**63), 2**63)  # SQLite's
_IDS = range(-(2**53), 2**53)  # of chats and people: at most 52 bits
_PRESSES, _INLINE = 2**54, 2**55

_log = logging.getLogger(__name__)


class Received(NamedTuple):
    """An update that is to be handled; those of one lane in order."""

    update_id: int
    lane: int


class Inbox:
    """One bot's updates."""

    def __init__(self, store: Store, messages: Messages, bot_id: int) -> None:
        self._store = store
        self._messages = messages
        self._bot_id = bot_id

    async def receive(self, updates: Sequence[Any]) -> list[Received]:
        """Write updates to disk; return those that were not there before, in order.

        Raises:
            StoreError: they could not be written; Telegram must not be told otherwise.
        """
        rows = []
        for update in updates:
            update_id = update_id_of(update)
            if update_id is None:
                _log.error("an update without a number was passed over")
                continue
            # ASCII: what is no text (a lone surrogate) is kept as its escape.
            try:
                body = json.dumps(update)
            except RecursionError:  # it is set aside: lists within lists mean nothing
                body = json.dumps({"update_id": update_id})
            rows.append((self._bot_id, update_id, _lane(update), body, time.time()))

        def work(connection: sqlite3.Connection) -> list[Received]:
            return [
                Received(row[1], row[2])
                for row in rows
                if connection.execute(
                    "INSERT OR IGNORE INTO updates (bot_id, update_id, lane, body, changed_at) "
                    "VALUES (?, ?, ?, ?, ?)",
                    row,
                ).rowcount
            ]

        return await self._store.write(work)

    def unfinished(self) -> list[Received]:
        """Return the updates that were received and not handled, oldest first."""
        rows = self._store.read(
            "SELECT update_id, lane FROM updates WHERE bot_id = ? AND state = 'waiting' "
            "ORDER BY update_id",
            (self._bot_id,),
        )
        return [Received(*row) for row in rows]

    def suspects(self, *, attempts: int) -> list[int]:
        """Return the unfinished updates that were taken up so often after a restart."""
        rows = self._store.read(
            "SELECT update_id FROM updates WHERE bot_id = ? AND state = 'waiting' "
            "AND attempts >= ? ORDER BY update_id",
            (self._bot_id, attempts),
        )
        return [update_id for (update_id,) in rows]

    def body(self, update_id: int) -> dict[str, Any] | None:
        """Return an update as Telegram sent it, None once it is handled."""
        rows = self._store.read(
            "SELECT body FROM updates WHERE bot_id = ? AND update_id = ? AND state = 'waiting'",
            (self._bot_id, update_id),
        )
        for (body,) in rows:
            update: dict[str, Any] = json.loads(body)
            return update
        return None

    async def begin_again(self, update_id: int) -> int:
        """Count that an update is taken up after a restart; return how often it was by now."""

        def work(connection: sqlite3.Connection) -> int:
            where = (self._bot_id, update_id)
            connection.execute(
                "UPDATE updates SET attempts = attempts + 1 WHERE bot_id = ? AND update_id = ?",
                where,
            )
            (attempts,) = connection.execute(
                "SELECT attempts FROM updates WHERE bot_id = ? AND update_id = ?", where
            ).fetchone()
            return int(attempts)

        return await self._store.write(work)

    async def finish(self, update_id: int, draft: Draft) -> None:
        """Mark an update as done, delete its text, and write what its handling led to.

        Raises:
            StoreError: the file can't be written now.
            Exception: what a work of the draft raises; then nothing was written.
        """

        def work(connection: sqlite3.Connection) -> None:
            for each in draft.works:
                each(connection)
            self._messages.add_within(connection, draft.messages)
            self._mark(connection, update_id, "state = 'done', body = NULL")

        await self._store.write(work)

    async def set_aside(self, update_id: int, messages: Sequence[Outgoing] = ()) -> None:
        """Leave an update that can't be handled, for a maintainer to look at for a while.

        `messages` say so to whoever sent it.
        """

        def work(connection: sqlite3.Connection) -> None:
            self._messages.add_within(connection, messages)
            self._mark(connection, update_id, "state = 'set aside'")

        await self._store.write(work)

    async def prune(self) -> None:
        """Forget what was handled long ago."""
        before = time.time() - HANDLED_S
        await self._store.write(
            lambda connection: connection.execute(
                "DELETE FROM updates WHERE state != 'waiting' AND changed_at < ?", (before,)
            )
        )

    def _mark(self, connection: sqlite3.Connection, update_id: int, change: str) -> None:
        connection.execute(
            f"UPDATE updates SET {change}, changed_at = ? WHERE bot_id = ? AND update_id = ?",  # noqa: S608
            (time.time(), self._bot_id, update_id),
        )


def update_id_of(update: object) -> int | None:
    """Return an update's number, None for what is no update."""
    number = update.get("update_id") if isinstance(update, dict) else None
    return number if type(number) is int and number in _INTEGERS else None


def _lane(update: Mapping[str, Any]) -> int:
    """Return what an update stays in order with: the messages of its chat, as a rule.

    Presses of buttons have a lane for each chat, too, and inline queries one for each person:
    whoever made one looks at the screen and can't wait for a search that is asked for by message.
    """
    for kind, content in update.items():
        if not isinstance(content, dict):
            continue
        chat, person = _id(content.get("chat")), _id(content.get("from"))
        match kind:
            case "callback_query":
                message = content.get("message")
                if isinstance(message, dict):
                    chat = _id(message.get("chat"))
                first = _PRESSES
            case "inline_query" | "chosen_inline_result":
                first = _INLINE
            case _:
                first = 0
        number = person if chat is None else chat
        if number is not None:
            return first + number
    return 0


def _id(owner: object) -> int | None:
    number = owner.get("id") if isinstance(owner, dict) else None
    return number if type(number) is int and number in _IDS else None
