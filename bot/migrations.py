"""The tables of `bot.db`, one numbered step after another; a step is never changed once shipped.

`update_id` and `chat_id` mean something to one bot only, and a token may be exchanged for another
bot's, so every row carries `bot_id`.
"""

from __future__ import annotations

__all__ = ["MIGRATIONS"]

_INBOX_AND_OUTBOX = """
CREATE TABLE updates (
    bot_id      INTEGER NOT NULL,
    update_id   INTEGER NOT NULL,
    lane        INTEGER NOT NULL,            -- what is handled in order: a chat, or a user
    state       TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done', 'set aside')),
    attempts    INTEGER NOT NULL DEFAULT 0,  -- begun after a restart, and not finished
    body        TEXT,                        -- JSON; gone once handled
    changed_at  REAL NOT NULL,
    PRIMARY KEY (bot_id, update_id)
) WITHOUT ROWID;
CREATE INDEX updates_waiting ON updates (bot_id, update_id) WHERE state = 'waiting';
CREATE INDEX updates_old ON updates (changed_at) WHERE state != 'waiting';
CREATE TABLE messages (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,  -- the order in which they are sent
    bot_id      INTEGER NOT NULL,
    chat_id     INTEGER NOT NULL,
    method      TEXT NOT NULL,
    arguments   TEXT NOT NULL                       -- JSON
);
CREATE INDEX messages_of_chat ON messages (bot_id, chat_id, id);
CREATE TABLE holds (                                -- chats that take no message until then
    bot_id      INTEGER NOT NULL,
    chat_id     INTEGER NOT NULL,
    until       REAL NOT NULL,
    PRIMARY KEY (bot_id, chat_id)
) WITHOUT ROWID;
"""

_DOCUMENTS_AND_TAGS = """
ALTER TABLE messages ADD COLUMN document TEXT;      -- a file to upload
ALTER TABLE messages ADD COLUMN tag TEXT;           -- by which it is found once it is sent
ALTER TABLE holds ADD COLUMN since REAL NOT NULL DEFAULT 0;
CREATE TABLE sent (
    bot_id      INTEGER NOT NULL,
    chat_id     INTEGER NOT NULL,
    message_id  INTEGER NOT NULL,
    tag         TEXT NOT NULL,
    at          REAL NOT NULL,
    PRIMARY KEY (bot_id, chat_id, message_id)
) WITHOUT ROWID;
CREATE INDEX sent_by_tag ON sent (bot_id, tag);
CREATE INDEX sent_old ON sent (at);
"""

_CARDS = """
CREATE TABLE cards (
    bot_id      INTEGER NOT NULL,
    id          TEXT NOT NULL,
    chat_id     INTEGER NOT NULL,
    question_id INTEGER NOT NULL,
    asker_id    INTEGER,
    body        TEXT NOT NULL,                      -- JSON
    changed_at  REAL NOT NULL,
    PRIMARY KEY (bot_id, id)
) WITHOUT ROWID;
CREATE INDEX cards_by_question ON cards (bot_id, chat_id, question_id);
CREATE INDEX cards_by_asker ON cards (bot_id, asker_id);
CREATE INDEX cards_old ON cards (changed_at);
"""

_LINKED = """
CREATE TABLE linked (                               -- passages that a link was given for
    bot_id      INTEGER NOT NULL,
    passage_id  TEXT NOT NULL,
    words       TEXT NOT NULL,                      -- how it began
    at          REAL NOT NULL,
    PRIMARY KEY (bot_id, passage_id)
);
CREATE INDEX linked_old ON linked (bot_id, at);
"""

_TURNS = """
CREATE TABLE turns (                                -- which answer came after which
    bot_id      INTEGER NOT NULL,
    card_id     TEXT NOT NULL,
    chat_id     INTEGER NOT NULL,
    thread_id   INTEGER NOT NULL,                   -- 0 out of topics
    user_id     INTEGER NOT NULL,
    after       TEXT,                               -- the card before it
    at          REAL NOT NULL,
    PRIMARY KEY (bot_id, card_id)
);
CREATE INDEX turns_of_talk ON turns (bot_id, chat_id, thread_id, user_id, at);
CREATE INDEX turns_of_user ON turns (bot_id, user_id);
CREATE INDEX turns_old ON turns (at);
"""

MIGRATIONS: tuple[str, ...] = (
    _INBOX_AND_OUTBOX,
    _DOCUMENTS_AND_TAGS,
    _CARDS,
    _LINKED,
    _TURNS,
)
"""Step n brings a database from version n - 1 to n (`PRAGMA user_version`)."""
