"""From what a model puts out for one text to its `Embedding`, whatever ran the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.types import Embedding

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.types import Vectors

__all__ = ["embedding_of", "unit"]

_USUAL_LETTERS = 3.0  # of a text without letters: nothing says that it can't be read


def embedding_of(
    text: str,
    *,
    vector: NDArray[np.float32],
    tokens: NDArray[np.float32],
    pieces: NDArray[Any],
    spans: NDArray[np.int32],
    unknown: int | None,
) -> Embedding:
    """Leave out special tokens and prompt, and bring all vectors to length 1.

    Args:
        text: the text itself, without the prompt.
        vector: of the whole, `(d,)`-shaped.
        tokens: of each token, `(t, d)`-shaped, none of them padding.
        pieces: their numbers in the vocabulary, `(t,)`-shaped.
        spans: the code points of `text` that each stands for, `(t, 2)`-shaped; empty for special
            tokens, below 0 for the prompt.
        unknown: the number in the vocabulary of what is not in it, if there is one.
    """
    is_word = (spans[:, 1] > spans[:, 0]) & (spans[:, 0] >= 0)
    spans = spans[is_word]
    numbers: NDArray[np.int32] = pieces[is_word].astype(np.int32)
    letters = [
        1 if piece == unknown else end - start
        for (start, end), piece in zip(spans.tolist(), numbers.tolist(), strict=True)
        if text[start:end].strip().isalpha()
    ]
    return Embedding(
        vector=unit(vector[None, :])[0],
        tokens=unit(tokens[is_word]),
        pieces=numbers,
        spans=spans,
        letters_per_piece=sum(letters) / len(letters) if letters else _USUAL_LETTERS,
    )


def unit(vectors: object) -> Vectors:
    """Return `(n, d)`-shaped vectors at length 1, those of length 0 as they are."""
    array = np.asarray(vectors, dtype=np.float32)
    norms = np.linalg.norm(array, axis=1, keepdims=True)
    scaled: Vectors = np.divide(array, norms, out=np.zeros_like(array), where=norms > 0)
    return scaled
