"""An exported model, run by ONNX Runtime: the module that imports tokenizers.

    model.onnx        input_ids, attention_mask -> token_embeddings, sentence_embedding
    model.onnx.data   its weights, apart, so that they are mapped and not copied
    tokenizer.json    the model's own, with no padding or truncation
    about.json        `About`: all else that is needed, and the SHA-256 of the others

Nothing here needs torch: loading takes tenths of a second, and a question milliseconds.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from pydantic import TypeAdapter, ValidationError
from tokenizers import Tokenizer

from index.durable import sha256_of
from index.embedding import embedding_of, unit
from index.errors import EncoderError
from index.sessions import session_of
from index.types import EncoderIdentity  # noqa: TC001 - pydantic reads the annotations

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from tokenizers import Encoding

    from index.sessions import Session
    from index.types import Embedding, Vectors

__all__ = [
    "ABOUT",
    "FILES",
    "FP32",
    "GRAPH",
    "INPUTS",
    "INT8",
    "OUTPUTS",
    "TOKENIZER",
    "WEIGHTS",
    "About",
    "OnnxEncoder",
    "exported_identity",
]

FP32, INT8 = "onnx-fp32", "onnx-int8"
"""The backends: with the weights as they are, and with those in 8 bits."""

GRAPH = "model.onnx"
WEIGHTS = "model.onnx.data"
TOKENIZER = "tokenizer.json"
FILES = (GRAPH, WEIGHTS, TOKENIZER)
ABOUT = "about.json"
INPUTS = ("input_ids", "attention_mask")
OUTPUTS = ("token_embeddings", "sentence_embedding")

_BATCH_TOKENS = 512  # padding included: beyond that, a batch no longer fits the caches
_NO_LIMIT = 1_000_000  # some tokenizers say 10^30


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What an exported model is, and how texts are given to it.

    `files` are the SHA-256 of the other files.
    """

    identity: EncoderIdentity
    dimension: int
    max_tokens: int
    query_prompt: str
    passage_prompt: str
    unknown: int | None
    padding: int
    files: dict[str, str]


_ABOUT = TypeAdapter(About)


