"""The bot's own file, for the tests of what is kept in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.delivery.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open a new file."""
    store = Store(tmp_path / "bot.db")
    yield store
    store.close()
