"""The collections that quality is measured on: BEIR folders, their answers, their kept indexes.

An index is the product's own and is built once: it stays in `<state>/<name>-<fingerprint>`, and
the fingerprint covers the texts, the encoder, the trained projection and the index's format. It
does not cover code: after a change to the way texts are read or analysed, delete the folder. What
the encoder said is kept by itself (`benchmarks.kept_encoder`), so an index is soon made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.progress import progress_of
from index.beir import load_collection
from index.build import index_documents
from index.documents import EXTRACTION_VERSION
from index.generations import FORMAT_VERSION, Generations
from index.trained import trained_projection

if TYPE_CHECKING:
    from index.beir import Collection
    from index.generation import Generation
    from index.types import Encoder

__all__ = ["NAMES", "Benchmark", "index_folder", "load_benchmark", "open_index"]

DEFAULT_STATE = Path(".verbatim/benchmarks")

NAMES = (
    "xquad_en", "clapnq_dev", "stackfaq_answers", "rgb_en", "time", "xquad_ar", "xquad_ar-en",
    "squad_dev", "squad2_dev", "scifact",
)  # fmt: skip
"""The collections of `../shared/data`, the quick ones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A collection with what only benchmarks need of it.

    `answers` are the accepted answers of a query, where they are known. `about` is the document
    that a query was written about, whether or not that document answers it. `unanswerable` are
    the queries that are said to have no answer; one that was merely not judged is not among them.
    """

    name: str
    collection: Collection
    answers: dict[str, tuple[str, ...]]
    about: dict[str, str]
    unanswerable: frozenset[str]


def load_benchmark(folder: Path) -> Benchmark:
    """Read a BEIR folder, and from its queries.jsonl what BEIR doesn't have.

    Raises:
        EvaluationError: a file is missing or malformed.
    """
    collection = load_collection(folder)
    with (folder / "queries.jsonl").open(encoding="utf-8") as lines:
        records = {str(record["_id"]): record for record in map(json.loads, lines)}
    about = {query: next(iter(relevant)) for query, relevant in collection.qrels.items()}
    return Benchmark(
        name=folder.name,
        collection=collection,
        answers={
            query: tuple(map(str, record["answers"]))
            for query, record in records.items()
            if record.get("answers")
        },
        about=about
        | {
            query: str(record["source_paragraph"])
            for query, record in records.items()
            if record.get("source_paragraph")
        },
        unanswerable=frozenset(
            query for query, record in records.items() if record.get("answerable") is False
        ),
    )


def open_index(benchmark: Benchmark, encoder: Encoder, state: Path) -> Generation:
    """Return the collection's index, built at the first time.

    Raises:
        GenerationError: the kept one is damaged; delete its folder.
    """
    folder = index_folder(benchmark, encoder, state)
    if Generations(folder).current() is None:
        index_documents(
            list(benchmark.collection.documents.values()),
            folder,
            encoder,
            seeds={},
            progress=progress_of(f"indexing {benchmark.name}"),
        )
    generation, _ = Generations(folder).load()
    return generation


def index_folder(benchmark: Benchmark, encoder: Encoder, state: Path) -> Path:
    """Return where the collection's index is kept, also if under another collection's name."""
    digest = hashlib.sha256()
    for part in (FORMAT_VERSION, EXTRACTION_VERSION, encoder.identity):
        digest.update(repr(part).encode())
    projection = trained_projection(encoder.identity)
    if projection is not None:
        for array in (getattr(projection, slot) for slot in projection.__slots__):
            digest.update(array.tobytes())
    for key, parsed in benchmark.collection.documents.items():
        digest.update(f"{key}\0{parsed.document.content_hash}\0".encode())
        digest.update(f"{parsed.document.source.title}\0".encode())
    fingerprint = digest.hexdigest()[:12]
    # Two collections may have the same documents and differ in their queries.
    kept = sorted(state.glob(f"*-{fingerprint}{os.sep}"))
    return kept[0] if kept else state / f"{benchmark.name}-{fingerprint}"
