"""Fixtures for the tests of replicas: a database, and a clock that stands still."""

from collections.abc import Iterator

import pytest

from bot.database.postgres import PostgresDatabase
from bot.database.store import Store


@pytest.fixture
def store(postgres_url: str) -> Iterator[Store]:
    """Open an empty database."""
    store = Store(PostgresDatabase.from_address(postgres_url))
    yield store
    store.close()
