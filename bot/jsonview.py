"""Answers and evaluations as the JSON objects that `--json` promises."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.evaluation import Evaluation
    from index.types import Answer, Hit

__all__ = ["answer_object", "dumps", "evaluation_object"]

_PLACES = 4


def dumps(value: dict[str, Any]) -> str:
    """Return one line of JSON, non-ASCII characters as they are."""
    return json.dumps(value, ensure_ascii=False)


def answer_object(answer: Answer) -> dict[str, Any]:
    """Return an answer in the shape of `ask --json`."""
    timings = answer.timings
    return {
        "question": answer.question,
        "verdict": str(answer.verdict),
        "confidence": round(answer.confidence, _PLACES),
        "generation": answer.generation,
        "hits": [_hit_object(hit) for hit in answer.hits],
        "timings_ms": {
            "encode": round(timings.encode_ms, 3),
            "search": round(timings.search_ms, 3),
            "rerank": round(timings.rerank_ms, 3),
            "total": round(timings.total_ms, 3),
        },
    }


def evaluation_object(evaluation: Evaluation) -> dict[str, Any]:
    """Return an evaluation in the shape of `eval --json`."""
    return {
        "queries": evaluation.queries,
        "documents": evaluation.documents,
        "metrics": {name: round(value, _PLACES) for name, value in evaluation.metrics.items()},
        "latency_ms": {name: round(value, 3) for name, value in evaluation.latency_ms.items()},
        "abstention": evaluation.verdicts,
    }


def _hit_object(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": round(hit.score, _PLACES),
        "passage_id": hit.passage.id,
        "text": hit.passage.text,
        "highlight": {"start": hit.highlight.start, "end": hit.highlight.end},
        "source": _source_object(hit),
        "also_in": [_source_object(other) for other in hit.also_in],
    }


def _source_object(hit: Hit) -> dict[str, Any]:
    source, passage = hit.source, hit.passage
    return {
        "title": source.title,
        "path": source.path,
        "paragraph": passage.number,
        "paragraphs": passage.of,
        "start": passage.start,
        "end": passage.end,
        "page": passage.page,
        "heading": passage.heading,
        "publisher": source.publisher,
        "authors": list(source.authors),
        "published": source.published,
        "url": source.url,
        "language": source.language,
        "licence": source.licence,
    }
