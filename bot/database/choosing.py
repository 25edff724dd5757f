"""Which database the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.database.postgres import PostgresDatabase
from bot.database.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from bot.database.kinds import Database
    from bot.settings import Settings

__all__ = ["database_of"]


def database_of(settings: Settings) -> Database:
    """Return the bot's database: that of DATABASE_URL, or a file in the state folder.

    Raises:
        ConfigurationError: the address can't be read; it is never shown, for its password.
    """
    if settings.database_url is None:
        return SqliteDatabase(settings.state_dir / "bot.db")
    return PostgresDatabase.from_address(settings.database_url.get_secret_value())
