"""Bring the index up to date with the folder of documents."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from index.analysis import Analyser
from index.corpus import fingerprints_of, read_corpus
from index.documents import EXTRACTION_VERSION
from index.encoding import PassageText, encode_corpus
from index.errors import (
    CorpusError,
    EmptyCorpusError,
    GenerationError,
    NoGenerationError,
    printable,
)
from index.generation import write_generation
from index.generations import Generations
from index.language import detect_languages, primary
from index.passages import context_of, passages_of
from index.sentences import SentenceTable, sentence_spans
from index.trained import trained_projection

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.errors import UnreadableFileError
    from index.types import Document, Encoder, EncoderIdentity, Passage, Progress

__all__ = ["BuildReport", "build", "index_documents", "stale_reasons"]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildReport:
    """What a build did. `furniture` holds, by document path, the lines set aside."""

    generation: str
    documents: int
    passages: int
    problems: tuple[UnreadableFileError, ...]
    furniture: dict[str, tuple[str, ...]]


def build(
    seeds_dir: Path,
    state_dir: Path,
    encoder: Encoder,
    progress: Progress | None = None,
) -> BuildReport:
    """Build a new generation from every readable document and make it live.

    Raises:
        CorpusError: there is nothing to answer from; what was live stays so.
        StateFolderError: the state folder can't be written; what was live stays so.
    """
    corpus = read_corpus(seeds_dir)
    if not corpus.documents:
        raise EmptyCorpusError(seeds_dir, corpus.problems)
    generation, passages = index_documents(
        corpus.documents, state_dir, encoder, seeds=corpus.fingerprints, progress=progress
    )
    return BuildReport(
        generation=generation,
        documents=len(corpus.documents),
        passages=passages,
        problems=corpus.problems,
        furniture={parsed.document.source.path: parsed.furniture for parsed in corpus.documents},
    )


def index_documents(
    documents: Sequence[ParsedDocument],
    state_dir: Path,
    encoder: Encoder,
    *,
    seeds: Mapping[str, str],
    progress: Progress | None = None,
) -> tuple[str, int]:
    """Make a generation of these documents live; return its name and its number of passages.

    `seeds` maps the files they were read from to the SHA-256 of their bytes.

    Raises:
        StateFolderError: the state folder can't be written; what was live stays so.
    """
    languages = detect_languages([parsed.document.text for parsed in documents])
    documents = [
        replace(parsed, document=replace(parsed.document, language=_language(parsed, detected)))
        for parsed, detected in zip(documents, languages, strict=True)
    ]
    passages = [passage for parsed in documents for passage in passages_of(parsed, encoder)]
    by_id = {parsed.document.id: parsed.document for parsed in documents}
    texts = [_passage_text(passage, by_id[passage.document_id]) for passage in passages]
    encoded = encode_corpus(texts, encoder, trained_projection(encoder.identity), progress)
    terms = [
        Analyser.for_language(by_id[passage.document_id].language).terms(text.context + text.text)
        for passage, text in zip(passages, texts, strict=True)
    ]
    generation = Generations(state_dir).promote(
        partial(
            write_generation,
            documents=list(by_id.values()),
            passages=passages,
            sentences=SentenceTable.from_spans([text.sentences for text in texts]),
            encoded=encoded,
            terms=terms,
        ),
        documents=len(documents),
        passages=len(passages),
        encoder=encoder.identity,
        extraction=EXTRACTION_VERSION,
        seeds=seeds,
    )
    return generation, len(passages)


def _language(parsed: ParsedDocument, detected: str) -> str:
    stated = parsed.document.source.language
    return primary(stated) if stated else detected


def _passage_text(passage: Passage, document: Document) -> PassageText:
    return PassageText(
        context=context_of(document.source, passage.heading),
        text=passage.text,
        sentences=sentence_spans(passage.text, document.language),
    )


def stale_reasons(seeds_dir: Path, state_dir: Path, encoder: EncoderIdentity) -> list[str]:
    """Say in what the live index differs from what a build would make now; [] when in nothing."""
    try:
        manifest = Generations(state_dir).manifest()
    except NoGenerationError:
        return ["nothing has been built yet"]
    except GenerationError as error:
        return [str(error)]
    reasons = []
    if manifest.encoder != encoder:
        reasons.append(f"the encoder was {manifest.encoder.name}, it is now {encoder.name}")
    if manifest.extraction != EXTRACTION_VERSION:
        reasons.append("files are read in another way than they were")
    try:
        before, now = manifest.seeds, fingerprints_of(seeds_dir)
    except CorpusError as error:
        return [*reasons, str(error)]
    changes = {
        "new": now.keys() - before.keys(),
        "gone": before.keys() - now.keys(),
        "changed": {name for name in now.keys() & before.keys() if now[name] != before[name]},
    }
    reasons += [
        f"{printable(name)} is {how}" for how, names in changes.items() for name in sorted(names)
    ]
    return reasons
