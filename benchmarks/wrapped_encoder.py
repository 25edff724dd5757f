"""An encoder that hands everything on to another; a benchmark changes what it is about."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter, process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.types import Embedding, Encoder, EncoderIdentity, Vectors

__all__ = ["TimedEncoder", "WrappedEncoder"]


class WrappedEncoder:
    """Another encoder, as it is; see the `Encoder` protocol."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    @property
    def name(self) -> str:
        """The other encoder's."""
        return self._encoder.name

    @property
    def identity(self) -> EncoderIdentity:
        """The other encoder's."""
        return self._encoder.identity

    @property
    def dimension(self) -> int:
        """The other encoder's."""
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        """The other encoder's."""
        return self._encoder.max_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions."""
        return self._encoder.encode_queries(texts)

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode questions piece by piece."""
        return self._encoder.embed_queries(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes as a passage."""
        return self._encoder.count_tokens(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages."""
        return self._encoder.encode_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages piece by piece."""
        return self._encoder.embed_passages(texts)


class TimedEncoder(WrappedEncoder):
    """Another encoder; `seconds` and `cpu` add up the clock's and processor's time of passages."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self.seconds = 0.0
        self.cpu = 0.0

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages."""
        with self._counted():
            return self._encoder.encode_passages(texts)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages piece by piece."""
        with self._counted():
            return self._encoder.embed_passages(texts)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        started, cpu = perf_counter(), process_time()
        yield
        self.seconds += perf_counter() - started
        self.cpu += process_time() - cpu
