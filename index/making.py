"""From read documents to everything that a generation holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self, TypedDict

from index.cache import cache_key
from index.documents import EXTRACTION_VERSION
from index.duplicates import near_duplicates
from index.encoding import encode_corpus
from index.generation import write_generation
from index.language import detect_language, primary, settle
from index.preparation import prepare
from index.sentences import SentenceTable
from index.trained import trained_projection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from index.cache import BuildCache
    from index.documents import ParsedDocument
    from index.encoding import EncodedCorpus
    from index.searches import IndexKind, Measured
    from index.types import Document, Encoder, Passage, Progress, Span

__all__ = ["Made", "with_languages"]


class Counts(TypedDict):
    """What a manifest says of a generation's size and origin."""

    documents: int
    passages: int
    extraction: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """All of a generation, in memory and ready to be written."""

    documents: list[Document]
    passages: list[Passage]
    sentences: list[tuple[Span, ...]]
    terms: list[tuple[str, ...]]
    encoded: EncodedCorpus
    first_alike: NDArray[np.int32]

    @classmethod
    def from_documents(
        cls,
        documents: Sequence[ParsedDocument],
        encoder: Encoder,
        progress: Progress | None = None,
        cache: BuildCache | None = None,
    ) -> Self:
        """Make it, with what the cache holds of it."""
        settled = with_languages(documents, cache)
        prepared = prepare(settled, encoder, cache)
        passages = [passage for each in prepared for passage in each.passages]
        return cls(
            documents=[parsed.document for parsed in settled],
            passages=passages,
            sentences=[spans for each in prepared for spans in each.sentences],
            terms=[terms for each in prepared for terms in each.terms],
            encoded=encode_corpus(
                [text for each in prepared for text in each.texts()],
                encoder,
                trained_projection(encoder.identity),
                progress,
                cache,
            ),
            first_alike=near_duplicates([passage.text for passage in passages], cache),
        )

    def counts(self) -> Counts:
        """Return what the manifest says of it."""
        return Counts(
            documents=len(self.documents),
            passages=len(self.passages),
            extraction=EXTRACTION_VERSION,
        )

    def write(self, folder: Path, kind: IndexKind | None = None) -> dict[str, Measured]:
        """Write the stores into a folder; return how the vectors are searched."""
        return write_generation(
            folder,
            documents=self.documents,
            passages=self.passages,
            sentences=SentenceTable.from_spans(self.sentences),
            encoded=self.encoded,
            terms=self.terms,
            first_alike=self.first_alike,
            kind=kind,
        )


def with_languages(
    documents: Sequence[ParsedDocument], cache: BuildCache | None
) -> list[ParsedDocument]:
    """Settle each document's language: as stated, or else as detected."""
    keys = [cache_key("language", parsed.document.content_hash) for parsed in documents]
    known = cache.get(keys) if cache is not None else {}
    missing = {
        key: detect_language(parsed.document.text).encode()
        for key, parsed in zip(keys, documents, strict=True)
        if key not in known
    }
    if cache is not None and missing:
        cache.put(missing)
    detected = settle([(known | missing)[key].decode() for key in keys])
    return [
        replace(parsed, document=replace(parsed.document, language=_language(parsed, found)))
        for parsed, found in zip(documents, detected, strict=True)
    ]


def _language(parsed: ParsedDocument, detected: str) -> str:
    stated = parsed.document.source.language
    return primary(stated) if stated else detected
