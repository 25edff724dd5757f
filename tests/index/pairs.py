"""Pairs of hits that state different values for the same thing, or nearly do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.types import Answer, Hit, Passage, Source, Span, Timings, Verdict

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two hits for a question, whether they differ, and to which half they belong."""

    half: str
    answer: Answer
    is_different: bool


def load_pairs(path: Path) -> list[Pair]:
    """Read pairs; the highlight is the `sentence`, or else all of the text."""
    records = map(json.loads, path.read_text("utf-8").splitlines())
    return [
        Pair(
            half=record["half"],
            is_different=record["differ"],
            answer=Answer(
                question=record["question"],
                query=record["question"],
                verdict=Verdict.ANSWERED,
                confidence=1.0,
                hits=(_hit(record["one"], rank=1), _hit(record["other"], rank=2)),
                generation="pairs",
                timings=Timings(encode_ms=0, search_ms=0, rerank_ms=0, total_ms=0),
            ),
        )
        for record in records
    ]


def _hit(side: dict[str, Any], *, rank: int) -> Hit:
    text = side["text"]
    sentence = side.get("sentence", text)
    start = text.index(sentence)
    return Hit(
        passage=Passage(
            id=f"p{rank}",
            document_id=f"d{rank}",
            number=1,
            of=1,
            start=0,
            end=len(text),
            text=text,
        ),
        source=Source(title=side["title"], path=f"{rank}.txt", published=side["published"]),
        rank=rank,
        score=1 / rank,
        highlight=Span(start, start + len(sentence)),
    )
