"""An encoder that encodes each passage once: what it found is kept in a file of the state folder.

An index has to be built anew whenever its format, its projection or the reading of texts changes;
what the encoder says of a text stays the same, and is nearly all of the work. Words' vectors are
kept as 16-bit floats; an index keeps 8 bits of them.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from benchmarks.wrapped_encoder import WrappedEncoder
from index.encoder import DEFAULT_ENCODER, SentenceTransformerEncoder
from index.types import SENTENCE_TRANSFORMERS, Embedding

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.types import Encoder, Vectors

__all__ = ["KeptEncoder"]

_WAIT_S = 120.0  # several benchmarks may share the file
_SCHEMA = "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, value BLOB) WITHOUT ROWID"


class KeptEncoder(WrappedEncoder):
    """Another encoder's passages, from a file where they are known; see the `Encoder` protocol.

    Questions are always encoded.
    """

    def __init__(self, encoder: Encoder, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(encoder)
        self._file = sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=OFF")  # what is lost is encoded again
        self._file.execute(_SCHEMA)

    @classmethod
    def from_state(cls, state: Path, name: str = DEFAULT_ENCODER) -> Self:
        """Wrap an encoder by its name, the product's default; keep its passages in a folder."""
        return cls(SentenceTransformerEncoder.from_name(name), state / "embeddings.sqlite")

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages, or take what is kept of them."""

        def encoded(missing: Sequence[str]) -> list[bytes]:
            return [vector.tobytes() for vector in self._encoder.encode_passages(missing)]

        kept = self._kept("vector", texts, encoded)
        vectors: Vectors = np.array([np.frombuffer(each, np.float32) for each in kept], np.float32)
        return vectors.reshape(len(texts), self.dimension)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages piece by piece, or take what is kept of them."""

        def encoded(missing: Sequence[str]) -> list[bytes]:
            return [to_bytes(each) for each in self._encoder.embed_passages(missing)]

        return [from_bytes(each) for each in self._kept("pieces", texts, encoded)]

    def _kept(
        self, kind: str, texts: Sequence[str], encoded: Callable[[Sequence[str]], list[bytes]]
    ) -> list[bytes]:
        keys = [self.key(kind, text) for text in texts]
        found = {key: value for key in set(keys) if (value := self._look_up(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            fresh = dict(zip(missing, encoded(list(missing.values())), strict=True))
            self._file.execute("BEGIN")
            self._file.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?)", fresh.items())
            self._file.execute("COMMIT")
            found |= fresh
        return [found[key] for key in keys]

    def _look_up(self, key: bytes) -> bytes | None:
        row = self._file.execute("SELECT value FROM kept WHERE key = ?", (key,)).fetchone()
        return bytes(row[0]) if row else None

    def key(self, kind: str, text: str) -> bytes:
        """Return what a text's entry of a kind, `vector` or `pieces`, is kept under."""
        return hashlib.sha256(f"{self._speaker}\0{kind}\0{text}".encode()).digest()[:16]

    @cached_property
    def _speaker(self) -> str:
        """Return who it is that said it: sentence-transformers goes without naming its backend.

        So what was kept before there were backends still counts.
        """
        return repr(self.identity).replace(f", backend={SENTENCE_TRANSFORMERS!r}", "")


def to_bytes(embedding: Embedding) -> bytes:
    """Return an embedding as `from_bytes` reads it."""
    file = io.BytesIO()
    np.savez(
        file,
        vector=embedding.vector,
        tokens=embedding.tokens.astype(np.float16),
        pieces=embedding.pieces,
        spans=embedding.spans,
        letters_per_piece=np.array(embedding.letters_per_piece),
    )
    return file.getvalue()


def from_bytes(kept: bytes) -> Embedding:
    """Return the embedding that `to_bytes` was given, its words' vectors rounded."""
    with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
        return Embedding(
            vector=arrays["vector"],
            tokens=arrays["tokens"].astype(np.float32),
            pieces=arrays["pieces"],
            spans=arrays["spans"],
            letters_per_piece=float(arrays["letters_per_piece"]),
        )
