"""Which documents have some words in their titles, without reading every document."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from index.analysis import Analyser
from index.arrays import ArrayStore

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.types import Document

__all__ = ["TitleStore"]

_NO_LANGUAGE = "und"  # its words are folded, and no more


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleStore(ArrayStore):
    """The words of each document's two names, its title and its file's, as 64-bit hashes.

    `words` are all of them in ascending order; `names[start[i]:start[i + 1]]` have word i: of the
    document in row r, 2r is the title and 2r + 1 the file name, so that words are not taken from
    both. `lengths` are those of the titles, `(m,)`-shaped.
    """

    words: NDArray[np.uint64]
    start: NDArray[np.int64]
    names: NDArray[np.int32]
    lengths: NDArray[np.int32]

    @classmethod
    def from_documents(cls, documents: Sequence[Document]) -> Self:
        """Look at every document."""
        known: dict[str, int] = {}
        hashes: list[int] = []
        names: list[int] = []
        lengths: list[int] = []
        for row, document in enumerate(documents):
            title, path = document.source.title, document.source.path
            lengths.append(len(title))
            for name, text in enumerate((title, path.rpartition("/")[2]), 2 * row):
                for word in set(_folded(text)):
                    hashes.append(known.setdefault(word, _hash(word)))
                    names.append(name)
        return cls._of(
            np.array(hashes, np.uint64), np.array(names, np.int32), np.array(lengths, np.int32)
        )

    @classmethod
    def joined(cls, stores: Sequence[TitleStore]) -> Self:
        """Put the documents of several stores one after another."""
        before = np.cumsum([0, *map(len, stores)]).tolist()
        return cls._of(
            np.concatenate([np.repeat(each.words, np.diff(each.start)) for each in stores]),
            np.concatenate(
                [each.names + np.int32(2 * at) for each, at in zip(stores, before, strict=False)]
            ),
            np.concatenate([each.lengths for each in stores]),
        )

    @classmethod
    def _of(
        cls, hashes: NDArray[np.uint64], names: NDArray[np.int32], lengths: NDArray[np.int32]
    ) -> Self:
        words, of_word = np.unique(hashes, return_inverse=True)
        counts = np.bincount(of_word, minlength=len(words))
        return cls(
            words=words,
            start=np.cumsum([0, *counts]).astype(np.int64),
            names=names[np.argsort(of_word, kind="stable")],
            lengths=lengths,
        )

    def __len__(self) -> int:
        """How many documents there are."""
        return len(self.lengths)

    def holding(self, text: str) -> NDArray[np.int64]:
        """Return the rows of the documents that have all words of `text` in one of their names.

        Case, accents and order don't matter; the shortest title comes first, ties go by row.
        """
        asked = {_hash(word) for word in _folded(text)}
        names = [self._names_with(word) for word in asked]
        if not names:
            return np.empty(0, np.int64)
        names.sort(key=len)
        found = names[0]
        for others in names[1:]:
            found = np.intersect1d(found, others, assume_unique=True)
        rows = np.unique(found // 2).astype(np.int64)
        return rows[np.argsort(self.lengths[rows], kind="stable")]

    def _names_with(self, word: int) -> NDArray[np.int32]:
        place = int(np.searchsorted(self.words, np.uint64(word)))
        if place == len(self.words) or int(self.words[place]) != word:
            return self.names[:0]
        return self.names[self.start[place] : self.start[place + 1]]


def _folded(text: str) -> list[str]:
    return Analyser.for_language(_NO_LANGUAGE).terms(text)


def _hash(word: str) -> int:
    digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little")
