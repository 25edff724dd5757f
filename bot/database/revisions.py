"""Which of Alembic's revisions a database is at, told without loading Alembic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Column, MetaData, String, Table, inspect, select

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["FIRST", "HEAD", "note_revision", "revision_of"]

FIRST = "0001"
HEAD = "0002"
"""The one that `tables` describes; a test holds it to the files in `migrations`."""

_noted = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))


def revision_of(connection: Connection) -> str | None:
    """Return the revision, None for a database that has none."""
    if not inspect(connection).has_table(_noted.name):
        return None
    return connection.execute(select(_noted)).scalar()


def note_revision(connection: Connection, revision: str) -> None:
    """Note, as Alembic does, that a database that has no revision yet is at this one."""
    _noted.create(connection)
    connection.execute(_noted.insert(), {"version_num": revision})
