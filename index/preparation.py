"""What a document alone decides, before anything is encoded: passages, sentences, index terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from index.analysis import Analyser
from index.cache import cache_key
from index.documents import ParsedDocument
from index.encoding import PassageText
from index.passages import context_of, passages_of
from index.sentences import sentence_spans
from index.types import Passage, Span  # noqa: TC001 - pydantic reads the annotations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.cache import BuildCache
    from index.types import Encoder

__all__ = ["PREPARATION_VERSION", "Prepared", "prepare"]

PREPARATION_VERSION = 1  # bump when a document comes out with other passages, sentences or terms
_KEPT_AT_ONCE = 64  # documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document's passages; row by row, each one's context, sentences and index terms."""

    passages: tuple[Passage, ...]
    contexts: tuple[str, ...]
    sentences: tuple[tuple[Span, ...], ...]
    terms: tuple[tuple[str, ...], ...]

    @classmethod
    def from_document(cls, parsed: ParsedDocument, encoder: Encoder) -> Prepared:
        """Work it out; the document's language must have been settled."""
        document = parsed.document
        passages = passages_of(parsed, encoder)
        contexts = [context_of(document.source, passage.heading) for passage in passages]
        analyser = Analyser.for_language(document.language)
        return cls(
            passages=tuple(passages),
            contexts=tuple(contexts),
            sentences=tuple(
                tuple(sentence_spans(passage.text, document.language)) for passage in passages
            ),
            terms=tuple(
                tuple(analyser.terms(context + passage.text))
                for context, passage in zip(contexts, passages, strict=True)
            ),
        )

    def texts(self) -> list[PassageText]:
        """Return what the encoder is given."""
        rows = zip(self.contexts, self.passages, self.sentences, strict=True)
        return [PassageText(context, passage.text, spans) for context, passage, spans in rows]


_PARSED = TypeAdapter(ParsedDocument)
_PREPARED = TypeAdapter(Prepared)


def prepare(
    documents: Sequence[ParsedDocument], encoder: Encoder, cache: BuildCache | None = None
) -> list[Prepared]:
    """Prepare each document, unless the cache holds what came of it before."""
    if cache is None:
        return [Prepared.from_document(parsed, encoder) for parsed in documents]
    keys = [_key(parsed, encoder) for parsed in documents]
    known = cache.get(keys)
    prepared = []
    fresh: dict[bytes, bytes] = {}
    for parsed, key in zip(documents, keys, strict=True):
        found = _read(known.get(key))
        if found is None:
            found = Prepared.from_document(parsed, encoder)
            fresh[key] = _PREPARED.dump_json(found)
            if len(fresh) == _KEPT_AT_ONCE:
                cache.put(fresh)
                fresh = {}
        prepared.append(found)
    cache.put(fresh)
    return prepared


def _key(parsed: ParsedDocument, encoder: Encoder) -> bytes:
    document = _PARSED.dump_json(parsed).decode()
    return cache_key("prepared", str(PREPARATION_VERSION), repr(encoder.identity), document)


def _read(stored: bytes | None) -> Prepared | None:
    if stored is None:
        return None
    try:
        return _PREPARED.validate_json(stored)
    except ValidationError:
        return None
