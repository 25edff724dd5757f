"""Files of the time before Alembic, when `PRAGMA user_version` counted the steps."""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING

from sqlalchemy import text

from bot.database.legacy import STEPS
from bot.database.revisions import FIRST, note_revision
from index.errors import StateFolderError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

__all__ = ["take_over"]

_LAST = """
ALTER TABLE messages ADD COLUMN edits INTEGER;      -- no JSON is read by the database any more
UPDATE messages SET edits = json_extract(arguments, '$.message_id')
    WHERE method = 'editMessageText';
ALTER TABLE cards ADD COLUMN edition INTEGER NOT NULL DEFAULT 0;
UPDATE cards SET edition = coalesce(json_extract(body, '$.edition'), 0);  -- none in the oldest
ALTER TABLE waiting RENAME TO waiting_before;
DROP INDEX waiting_old;
CREATE TABLE waiting (
    bot_id      INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    chat_id     INTEGER NOT NULL,
    thread_id   INTEGER,
    question_id INTEGER NOT NULL,
    asker_id    INTEGER,
    question_key TEXT NOT NULL,                     -- SHA-256, in hex
    question    TEXT NOT NULL,
    language    TEXT NOT NULL,
    generation  TEXT NOT NULL,
    since       REAL NOT NULL,
    PRIMARY KEY (bot_id, user_id, chat_id, question_key)
) WITHOUT ROWID;
CREATE INDEX waiting_old ON waiting (since);
INSERT INTO waiting SELECT bot_id, user_id, chat_id, thread_id, question_id, asker_id,
    sha256(question), question, language, generation, since FROM waiting_before;
DROP TABLE waiting_before;
CREATE TABLE writers (
    id          TEXT NOT NULL,
    commits     INTEGER NOT NULL,
    at          REAL NOT NULL,
    PRIMARY KEY (id)
) WITHOUT ROWID;
"""
_STEPS = (*STEPS, _LAST)


def take_over(connection: Connection, name: str) -> None:
    """Bring an older file to the first of Alembic's revisions, as part of a transaction.

    `user_version` stays at the last step ever after: older versions of Verbatim refuse it then.

    Raises:
        StateFolderError: a later version wrote it.
    """
    (version,) = connection.execute(text("PRAGMA user_version")).one()
    if version > len(_STEPS):
        raise StateFolderError(f"{name} was written by a later version of Verbatim: use that one")
    if 0 < version < len(_STEPS):
        file = connection.connection.driver_connection
        if isinstance(file, sqlite3.Connection):
            file.create_function("sha256", 1, _sha256, deterministic=True)
        for script in _STEPS[version:]:
            for statement in _statements(script):
                connection.exec_driver_sql(statement)
        note_revision(connection, FIRST)
    connection.exec_driver_sql(f"PRAGMA user_version = {len(_STEPS)}")


def _statements(script: str) -> Iterator[str]:
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _sha256(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()