class OnnxEncoder:
    """A sentence-transformers model without that library; see the `Encoder` protocol.

    Each text, or small batch of texts alike in length, is one thread's work, so that all cores
    are used without waiting for each other, and `threads` bounds how many are.
    """

    def __init__(self, *, folder: Path, about: About, threads: int | None = None) -> None:
        self._folder = folder
        self._about = about
        self._threads = threads or os.cpu_count() or 1

    @classmethod
    def load(
        cls,
        folder: Path,
        *,
        threads: int | None = None,
        sha256: Callable[[Path], str] = sha256_of,
    ) -> Self:
        """Read what `index.export` wrote, every file checked by what `sha256` tells of it.

        Raises:
            EncoderError: it is damaged or not there.
        """
        return cls(folder=folder, about=_read_about(folder, sha256), threads=threads)

    @property
    def name(self) -> str:
        """The name that the model was asked for by."""
        return self._about.identity.name

    @property
    def identity(self) -> EncoderIdentity:
        """Name, revision, weights and backend."""
        return self._about.identity

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._about.dimension

    @property
    def max_tokens(self) -> int:
        """How many tokens of a text it reads, special tokens and prompt included."""
        return self._about.max_tokens

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Encode questions into an `(n, d)` array of unit vectors."""
        return self._vectors(texts, self._about.query_prompt)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Encode passages into an `(n, d)` array of unit vectors."""
        return self._vectors(texts, self._about.passage_prompt)

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode questions as wholes and piece by piece."""
        return self._embeddings(texts, self._about.query_prompt)

    def embed_passages(self, texts: Sequence[str]) -> list[Embedding]:
        """Encode passages as wholes and piece by piece."""
        return self._embeddings(texts, self._about.passage_prompt)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Count the tokens each text takes as a passage."""
        prompted = [self._about.passage_prompt + text for text in texts]
        return [len(encoding) for encoding in self._counter.encode_batch_fast(prompted)]

    def _vectors(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), np.float32)

        def keep(row: int, _encoding: Encoding, _tokens: None, vector: NDArray[Any]) -> None:
            vectors[row] = vector

        self._run([prompt + text for text in texts], keep, with_tokens=False)
        return unit(vectors)

    def _embeddings(self, texts: Sequence[str], prompt: str) -> list[Embedding]:
        found: dict[int, Embedding] = {}

        def keep(row: int, encoding: Encoding, tokens: NDArray[Any], vector: NDArray[Any]) -> None:
            found[row] = embedding_of(
                texts[row],
                vector=vector,
                tokens=tokens,
                pieces=np.array(encoding.ids),
                spans=np.array(encoding.offsets, np.int32).reshape(-1, 2) - len(prompt),
                unknown=self._about.unknown,
            )

        self._run([prompt + text for text in texts], keep, with_tokens=True)
        return [found[row] for row in range(len(texts))]

    def _run(self, texts: Sequence[str], keep: Callable[..., None], *, with_tokens: bool) -> None:
        """Call `keep` with each text's row, encoding, token vectors (if wanted) and vector."""
        outputs = OUTPUTS if with_tokens else OUTPUTS[1:]
        session = self._session

        def run(batch: Sequence[tuple[int, Encoding]]) -> None:
            longest = max(len(encoding.ids) for _, encoding in batch)
            ids = np.full((len(batch), longest), self._about.padding, np.int64)
            mask = np.zeros_like(ids)
            for at, (_, encoding) in enumerate(batch):
                ids[at, : len(encoding.ids)] = encoding.ids
                mask[at, : len(encoding.ids)] = 1
            *tokens, vectors = session.run(outputs, dict(zip(INPUTS, (ids, mask), strict=True)))
            for at, (row, encoding) in enumerate(batch):
                own = tokens[0][at, : len(encoding.ids)] if tokens else None
                keep(row, encoding, own, vectors[at])

        # The fast way does without the characters that tokens stand for.
        cut = self._tokenizer.encode_batch if with_tokens else self._tokenizer.encode_batch_fast
        batches = list(self._batches(cut(texts)))
        if len(batches) == 1 or self._threads == 1:
            for batch in batches:
                run(batch)
            return
        with ThreadPoolExecutor(self._threads, "encoding") as pool:
            for _ in pool.map(run, batches):
                pass

    def _batches(self, encodings: Sequence[Encoding]) -> Iterator[list[tuple[int, Encoding]]]:
        """Part texts by their lengths, since a batch is padded to its longest; longest first."""
        order = sorted(enumerate(encodings), key=lambda each: -len(each[1].ids))
        start = 0
        while start < len(order):
            longest = max(1, len(order[start][1].ids))
            count = max(1, _BATCH_TOKENS // longest)
            yield order[start : start + count]
            start += count

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        tokenizer = Tokenizer.from_buffer((self._folder / TOKENIZER).read_bytes())
        if self.max_tokens < _NO_LIMIT:
            tokenizer.enable_truncation(self.max_tokens)
        return tokenizer

    @cached_property
    def _counter(self) -> Tokenizer:
        return Tokenizer.from_buffer((self._folder / TOKENIZER).read_bytes())

    @cached_property
    def _session(self) -> Session:
        return session_of(self._folder / GRAPH, is_optimised=True)


def exported_identity(folder: Path) -> EncoderIdentity | None:
    """Return whose model was exported into a folder; None where that can't be read."""
    try:
        return _ABOUT.validate_json((folder / ABOUT).read_bytes()).identity
    except (OSError, ValidationError):
        return None


def _read_about(folder: Path, sha256: Callable[[Path], str]) -> About:
    with suppress(OSError, ValidationError, KeyError):
        about = _ABOUT.validate_json((folder / ABOUT).read_bytes())
        if all(sha256(folder / name) == about.files[name] for name in FILES):
            return about
    raise EncoderError(f"the exported encoder in {folder} is damaged")
