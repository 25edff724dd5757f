"""Brings a database to the tables of this version; of processes that start at once, one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database.revisions import HEAD, revision_of

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from bot.database.kinds import Database

__all__ = ["migrate"]


def migrate(engine: Engine, database: Database) -> None:
    """Bring the tables up to date, all of it or nothing; what is kept in them stays.

    Raises:
        SQLAlchemyError: the database can't be used now.
        StateFolderError: a later version wrote it.
    """
    with engine.connect() as connection:
        if revision_of(connection) == HEAD:
            return
    with engine.begin() as connection:
        database.begin_writing(connection)
        database.prepare(connection)
        if revision_of(connection) != HEAD:
            from bot.database.upgrading import upgrade

            upgrade(connection, database.name)
