"""Retrieval collections in BEIR's format: corpus.jsonl, queries.jsonl, qrels/test.tsv.

Source: Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information
Retrieval Models", NeurIPS 2021.
"""

from __future__ import annotations

import csv
import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.build import index_documents
from index.documents import one_paragraph
from index.errors import EvaluationError
from index.evaluation import evaluate
from index.retriever import LocalRetriever
from index.sources import Metadata

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.documents import ParsedDocument
    from index.evaluation import Evaluation
    from index.types import Encoder, Progress

__all__ = ["Collection", "evaluate_collection", "load_collection"]

_PASSAGES_PER_DOCUMENT = (
    10  # how much deeper to search, since a document's passages share its rank
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A collection. `documents` maps its ids to documents of one paragraph each.

    `qrels` maps a query's id to the relevance (1 and up) of each relevant document's id.
    A query without qrels is one that the documents don't answer.
    """

    documents: dict[str, ParsedDocument]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]


def load_collection(folder: Path) -> Collection:
    """Read a BEIR folder.

    Raises:
        EvaluationError: a file is missing or malformed; the message names it and the line.
    """
    documents = {
        str(record["_id"]): one_paragraph(
            str(record["text"]),
            name=str(record["_id"]),
            folder=folder.name,
            stated=Metadata.from_loose({"title": record.get("title")}),
        )
        for record in _records(folder / "corpus.jsonl", needed=("_id", "text"))
        if str(record["text"]).strip()
    }
    queries = {
        str(record["_id"]): str(record["text"])
        for record in _records(folder / "queries.jsonl", needed=("_id", "text"))
    }
    qrels = _qrels(folder / "qrels" / "test.tsv")
    return Collection(documents=documents, queries=queries, qrels=qrels)


def _records(path: Path, *, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    record = json.loads(line)
                except json.JSONDecodeError as error:
                    raise EvaluationError(f"{path}:{number}: not JSON ({error.msg})") from error
                if not isinstance(record, dict) or any(key not in record for key in needed):
                    raise EvaluationError(f"{path}:{number}: lacks one of {', '.join(needed)}")
                yield record
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: can't be read ({error})") from error


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    qrels: dict[str, dict[str, int]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file, delimiter="\t")
            next(rows, None)  # the header: query-id, corpus-id, score
            for number, row in enumerate(rows, 2):
                try:
                    query, document, relevance = row
                    if int(relevance) > 0:
                        qrels.setdefault(query, {})[document] = int(relevance)
                except ValueError as error:
                    raise EvaluationError(
                        f"{path}:{number}: not query, document, score"
                    ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path}: can't be read ({error})") from error
    return qrels


def evaluate_collection(
    collection: Collection,
    encoder: Encoder,
    *,
    k: int = 10,
    progress: Progress | None = None,
) -> Evaluation:
    """Index a collection in a folder that is dropped afterwards, ask its queries, judge documents.

    A document's score is that of its best passage.
    """
    ids = {parsed.document.id: key for key, parsed in collection.documents.items()}
    with tempfile.TemporaryDirectory(prefix="verbatim-") as folder:
        documents = list(collection.documents.values())
        index_documents(documents, Path(folder), encoder, seeds={}, progress=progress)
        retriever = LocalRetriever.from_state(Path(folder), encoder)
    return evaluate(
        retriever,
        collection.queries,
        collection.qrels,
        documents=len(documents),
        unit_of=lambda hit: ids[hit.passage.document_id],
        k=k,
        depth=k * _PASSAGES_PER_DOCUMENT,
        progress=progress,
    )
