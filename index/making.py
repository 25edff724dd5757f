"""From read documents to a segment, batch by batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from index.cache import cache_key
from index.documents import EXTRACTION_VERSION
from index.duplicates import bands_of
from index.encoded import Recipes
from index.encoding import encode_corpus
from index.errors import CorpusError
from index.preparation import PREPARATION_VERSION, prepare
from index.segment_writer import Batch, SegmentWriter
from index.sentences import SentenceTable
from index.trained import trained_projection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from index.cache import BuildCache
    from index.intake import ToMake
    from index.preparation import Prepared
    from index.searches import IndexKind
    from index.segment_writer import Written
    from index.tokens import Projection
    from index.types import Encoder, Progress

__all__ = ["Maker"]

_CHARS_AT_ONCE = 1_500_000
"""So much text is prepared, encoded and written at a time: some 2,000 passages."""


class Maker:
    """Makes segments, with what the cache holds of their documents."""

    def __init__(
        self,
        encoder: Encoder,
        recipes: Recipes,
        *,
        kind: IndexKind | None = None,
        cache: BuildCache | None = None,
    ) -> None:
        """Without a `kind`, the number of vectors decides how they are kept."""
        self._encoder = encoder
        self._recipes = recipes
        self._kind = kind
        self._cache = cache

    @classmethod
    def of(
        cls,
        encoder: Encoder,
        *,
        kind: IndexKind | None = None,
        cache: BuildCache | None = None,
    ) -> Self:
        """Make them with this encoder, and what was trained for it."""
        recipes = Recipes.from_encoder(encoder, trained_projection(encoder.identity))
        return cls(encoder, recipes, kind=kind, cache=cache)

    @property
    def projection(self) -> Projection:
        """How words' vectors are made smaller."""
        return self._recipes.projection

    @property
    def recipe(self) -> str:
        """All but the documents that a segment follows from, as one name."""
        parts = (
            str(EXTRACTION_VERSION),
            str(PREPARATION_VERSION),
            self._recipes.passages.made_by,
            str(self._kind),
        )
        return cache_key("segment", *parts).hex()

    def make(
        self,
        folder: Path,
        documents: Iterable[ToMake],
        count: int,
        progress: Progress | None = None,
    ) -> Written:
        """Write documents, `count` of them, into an empty folder.

        `progress` is told of passages, of which the whole number is an estimate until the end.
        """
        done_documents = done = 0
        with SegmentWriter(folder, self._encoder.dimension, self._kind) as writer:
            for some in _batches(documents):
                prepared = prepare([each.parsed for each in some], self._encoder, self._cache)
                passages = sum(len(each.passages) for each in prepared)
                done_documents += len(some)
                of = round((done + passages) * count / done_documents)
                writer.append(self._batch(some, prepared, _beyond(progress, done, of)))
                done += passages
            if not done:
                raise CorpusError("the documents that are new were gone before they were read")
            return writer.close(self._cache.used_keys() if self._cache is not None else None)

    def _batch(
        self, some: list[ToMake], prepared: list[Prepared], progress: Progress | None
    ) -> Batch:
        passages = [passage for each in prepared for passage in each.passages]
        return Batch(
            documents=[each.parsed.document for each in some],
            origins=[each.origin for each in some],
            detected=[each.detected for each in some],
            passages=passages,
            sentences=SentenceTable.from_spans(
                [spans for each in prepared for spans in each.sentences]
            ),
            terms=[terms for each in prepared for terms in each.terms],
            encoded=encode_corpus(
                [text for each in prepared for text in each.texts()],
                self._recipes,
                progress,
                self._cache,
            ),
            bands=bands_of([passage.text for passage in passages], self._cache),
        )


def _batches(documents: Iterable[ToMake]) -> Iterator[list[ToMake]]:
    batch: list[ToMake] = []
    chars = 0
    for each in documents:
        batch.append(each)
        chars += len(each.parsed.document.text)
        if chars >= _CHARS_AT_ONCE:
            yield batch
            batch, chars = [], 0
    if batch:
        yield batch


def _beyond(progress: Progress | None, before: int, of: int) -> Callable[[int, int], None] | None:
    """Tell of a batch as a part of the whole."""
    if progress is None:
        return None
    return lambda done, _: progress(before + done, of)
