"""What every claim is compared with: BM25, one dense vector a document, and two fusions of both.

All of them rank whole documents. BM25 is bm25s with a Snowball stemmer, k1 1.5 and b 0.75, over
title and text; dense is the same encoder, exact, over title and text as far as it reads. RRF:
Cormack et al., SIGIR 2009. Convex combination: Bruch et al., "An Analysis of Fusion Functions
for Hybrid Retrieval", TOIS 2023.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import bm25s
import numpy as np
import Stemmer

from index.passages import context_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from index.documents import ParsedDocument
    from index.evaluation import Run
    from index.generation import Generation
    from index.types import Encoder, Vectors

    Parts: TypeAlias = Callable[[Mapping[str, float]], dict[str, float]]
    """From a query's scores to what each document contributes to a fusion."""

__all__ = ["baseline_runs", "document_vectors"]

_DEPTH = 100
_RRF_K = 60
_TIE_BREAK = 1 + 1e-6
_STEMMERS = {"ar": "arabic", "en": "english"}


def baseline_runs(
    documents: Mapping[str, ParsedDocument],
    vectors: Vectors,
    queries: Mapping[str, str],
    query_vectors: Vectors,
    *,
    language: str,
) -> dict[str, Run]:
    """Return the four runs by name: `bm25`, `dense`, `rrf` and `convex`.

    `vectors` and `query_vectors` are in the order of `documents` and `queries`.
    """
    ids = list(documents)
    texts = [_text_of(parsed) for parsed in documents.values()]
    lexical = _bm25(ids, texts, queries, language)
    scores = query_vectors @ vectors.T
    dense = {query: _top(ids, row) for query, row in zip(queries, scores, strict=True)}
    return {
        "bm25": lexical,
        "dense": dense,
        "rrf": _fused(lexical, dense, _reciprocal_ranks, _dense_reciprocal_ranks),
        "convex": _fused(lexical, dense, _min_max, _min_max),
    }


def document_vectors(generation: Generation, encoder: Encoder) -> Vectors:
    """Return one vector for each document: title and text as far as the encoder reads them.

    Where a document is one passage, that is the passage's own vector: the same text was encoded.
    """
    counts = np.bincount(generation.document_rows, minlength=len(generation.documents))
    vectors = np.array(generation.document_vectors, np.float32)
    long: list[int] = np.flatnonzero(counts != 1).tolist()
    texts = [
        context_of(generation.documents[row].source, None) + generation.documents[row].text
        for row in long
    ]
    if texts:
        vectors[long] = encoder.encode_passages(texts)
    return vectors


def _text_of(parsed: ParsedDocument) -> str:
    return context_of(parsed.document.source, None) + parsed.document.text


def _bm25(
    ids: Sequence[str], texts: Sequence[str], queries: Mapping[str, str], language: str
) -> Run:
    def tokens(some: Sequence[str]) -> list[list[str]]:
        found: list[list[str]] = bm25s.tokenize(
            list(some),
            stopwords="en" if language == "en" else [],
            stemmer=Stemmer.Stemmer(_STEMMERS.get(language, "english")),
            show_progress=False,
            return_ids=False,
        )
        return found

    engine = bm25s.BM25(k1=1.5, b=0.75)
    engine.index(tokens(texts), show_progress=False)
    run: Run = {}
    for query, asked in zip(queries, tokens(list(queries.values())), strict=True):
        run[query] = _top(ids, engine.get_scores(asked)) if asked else {}
    return run


def _top(ids: Sequence[str], scores: NDArray[np.float32]) -> dict[str, float]:
    """Return the best `_DEPTH` documents, best first; of score 0 too, which min-max needs."""
    best = np.argsort(-scores, kind="stable")[:_DEPTH]
    return {ids[at]: float(scores[at]) for at in best}


def _reciprocal_ranks(scores: Mapping[str, float]) -> dict[str, float]:
    return {document: 1 / (_RRF_K + rank) for rank, document in enumerate(scores, 1)}


def _dense_reciprocal_ranks(scores: Mapping[str, float]) -> dict[str, float]:
    """Return the same by a trifle more: many sums of ranks are equal, and dense is the better."""
    return {document: part * _TIE_BREAK for document, part in _reciprocal_ranks(scores).items()}


def _min_max(scores: Mapping[str, float]) -> dict[str, float]:
    low, high = min(scores.values(), default=0.0), max(scores.values(), default=0.0)
    span = (high - low) or 1.0
    return {document: 0.5 * (score - low) / span for document, score in scores.items()}


def _fused(first: Run, second: Run, first_parts: Parts, second_parts: Parts) -> Run:
    """Add up what two runs give each document; one that a run lacks gets nothing from it."""
    fused: Run = {}
    for query in first:
        total = first_parts(first[query])
        for document, part in second_parts(second[query]).items():
            total[document] = total.get(document, 0.0) + part
        fused[query] = total
    return fused
