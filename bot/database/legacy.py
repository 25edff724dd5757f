"""How `bot.db` came to be before Alembic: for files that an older version of Verbatim wrote.

No step changes any more and none is added: the last one is in `taking_over`, and what comes after
that is a revision in `migrations`.
"""

from __future__ import annotations

__all__ = ["STEPS"]

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

_ACCESS = """
CREATE TABLE invites (
    bot_id      INTEGER NOT NULL,
    code_hash   TEXT NOT NULL,                      -- SHA-256, in hex
    uses        INTEGER NOT NULL,                   -- that are left
    expires_at  REAL NOT NULL,
    PRIMARY KEY (bot_id, code_hash)
) WITHOUT ROWID;
CREATE TABLE members (                              -- who came in by an invitation
    bot_id      INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    since       REAL NOT NULL,
    PRIMARY KEY (bot_id, user_id)
) WITHOUT ROWID;
"""

_QUOTAS = """
CREATE TABLE uses (                                 -- when somebody asked, for quotas
    bot_id      INTEGER NOT NULL,
    holder      TEXT NOT NULL CHECK (holder IN ('user', 'chat')),
    holder_id   INTEGER NOT NULL,
    update_id   INTEGER NOT NULL,
    at          REAL NOT NULL,
    PRIMARY KEY (bot_id, holder, holder_id, update_id)
) WITHOUT ROWID;
CREATE INDEX uses_latest ON uses (bot_id, holder, holder_id, at);
CREATE INDEX uses_old ON uses (at);
"""

_FEEDBACK = """
CREATE TABLE votes (
    bot_id          INTEGER NOT NULL,
    card_id         TEXT NOT NULL,
    user_id         INTEGER NOT NULL,
    asker_id        INTEGER,                        -- whose question it was
    question        TEXT NOT NULL,
    verdict         TEXT NOT NULL,
    is_up           INTEGER NOT NULL,
    is_first        INTEGER NOT NULL,
    is_none_right   INTEGER NOT NULL,
    is_limited      INTEGER NOT NULL,               -- asked of some documents alone
    judged_id       TEXT,
    judged_start    INTEGER,
    judged_end      INTEGER,
    right_id        TEXT,
    right_start     INTEGER,
    right_end       INTEGER,
    changed_at      REAL NOT NULL,
    PRIMARY KEY (bot_id, card_id, user_id)
) WITHOUT ROWID;
CREATE INDEX votes_old ON votes (changed_at);
"""

_ASKED = """
CREATE TABLE asked (
    bot_id      INTEGER NOT NULL,
    update_id   INTEGER NOT NULL,
    at          REAL NOT NULL,
    chat_id     INTEGER NOT NULL,
    user_id     INTEGER,
    question    TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    confidence  REAL NOT NULL,
    ms          REAL NOT NULL,
    PRIMARY KEY (bot_id, update_id)
) WITHOUT ROWID;
CREATE INDEX asked_lately ON asked (bot_id, at);
CREATE INDEX asked_old ON asked (at);
"""

_WAITING = """
CREATE TABLE waiting (
    bot_id      INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,                   -- who is to be told
    chat_id     INTEGER NOT NULL,
    thread_id   INTEGER,
    question_id INTEGER NOT NULL,
    asker_id    INTEGER,
    question    TEXT NOT NULL,
    language    TEXT NOT NULL,
    generation  TEXT NOT NULL,                      -- the index last asked in vain
    since       REAL NOT NULL,
    PRIMARY KEY (bot_id, user_id, chat_id, question)
) WITHOUT ROWID;
CREATE INDEX waiting_old ON waiting (since);
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

_INLINE = """
CREATE INDEX updates_of_lane ON updates (bot_id, lane, update_id) WHERE state = 'waiting';
"""

_ADMIN = """
CREATE TABLE rebuilds (                             -- to do, or at work
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    bot_id      INTEGER NOT NULL,
    chat_id     INTEGER NOT NULL,
    thread_id   INTEGER,
    user_id     INTEGER NOT NULL,
    language    TEXT NOT NULL,
    before      TEXT,                               -- the generation that was live
    is_begun    INTEGER NOT NULL DEFAULT 0,
    at          REAL NOT NULL
);
CREATE TABLE offers (                               -- documents that would replace others
    bot_id      INTEGER NOT NULL,
    key         TEXT NOT NULL,                      -- what its file is called
    chat_id     INTEGER NOT NULL,
    user_id     INTEGER NOT NULL,
    name        TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    replaces    TEXT NOT NULL,                      -- SHA-256 of the other
    at          REAL NOT NULL,
    PRIMARY KEY (bot_id, key)
) WITHOUT ROWID;
"""

STEPS: tuple[str, ...] = (
    _INBOX_AND_OUTBOX,
    _DOCUMENTS_AND_TAGS,
    _CARDS,
    _ACCESS,
    _QUOTAS,
    _FEEDBACK,
    _ASKED,
    _WAITING,
    _LINKED,
    _TURNS,
    _INLINE,
    _ADMIN,
)
"""Step n brings a database from version n - 1 to n (`PRAGMA user_version`)."""
