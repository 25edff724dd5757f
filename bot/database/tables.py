"""The tables, as they are now; how older ones become these is in `migrations`.

`update_id` and `chat_id` mean something to one bot only, and a token may be exchanged for another
bot's, so every row of theirs carries `bot_id`.
"""

from __future__ import annotations

from functools import partial

from sqlalchemy import CheckConstraint, Column, Index, MetaData, Table, false, text

from bot.database.columns import FLAG, NUMBER, TEXT, TIME

__all__ = [
    "METADATA",
    "asked",
    "cards",
    "holds",
    "invites",
    "linked",
    "members",
    "messages",
    "offers",
    "rebuilds",
    "sent",
    "turns",
    "updates",
    "uses",
    "votes",
    "waiting",
    "writers",
]

METADATA = MetaData()

_key = partial(Column, primary_key=True)
_needed = partial(Column, nullable=False)
_clustered = partial(Table, sqlite_with_rowid=False)  # by its key: no second tree beside it
_numbered = partial(Table, sqlite_autoincrement=True)  # no number is given twice


def _index(name: str, *columns: str, where: str | None = None) -> Index:
    condition = None if where is None else text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


updates = _clustered(
    "updates",
    METADATA,
    _key("bot_id", NUMBER),
    _key("update_id", NUMBER),
    _needed("lane", NUMBER),  # what is handled in order: a chat, or a user
    _needed("state", TEXT, server_default="waiting"),
    _needed("attempts", NUMBER, server_default="0"),  # begun after a restart, and not finished
    Column("body", TEXT),  # JSON; gone once handled
    _needed("changed_at", TIME),
    CheckConstraint("state IN ('waiting', 'done', 'set aside')", name="updates_state"),
    _index("updates_waiting", "bot_id", "update_id", where="state = 'waiting'"),
    _index("updates_of_lane", "bot_id", "lane", "update_id", where="state = 'waiting'"),
    _index("updates_old", "changed_at", where="state != 'waiting'"),
)
messages = _numbered(
    "messages",
    METADATA,
    _key("id", NUMBER),  # the order in which they are sent
    _needed("bot_id", NUMBER),
    _needed("chat_id", NUMBER),
    _needed("method", TEXT),
    _needed("arguments", TEXT),  # JSON
    Column("document", TEXT),  # a file to upload
    Column("tag", TEXT),  # by which it is found once it is sent
    Column("edits", NUMBER),  # the message that it changes, where its number is known
    _index("messages_of_chat", "bot_id", "chat_id", "id"),
)
holds = _clustered(  # chats that take no message until then
    "holds",
    METADATA,
    _key("bot_id", NUMBER),
    _key("chat_id", NUMBER),
    _needed("until", TIME),
    _needed("since", TIME, server_default="0"),
)
sent = _clustered(
    "sent",
    METADATA,
    _key("bot_id", NUMBER),
    _key("chat_id", NUMBER),
    _key("message_id", NUMBER),
    _needed("tag", TEXT),
    _needed("at", TIME),
    _index("sent_by_tag", "bot_id", "tag"),
    _index("sent_old", "at"),
)
cards = _clustered(
    "cards",
    METADATA,
    _key("bot_id", NUMBER),
    _key("id", TEXT),
    _needed("chat_id", NUMBER),
    _needed("question_id", NUMBER),
    Column("asker_id", NUMBER),
    _needed("edition", NUMBER, server_default="0"),
    _needed("body", TEXT),  # JSON
    _needed("changed_at", TIME),
    _index("cards_by_question", "bot_id", "chat_id", "question_id"),
    _index("cards_by_asker", "bot_id", "asker_id"),
    _index("cards_old", "changed_at"),
)
invites = _clustered(
    "invites",
    METADATA,
    _key("bot_id", NUMBER),
    _key("code_hash", TEXT),  # SHA-256, in hex
    _needed("uses", NUMBER),  # that are left
    _needed("expires_at", TIME),
)
members = _clustered(  # who came in by an invitation
    "members",
    METADATA,
    _key("bot_id", NUMBER),
    _key("user_id", NUMBER),
    _needed("since", TIME),
)
uses = _clustered(  # when somebody asked, for quotas
    "uses",
    METADATA,
    _key("bot_id", NUMBER),
    _key("holder", TEXT),
    _key("holder_id", NUMBER),
    _key("update_id", NUMBER),
    _needed("at", TIME),
    CheckConstraint("holder IN ('user', 'chat')", name="uses_holder"),
    _index("uses_latest", "bot_id", "holder", "holder_id", "at"),
    _index("uses_old", "at"),
)
votes = _clustered(
    "votes",
    METADATA,
    _key("bot_id", NUMBER),
    _key("card_id", TEXT),
    _key("user_id", NUMBER),
    Column("asker_id", NUMBER),  # whose question it was
    _needed("question", TEXT),
    _needed("verdict", TEXT),
    _needed("is_up", FLAG),
    _needed("is_first", FLAG),
    _needed("is_none_right", FLAG),
    _needed("is_limited", FLAG),  # asked of some documents alone
    Column("judged_id", TEXT),
    Column("judged_start", NUMBER),
    Column("judged_end", NUMBER),
    Column("right_id", TEXT),
    Column("right_start", NUMBER),
    Column("right_end", NUMBER),
    _needed("changed_at", TIME),
    _index("votes_old", "changed_at"),
)
asked = _clustered(
    "asked",
    METADATA,
    _key("bot_id", NUMBER),
    _key("update_id", NUMBER),
    _needed("at", TIME),
    _needed("chat_id", NUMBER),
    Column("user_id", NUMBER),
    _needed("question", TEXT),
    _needed("verdict", TEXT),
    _needed("confidence", TIME),
    _needed("ms", TIME),
    _index("asked_lately", "bot_id", "at"),
    _index("asked_old", "at"),
)
waiting = _clustered(
    "waiting",
    METADATA,
    _key("bot_id", NUMBER),
    _key("user_id", NUMBER),  # who is to be told
    _key("chat_id", NUMBER),
    Column("thread_id", NUMBER),
    _needed("question_id", NUMBER),
    Column("asker_id", NUMBER),
    _key("question_key", TEXT),  # SHA-256, in hex: a question can be too long to be a key
    _needed("question", TEXT),
    _needed("language", TEXT),
    _needed("generation", TEXT),  # the index last asked in vain
    _needed("since", TIME),
    _index("waiting_old", "since"),
)
linked = _clustered(  # passages that a link was given for
    "linked",
    METADATA,
    _key("bot_id", NUMBER),
    _key("passage_id", TEXT),
    _needed("words", TEXT),  # how it began
    _needed("at", TIME),
    _index("linked_old", "bot_id", "at"),
)
turns = _clustered(  # which answer came after which
    "turns",
    METADATA,
    _key("bot_id", NUMBER),
    _key("card_id", TEXT),
    _needed("chat_id", NUMBER),
    _needed("thread_id", NUMBER),  # 0 out of topics
    _needed("user_id", NUMBER),
    Column("after", TEXT),  # the card before it
    _needed("at", TIME),
    _index("turns_of_talk", "bot_id", "chat_id", "thread_id", "user_id", "at"),
    _index("turns_of_user", "bot_id", "user_id"),
    _index("turns_old", "at"),
)
rebuilds = _numbered(  # to do, or at work
    "rebuilds",
    METADATA,
    _key("id", NUMBER),
    _needed("bot_id", NUMBER),
    _needed("chat_id", NUMBER),
    Column("thread_id", NUMBER),
    _needed("user_id", NUMBER),
    _needed("language", TEXT),
    Column("before", TEXT),  # the generation that was live
    _needed("is_begun", FLAG, server_default=false()),
    _needed("at", TIME),
)
offers = _clustered(  # documents that would replace others
    "offers",
    METADATA,
    _key("bot_id", NUMBER),
    _key("key", TEXT),  # what its file is called
    _needed("chat_id", NUMBER),
    _needed("user_id", NUMBER),
    _needed("name", TEXT),
    _needed("sha256", TEXT),
    _needed("replaces", TEXT),  # SHA-256 of the other
    _needed("at", TIME),
)
writers = _clustered(  # processes, and the last commit of each: of no bot, nor of anybody
    "writers",
    METADATA,
    _key("id", TEXT),
    _needed("commits", NUMBER),
    _needed("at", TIME),
)
