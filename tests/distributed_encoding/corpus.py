"""A small corpus to encode ahead of a build, and what of it was asked of an encoder."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.cache import cache_folder
from index.sample import SAMPLE
from tests.fakes import FakeEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.types import Embedding, Vectors

PARAGRAPHS = 12
TEXTS = 3 * PARAGRAPHS
"""One passage and two sentences each, no two alike."""


def write_documents(seeds: Path) -> None:
    """Write two documents of `PARAGRAPHS` paragraphs in all."""
    half = PARAGRAPHS // 2
    for name, first in (("a", 0), ("b", half)):
        paragraphs = [
            f"The guard of gate {number} left his post early. He saw {number} carts at the well."
            for number in range(first, first + half)
        ]
        (seeds / f"{name}.txt").write_text("\n\n".join(paragraphs), "utf-8")


def cached(state: Path) -> dict[bytes, bytes]:
    """Return all that the cache of a state folder holds."""
    with closing(sqlite3.connect(cache_folder(state) / "build.db")) as connection:
        return dict(connection.execute("SELECT key, value FROM entries").fetchall())


@dataclass(frozen=True, slots=True, kw_only=True)
class CountingEncoder(FakeEncoder):
    """Remembers which texts it encoded, those aside that every encoder is met with."""

    encoded: list[str] = field(default_factory=list, compare=False)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode as the fake does."""
        self.encoded.extend(texts)
        return FakeEncoder.encode_passages(self, texts)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode as the fake does."""
        self.encoded.extend(text for text in texts if text not in SAMPLE)
        return FakeEncoder.embed_passages(self, texts)
