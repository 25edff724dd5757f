"""Updates on disk, from before Telegram is told that they were received until they are handled.

The answer's messages are queued in the same transaction that marks the update as done, so after a
crash it is either handled again, with nothing sent yet, or not at all.
"""

from __future__ import annotations

import json
import logging
import time
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import bindparam, delete, literal_column, select

from bot.database.keeping import insert_or_keep
from bot.database.tables import updates
from bot.people.retention import HANDLED_S

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection

    from bot.database.store import Store
    from bot.delivery.drafts import Draft
    from bot.delivery.outgoing import Messages, Outgoing

__all__ = ["Inbox", "Received"]

_INTEGERS = range(-(2**63), 2**63)  # a database's
_IDS = range(-(2**53), 2**53)  # of chats and people: at most 52 bits
_PRESSES, _INLINE = 2**54, 2**55

_OF_BOT = updates.c.bot_id == bindparam("bot")
_IT = _OF_BOT & (updates.c.update_id == bindparam("number"))
_WAITS = updates.c.state == literal_column("'waiting'")  # as the index says it
_CHANGE = updates.update().where(_IT)

_RECEIVE = insert_or_keep(updates)
_UNFINISHED = (
    select(updates.c.update_id, updates.c.lane).where(_OF_BOT, _WAITS).order_by("update_id")
)
_SUSPECTS = (
    select(updates.c.update_id)
    .where(_OF_BOT, _WAITS, updates.c.attempts >= bindparam("least"))
    .order_by("update_id")
)
_BODY = select(updates.c.body).where(_IT, _WAITS)
_BEGIN_AGAIN = _CHANGE.values(attempts=updates.c.attempts + 1)
_ATTEMPTS = select(updates.c.attempts).where(_IT)
_FINISH = _CHANGE.values(state="done", body=None, changed_at=bindparam("now"))
_SET_ASIDE = _CHANGE.values(state="set aside", changed_at=bindparam("now"))
_PRUNE = delete(updates).where(~_WAITS, updates.c.changed_at < bindparam("before"))

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
            received = Received(update_id, _lane(update))
            row = received._asdict() | {"bot_id": self._bot_id, "changed_at": time.time()}
            rows.append((received, row | {"body": body}))

        def work(connection: Connection) -> list[Received]:
            return [each for each, row in rows if connection.execute(_RECEIVE, row).rowcount]

        return await self._store.write(work)

    def unfinished(self) -> list[Received]:
        """Return the updates that were received and not handled, oldest first."""
        rows = self._store.read(_UNFINISHED, {"bot": self._bot_id})
        return [Received(*row) for row in rows]

    def suspects(self, *, attempts: int) -> list[int]:
        """Return the unfinished updates that were taken up so often after a restart."""
        rows = self._store.read(_SUSPECTS, {"bot": self._bot_id, "least": attempts})
        return [update_id for (update_id,) in rows]

    def body(self, update_id: int) -> dict[str, Any] | None:
        """Return an update as Telegram sent it, None once it is handled."""
        rows = self._store.read(_BODY, self._it(update_id))
        for (body,) in rows:
            update: dict[str, Any] = json.loads(body)
            return update
        return None

    async def begin_again(self, update_id: int) -> int:
        """Count that an update is taken up after a restart; return how often it was by now."""

        def work(connection: Connection) -> int:
            connection.execute(_BEGIN_AGAIN, self._it(update_id))
            (attempts,) = connection.execute(_ATTEMPTS, self._it(update_id)).one()
            return int(attempts)

        return await self._store.write(work)

    async def finish(self, update_id: int, draft: Draft) -> None:
        """Mark an update as done, delete its text, and write what its handling led to.

        Raises:
            StoreError: the file can't be written now.
            Exception: what a work of the draft raises; then nothing was written.
        """

        def work(connection: Connection) -> None:
            for each in draft.works:
                each(connection)
            self._messages.add_within(connection, draft.messages)
            connection.execute(_FINISH, self._it(update_id) | {"now": time.time()})

        await self._store.write(work)

    async def set_aside(self, update_id: int, messages: Sequence[Outgoing] = ()) -> None:
        """Leave an update that can't be handled, for a maintainer to look at for a while.

        `messages` say so to whoever sent it.
        """

        def work(connection: Connection) -> None:
            self._messages.add_within(connection, messages)
            connection.execute(_SET_ASIDE, self._it(update_id) | {"now": time.time()})

        await self._store.write(work)

    async def prune(self) -> None:
        """Forget what was handled long ago."""
        before = time.time() - HANDLED_S
        await self._store.write(lambda c: c.execute(_PRUNE, {"before": before}).rowcount)

    def _it(self, update_id: int) -> dict[str, Any]:
        return {"bot": self._bot_id, "number": update_id}


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
