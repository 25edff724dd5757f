"""Reading files that nobody vouches for: in processes of their own, within limits."""

from __future__ import annotations

from index.reading.pool import ReaderPool
from index.reading.process import Limits

__all__ = ["Limits", "ReaderPool"]
