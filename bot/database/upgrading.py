"""Alembic: the revisions in `migrations`, applied one after another."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from index.errors import StateFolderError

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["upgrade"]


def upgrade(connection: Connection, name: str) -> None:
    """Bring a database from wherever it is to the last revision, as part of a transaction.

    Raises:
        StateFolderError: it is at a revision that this version does not know.
    """
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError:
        raise StateFolderError(
            f"{name} was written by a later version of Verbatim: use that one"
        ) from None
