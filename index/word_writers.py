"""Terms and tokens that come batch by batch, with what is counted of them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.arrays import GrowingStore
from index.terms import TermStatistics
from index.tokens import PieceStatistics

if TYPE_CHECKING:
    from pathlib import Path

    from index.terms import TermStore
    from index.tokens import TokenStore

__all__ = ["TermWriter", "TokenWriter"]

_COUNTED_AT_ONCE = 1 << 22  # distinct terms of batches


class TermWriter:
    """Writes the terms of texts, batch by batch, to files that `TermStore.load` maps."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._arrays = GrowingStore(folder, name)
        self._counted: list[TermStatistics] = []

    def append(self, texts: TermStore) -> None:
        """Add texts at the end."""
        self._arrays.append_parted(texts.start, {"hashes": texts.hashes, "counts": texts.counts})
        self._arrays.append({"lengths": texts.lengths})
        self._counted.append(texts.statistics)
        if sum(len(each.vocabulary) for each in self._counted[1:]) > _COUNTED_AT_ONCE:
            self._counted = [TermStatistics.total(self._counted, (), texts.lengths)]

    def abandon(self) -> None:
        """Let go of the files, whether they were ended or not."""
        self._arrays.abandon()

    def close(self) -> None:
        """End the files."""
        lengths = self._arrays.close()["lengths"]
        TermStatistics.total(self._counted, (), lengths).save(self._folder, self._name)


class TokenWriter:
    """Writes passages' tokens, batch by batch, to files that `TokenStore.load` maps."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._arrays = GrowingStore(folder, name)
        self._statistics = PieceStatistics.total((), ())

    def append(self, passages: TokenStore) -> None:
        """Add passages at the end."""
        self._arrays.append_parted(
            passages.start, {"words": passages.words, "pieces": passages.pieces}
        )
        self._statistics = PieceStatistics.total([self._statistics, passages.statistics], ())

    def abandon(self) -> None:
        """Let go of the files, whether they were ended or not."""
        self._arrays.abandon()

    def close(self) -> None:
        """End the files."""
        self._arrays.close()
        self._statistics.save(self._folder, self._name)
