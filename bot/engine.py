"""The engine that the settings name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import ConfigurationError

if TYPE_CHECKING:
    from bot.settings import Settings
    from index.served.engine import Engine

__all__ = ["engine_of"]


def engine_of(settings: Settings) -> Engine:
    """Return the engine at INDEX_URL, which is not reached for yet.

    Raises:
        ConfigurationError: it is not set, or what it needs is not installed.
    """
    if settings.index_url is None:
        raise ConfigurationError("INDEX_URL is not set")
    try:
        from index.served.engine import Engine  # its library costs seconds
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"INDEX_URL needs {error.name}, which is not installed: pip install 'verbatim[milvus]'"
        ) from None
    token = settings.index_token.get_secret_value() if settings.index_token else None
    return Engine(settings.index_url, token=token, timeout_s=settings.index_timeout_s)
