"""An encoder for tests: small, deterministic, and with no model behind it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.text import words
from index.types import Embedding, EncoderIdentity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.types import Vectors

__all__ = ["FakeEncoder"]

_TOKEN = re.compile(r"\S+")
_SPECIAL_TOKENS = 2
_VOCABULARY = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeEncoder:
    """Texts with the same words are alike; see the `Encoder` protocol.

    A token is what stands between white space, its marks and case aside; two more stand around
    every text. A token's vector has a one at the place that its checksum names, a text's vector is
    the normalised sum over the tokens that are read (norm 0 where there is none).
    """

    name: str = "fake"
    dimension: int = 64
    max_tokens: int = 256

    @property
    def identity(self) -> EncoderIdentity:
        """Encoders of one name and dimension give the same vectors."""
        return EncoderIdentity(
            name=self.name, revision=None, weights_sha256=f"{self.dimension:064x}"
        )

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions into an `(n, dimension)` array."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages into an `(n, dimension)` array, in the same way as questions."""
        vectors: Vectors = np.array([self._embedding(text).vector for text in texts], np.float32)
        return vectors.reshape(len(texts), self.dimension)

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode questions as wholes and token by token."""
        return self.embed_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages as wholes and token by token, in the same way as questions."""
        return [self._embedding(text) for text in texts]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the words, and the two special tokens."""
        return [len(text.split()) + _SPECIAL_TOKENS for text in texts]

    def _embedding(self, text: str) -> Embedding:
        found = list(_TOKEN.finditer(text))[: max(self.max_tokens - _SPECIAL_TOKENS, 0)]
        tokens = ["".join(words(match[0])) or match[0] for match in found]
        sums = np.array([zlib.crc32(token.encode()) for token in tokens], np.int64)
        vectors = np.zeros((len(tokens), self.dimension), np.float32)
        vectors[np.arange(len(tokens)), sums % self.dimension] = 1
        total = vectors.sum(axis=0)
        letters = [len(token) for token in tokens if token.isalpha()]
        return Embedding(
            vector=total / np.maximum(np.linalg.norm(total), 1),
            tokens=vectors,
            pieces=(sums % _VOCABULARY).astype(np.int32),
            spans=np.array([match.span() for match in found], np.int32).reshape(-1, 2),
            letters_per_piece=sum(letters) / len(letters) if letters else 3.0,
        )
