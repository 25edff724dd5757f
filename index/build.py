"""Bring the index up to date with the folder of documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.corpus import fingerprints_of, read_corpus
from index.dense import DenseIndex
from index.documents import EXTRACTION_VERSION
from index.errors import EmptyCorpusError, GenerationError, NoGenerationError, printable
from index.generations import Generations
from index.passages import passages_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from index.documents import ParsedDocument
    from index.errors import UnreadableFileError
    from index.types import Encoder, EncoderIdentity, Progress, Vectors

__all__ = ["BuildReport", "build", "index_documents", "stale_reasons"]

_ENCODE_BATCH = 256


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
    passages = [passage for parsed in documents for passage in passages_of(parsed, encoder)]
    vectors = _encoded([passage.text for passage in passages], encoder, progress)
    generation = Generations(state_dir).promote(
        documents=[parsed.document for parsed in documents],
        passages=passages,
        vectors=DenseIndex.from_vectors(vectors),
        encoder=encoder.identity,
        extraction=EXTRACTION_VERSION,
        seeds=seeds,
    )
    return generation, len(passages)


def _encoded(texts: Sequence[str], encoder: Encoder, progress: Progress | None) -> Vectors:
    vectors = np.empty((len(texts), encoder.dimension), dtype=np.float32)
    # Texts of like length share a batch, since a batch is padded to its longest.
    order = np.argsort([len(text) for text in texts], kind="stable")
    for start in range(0, len(texts), _ENCODE_BATCH):
        rows = order[start : start + _ENCODE_BATCH]
        vectors[rows] = encoder.encode_passages([texts[row] for row in rows])
        if progress is not None:
            progress(min(start + _ENCODE_BATCH, len(texts)), len(texts))
    return vectors


def stale_reasons(seeds_dir: Path, state_dir: Path, encoder: EncoderIdentity) -> list[str]:
    """Say in what the live index differs from what a build would make now; [] when in nothing.

    Raises:
        CorpusError: the folder can't be listed.
    """
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
    before, now = manifest.seeds, fingerprints_of(seeds_dir)
    changes = {
        "new": now.keys() - before.keys(),
        "gone": before.keys() - now.keys(),
        "changed": {name for name in now.keys() & before.keys() if now[name] != before[name]},
    }
    reasons += [
        f"{printable(name)} is {how}" for how, names in changes.items() for name in sorted(names)
    ]
    return reasons
