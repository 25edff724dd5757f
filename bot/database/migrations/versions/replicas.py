"""Tables for several processes that share the work."""

from __future__ import annotations

from alembic import op
from sqlalchemy import Column, ForeignKey, Index

from bot.database.columns import NUMBER, TEXT, TIME

__all__ = ["upgrade"]

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make them; where only one process may be, they stay empty."""
    op.create_table(
        "replicas",
        Column("id", TEXT, primary_key=True),
        Column("bot_id", NUMBER, nullable=False),
        Column("beat_at", TIME, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claims",
        Column("bot_id", NUMBER, primary_key=True),
        Column("duty", TEXT, primary_key=True),
        Column("number", NUMBER, primary_key=True),
        Column("owner", TEXT, ForeignKey("replicas.id", ondelete="CASCADE"), nullable=False),
        Index("claims_of_owner", "owner"),
        sqlite_with_rowid=False,
    )
