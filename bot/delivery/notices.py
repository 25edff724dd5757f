"""Messages that answer no update: what became of something that was asked for earlier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database.store import insist

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store
    from bot.delivery.drafts import Work
    from bot.delivery.outbox import Outbox
    from bot.delivery.outgoing import Messages, Outgoing

__all__ = ["Notices"]


class Notices:
    """One bot's notices: each is queued once, with what is to be remembered of it."""

    def __init__(self, store: Store, messages: Messages, outbox: Outbox) -> None:
        self._store = store
        self._messages = messages
        self._outbox = outbox

    async def send(self, message: Outgoing, *, also: Work) -> None:
        """Queue a message, and do `also` in the same transaction; wait while the disk is full."""

        def work(connection: Connection) -> None:
            also(connection)
            self._messages.add_within(connection, [message])

        await insist(lambda: self._store.write(work))
        self._outbox.wake(message.chat_id)
