"""Which messages were sent with a tag: an answer can be found again, to be changed or pressed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import bindparam, delete, select

from bot.database.keeping import insert_or_replace
from bot.database.tables import sent
from bot.people.retention import SENT_S

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from bot.database.store import Store

__all__ = ["Sent", "SentMessage"]

_OF_BOT = sent.c.bot_id == bindparam("bot")
_IN_CHAT = _OF_BOT & (sent.c.chat_id == bindparam("chat"))

_NOTE = insert_or_replace(sent)
_TAGGED = (
    select(sent.c.chat_id, sent.c.message_id)
    .where(_OF_BOT, sent.c.tag == bindparam("tag"))
    .order_by("chat_id", "message_id")
)
_TAG_OF = select(sent.c.tag).where(_IN_CHAT, sent.c.message_id == bindparam("message"))
_FORGET = delete(sent).where(_IN_CHAT)
_PRUNE = delete(sent).where(sent.c.at < bindparam("before"))


class SentMessage(NamedTuple):
    """A message that Telegram has taken."""

    chat_id: int
    message_id: int


class Sent:
    """One bot's tagged messages.

    A tag is written in the transaction that strikes the message off the queue. When the process
    ends between Telegram's answer and that, the message is sent again, and the tag is that of the
    second; when the answer itself is lost the message is not repeated, and its tag is never known.
    """

    def __init__(self, store: Store, bot_id: int) -> None:
        self._store = store
        self._bot_id = bot_id

    def note_within(self, connection: Connection, message: SentMessage, tag: str) -> None:
        """Note a tag as part of a larger transaction."""
        row = message._asdict() | {"bot_id": self._bot_id, "tag": tag, "at": time.time()}
        connection.execute(_NOTE, row)

    def tagged(self, tag: str) -> list[SentMessage]:
        """Return the messages with a tag, in the order of their numbers.

        Raises:
            StoreError: the file can't be read.
        """
        rows = self._store.read(_TAGGED, {"bot": self._bot_id, "tag": tag})
        return [SentMessage(*row) for row in rows]

    def tag_of(self, message: SentMessage) -> str | None:
        """Return the tag of a message, None for one that has none, or is long gone.

        Raises:
            StoreError: the file can't be read.
        """
        chat_id, message_id = message
        rows = self._store.read(
            _TAG_OF, {"bot": self._bot_id, "chat": chat_id, "message": message_id}
        )
        for (tag,) in rows:
            return str(tag)
        return None

    def forget_within(self, connection: Connection, user_id: int) -> None:
        """Forget the messages of the private chat with a person, which has his number."""
        connection.execute(_FORGET, {"bot": self._bot_id, "chat": user_id})

    async def prune(self) -> None:
        """Forget what was sent long ago.

        Raises:
            StoreError: the file can't be written.
        """
        before = time.time() - SENT_S
        await self._store.write(lambda c: c.execute(_PRUNE, {"before": before}).rowcount)
