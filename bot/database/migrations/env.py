"""Run by Alembic, within the transaction of whoever upgrades."""

from __future__ import annotations

from alembic import context

from bot.database.shared_tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
