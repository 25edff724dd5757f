"""The types of columns, the same on both databases; SQLite's own names stand in old files."""

from __future__ import annotations

from sqlalchemy import REAL, BigInteger, Boolean, Double, Integer, Text

__all__ = ["FLAG", "NUMBER", "TEXT", "TIME"]

NUMBER = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits: Telegram's ids have up to 52."""
TIME: Double[float] = Double().with_variant(REAL(), "sqlite")
"""Unix seconds, and other measures."""
FLAG = Boolean().with_variant(Integer(), "sqlite")
"""Yes or no; SQLite gives it back as 1 or 0."""
TEXT = Text()
