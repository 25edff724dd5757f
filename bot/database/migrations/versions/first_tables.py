"""The tables as they were when Alembic came: those of the old files, and of new databases."""

from __future__ import annotations

from functools import partial

from alembic import op
from sqlalchemy import CheckConstraint, Column, Index, false, text

from bot.database.columns import FLAG, NUMBER, TEXT, TIME

__all__ = ["upgrade"]

revision = "0001"
down_revision = None

_key = partial(Column, primary_key=True)
_needed = partial(Column, nullable=False)
_clustered = partial(op.create_table, sqlite_with_rowid=False)
_numbered = partial(op.create_table, sqlite_autoincrement=True)


def _index(name: str, *columns: str, where: str | None = None) -> Index:
    condition = None if where is None else text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    """Make all tables."""
    _clustered(
        "updates",
        _key("bot_id", NUMBER),
        _key("update_id", NUMBER),
        _needed("lane", NUMBER),
        _needed("state", TEXT, server_default="waiting"),
        _needed("attempts", NUMBER, server_default="0"),
        Column("body", TEXT),
        _needed("changed_at", TIME),
        CheckConstraint("state IN ('waiting', 'done', 'set aside')", name="updates_state"),
        _index("updates_waiting", "bot_id", "update_id", where="state = 'waiting'"),
        _index("updates_of_lane", "bot_id", "lane", "update_id", where="state = 'waiting'"),
        _index("updates_old", "changed_at", where="state != 'waiting'"),
    )
    _numbered(
        "messages",
        _key("id", NUMBER),
        _needed("bot_id", NUMBER),
        _needed("chat_id", NUMBER),
        _needed("method", TEXT),
        _needed("arguments", TEXT),
        Column("document", TEXT),
        Column("tag", TEXT),
        Column("edits", NUMBER),
        _index("messages_of_chat", "bot_id", "chat_id", "id"),
    )
    _clustered(
        "holds",
        _key("bot_id", NUMBER),
        _key("chat_id", NUMBER),
        _needed("until", TIME),
        _needed("since", TIME, server_default="0"),
    )
    _clustered(
        "sent",
        _key("bot_id", NUMBER),
        _key("chat_id", NUMBER),
        _key("message_id", NUMBER),
        _needed("tag", TEXT),
        _needed("at", TIME),
        _index("sent_by_tag", "bot_id", "tag"),
        _index("sent_old", "at"),
    )
    _clustered(
        "cards",
        _key("bot_id", NUMBER),
        _key("id", TEXT),
        _needed("chat_id", NUMBER),
        _needed("question_id", NUMBER),
        Column("asker_id", NUMBER),
        _needed("edition", NUMBER, server_default="0"),
        _needed("body", TEXT),
        _needed("changed_at", TIME),
        _index("cards_by_question", "bot_id", "chat_id", "question_id"),
        _index("cards_by_asker", "bot_id", "asker_id"),
        _index("cards_old", "changed_at"),
    )
    _clustered(
        "invites",
        _key("bot_id", NUMBER),
        _key("code_hash", TEXT),
        _needed("uses", NUMBER),
        _needed("expires_at", TIME),
    )
    _clustered(
        "members",
        _key("bot_id", NUMBER),
        _key("user_id", NUMBER),
        _needed("since", TIME),
    )
    _clustered(
        "uses",
        _key("bot_id", NUMBER),
        _key("holder", TEXT),
        _key("holder_id", NUMBER),
        _key("update_id", NUMBER),
        _needed("at", TIME),
        CheckConstraint("holder IN ('user', 'chat')", name="uses_holder"),
        _index("uses_latest", "bot_id", "holder", "holder_id", "at"),
        _index("uses_old", "at"),
    )
    _clustered(
        "votes",
        _key("bot_id", NUMBER),
        _key("card_id", TEXT),
        _key("user_id", NUMBER),
        Column("asker_id", NUMBER),
        _needed("question", TEXT),
        _needed("verdict", TEXT),
        _needed("is_up", FLAG),
        _needed("is_first", FLAG),
        _needed("is_none_right", FLAG),
        _needed("is_limited", FLAG),
        Column("judged_id", TEXT),
        Column("judged_start", NUMBER),
        Column("judged_end", NUMBER),
        Column("right_id", TEXT),
        Column("right_start", NUMBER),
        Column("right_end", NUMBER),
        _needed("changed_at", TIME),
        _index("votes_old", "changed_at"),
    )
    _clustered(
        "asked",
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
    _clustered(
        "waiting",
        _key("bot_id", NUMBER),
        _key("user_id", NUMBER),
        _key("chat_id", NUMBER),
        Column("thread_id", NUMBER),
        _needed("question_id", NUMBER),
        Column("asker_id", NUMBER),
        _key("question_key", TEXT),
        _needed("question", TEXT),
        _needed("language", TEXT),
        _needed("generation", TEXT),
        _needed("since", TIME),
        _index("waiting_old", "since"),
    )
    _clustered(
        "linked",
        _key("bot_id", NUMBER),
        _key("passage_id", TEXT),
        _needed("words", TEXT),
        _needed("at", TIME),
        _index("linked_old", "bot_id", "at"),
    )
    _clustered(
        "turns",
        _key("bot_id", NUMBER),
        _key("card_id", TEXT),
        _needed("chat_id", NUMBER),
        _needed("thread_id", NUMBER),
        _needed("user_id", NUMBER),
        Column("after", TEXT),
        _needed("at", TIME),
        _index("turns_of_talk", "bot_id", "chat_id", "thread_id", "user_id", "at"),
        _index("turns_of_user", "bot_id", "user_id"),
        _index("turns_old", "at"),
    )
    _numbered(
        "rebuilds",
        _key("id", NUMBER),
        _needed("bot_id", NUMBER),
        _needed("chat_id", NUMBER),
        Column("thread_id", NUMBER),
        _needed("user_id", NUMBER),
        _needed("language", TEXT),
        Column("before", TEXT),
        _needed("is_begun", FLAG, server_default=false()),
        _needed("at", TIME),
    )
    _clustered(
        "offers",
        _key("bot_id", NUMBER),
        _key("key", TEXT),
        _needed("chat_id", NUMBER),
        _needed("user_id", NUMBER),
        _needed("name", TEXT),
        _needed("sha256", TEXT),
        _needed("replaces", TEXT),
        _needed("at", TIME),
    )
    _clustered(
        "writers",
        _key("id", TEXT),
        _needed("commits", NUMBER),
        _needed("at", TIME),
    )
