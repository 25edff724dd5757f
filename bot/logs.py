"""Logging that can't tell secrets: the token is blotted out of every line, tracebacks included."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["RedactingFormatter", "configure_logging"]

_TOKEN_LIKE = re.compile(r"(?<!\d)\d{3,}(?::|%3[Aa])[A-Za-z0-9_-]{10,}")
_BLOT = "<token>"

# At their finer levels these log whole updates and rows (people's words) and URLs (the token).
_TALKATIVE = ("telegram", "httpx", "httpcore", "asyncio", "sqlalchemy", "alembic", "psycopg")


class RedactingFormatter(logging.Formatter):
    """Formats a record, then removes the given secrets and whatever looks like a bot token."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._secrets = tuple(secret for secret in secrets if secret)

    def format(self, record: logging.LogRecord) -> str:
        """Return the finished line (and traceback) without secrets."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, _BLOT)
        return _TOKEN_LIKE.sub(_BLOT, text)


def configure_logging(level: str, secrets: Iterable[str] = ()) -> None:
    """Log to stderr at `level`; libraries that log people's words stay at warnings."""
    handler = logging.StreamHandler()
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.getLogger("telegram.ext").addFilter(_without_network_tracebacks)


def _without_network_tracebacks(record: logging.LogRecord) -> bool:
    """Change the records of a network that is down: they need one line each, not a page."""
    if record.module == "networkloop":
        record.exc_info = None
    return True
