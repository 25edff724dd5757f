"""Questions with their embeddings in a file, for a process that is to load no model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.kept_encoder import from_bytes, to_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.types import Embedding, Encoder

__all__ = ["GivenEncoder", "give"]


def give(path: Path, questions: Sequence[str], encoder: Encoder) -> None:
    """Encode questions and write what `GivenEncoder` reads."""
    embeddings = encoder.embed_queries(questions)
    kept = [np.frombuffer(to_bytes(each), np.uint8) for each in embeddings]
    np.savez(path, np.array(questions), *kept)


class GivenEncoder:
    """An encoder of texts whose embeddings are given."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as arrays:
            texts, *kept = (arrays[name] for name in arrays.files)
        self.questions: list[str] = texts.tolist()
        self._known = {
            " ".join(text.split()): from_bytes(each.tobytes())
            for text, each in zip(self.questions, kept, strict=True)
        }

    def embed_queries(self, texts: Sequence[str]) -> list[Embedding]:
        """Return what is given."""
        return [self._known[" ".join(text.split())] for text in texts]
