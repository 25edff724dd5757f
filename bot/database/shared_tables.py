"""The tables of several processes that share a bot's work; in a file they stay empty."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Table

from bot.database.columns import NUMBER, TEXT, TIME
from bot.database.tables import METADATA

__all__ = ["METADATA", "claims", "replicas"]

replicas = Table(
    "replicas",
    METADATA,
    Column("id", TEXT, primary_key=True),
    Column("bot_id", NUMBER, nullable=False),
    Column("beat_at", TIME, nullable=False),  # by the database's clock
    sqlite_with_rowid=False,
)
claims = Table(  # which of them does what; a claim goes with its process
    "claims",
    METADATA,
    Column("bot_id", NUMBER, primary_key=True),
    Column("duty", TEXT, primary_key=True),
    Column("number", NUMBER, primary_key=True),
    Column("owner", TEXT, ForeignKey("replicas.id", ondelete="CASCADE"), nullable=False),
    Index("claims_of_owner", "owner"),
    sqlite_with_rowid=False,
)
