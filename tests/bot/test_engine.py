"""The engine that the settings name."""

from __future__ import annotations

import sys

import pytest

from bot.engine import engine_of
from bot.settings import Settings
from index.errors import ConfigurationError


def test_without_its_library_what_installs_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """An extra that was not asked for is one line, not a traceback."""
    monkeypatch.setenv("INDEX_URL", "http://127.0.0.1:19530")
    monkeypatch.delitem(sys.modules, "index.served.engine", raising=False)
    monkeypatch.delitem(sys.modules, "index.served.milvus", raising=False)
    monkeypatch.setitem(sys.modules, "pymilvus", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'verbatim\[milvus\]'"):
        engine_of(Settings.from_flags())


@pytest.mark.parametrize(
    "url", ["milvus:19530", "http://user:password@milvus:19530", "./milvus.db", "http://a b"]
)
def test_what_is_no_address_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    """Neither may it hold what lets one in, since it is shown and logged."""
    monkeypatch.setenv("INDEX_URL", url)
    with pytest.raises(ConfigurationError, match="INDEX_URL"):
        Settings.from_flags()
