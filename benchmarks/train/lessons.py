"""What the projection is learned from: the right passage, nine wrong ones, all their words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.outcomes import holds_answer
from benchmarks.progress import progress_of
from index.candidates import find_candidates
from index.passages import context_of
from index.tokens import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from benchmarks.train.examples import Workshop
    from index.generation import Generation
    from index.types import Encoder, Vectors

__all__ = ["Lesson", "lessons"]

_BATCH = 128
_PASSAGES = 10
_HARDEST = 30
_SAMPLE_TOKENS = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A question's token vectors, `(t, d)`, with their `idf`; passages' `(l, d)`, the right first.

    `sentences` mask the tokens of each sentence of the right passage, each with those of its
    context; `is_right` says which hold an answer. Both are empty where nothing is to choose.
    """

    question: NDArray[np.float32]
    idf: NDArray[np.float32]
    passages: Sequence[NDArray[np.float16]]
    sentences: Sequence[NDArray[np.bool_]]
    is_right: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """The token vectors of a passage, and the number of each token's sentence."""

    tokens: NDArray[np.float16]
    segment: NDArray[np.int64]


def lessons(workshop: Workshop, name: str, *, limit: int) -> tuple[Vectors, list[Lesson]]:
    """Return a sample of the passages' token vectors, and a lesson for each trained query."""
    rng = np.random.default_rng(0)
    benchmark, generation = workshop.open(name)
    words = _encoded(generation, workshop.encoder)
    every = np.concatenate([each.tokens for each in words])
    drawn = rng.permutation(len(every))[:_SAMPLE_TOKENS]
    found = []
    queries = workshop.queries(benchmark, trained_half=True, limit=limit)
    for query, question, embedding in workshop.embedded(benchmark, queries):
        candidates = find_candidates(generation, question, embedding)
        documents = benchmark.collection.documents
        gold = {documents[key].document.id for key in benchmark.collection.qrels[query]}
        owners = [generation.passages[row].document_id for row in candidates.rows]
        is_gold = np.array([owner in gold for owner in owners])
        if not is_gold.any():
            continue
        scores = sum(candidates.evidence[part] for part in ("bm25", "dense", "sentence"))
        hardest = np.argsort(-np.where(is_gold, -np.inf, scores))[:_HARDEST]
        wrong = candidates.rows[rng.choice(hardest, _PASSAGES - 1, replace=False)]
        right = int(rng.choice(candidates.rows[is_gold]))
        masks, holding = _sentences(
            generation, right, words[right].segment, benchmark.answers.get(query, ())
        )
        found.append(
            Lesson(
                question=embedding.tokens,
                idf=generation.tokens.statistics.idf(embedding.pieces),
                passages=[words[row].tokens for row in (right, *wrong)],
                sentences=masks,
                is_right=holding,
            )
        )
    return every[drawn].astype(np.float32), found


def _sentences(
    generation: Generation, row: int, segment: NDArray[np.int64], answers: Sequence[str]
) -> tuple[list[NDArray[np.bool_]], NDArray[np.bool_]]:
    text = generation.passages[row].text
    masks, holding = [], []
    for number, (start, end) in enumerate(generation.sentences.of_passage(row)):
        if (segment == number).any():
            masks.append((segment == number) | (segment == CONTEXT))
            holding.append(holds_answer(text[start:end], answers))
    is_right = np.array(holding, bool)
    return (masks, is_right) if is_right.any() and not is_right.all() else ([], is_right[:0])


def _encoded(generation: Generation, encoder: Encoder) -> list[_Words]:
    """Ask the encoder again, since an index keeps the words of its passages only projected."""
    found: list[_Words] = []
    progress = progress_of("encoding passages")
    for start in range(0, len(generation.passages), _BATCH):
        rows = range(start, min(start + _BATCH, len(generation.passages)))
        contexts = [_context(generation, row) for row in rows]
        texts = [
            context + generation.passages[row].text
            for row, context in zip(rows, contexts, strict=True)
        ]
        embeddings = encoder.embed_passages(texts)
        for row, context, embedding in zip(rows, contexts, embeddings, strict=True):
            starts = [span.start + len(context) for span in generation.sentences.of_passage(row)]
            found.append(
                _Words(
                    tokens=embedding.tokens.astype(np.float16),
                    segment=np.searchsorted(starts, embedding.spans[:, 0], side="right") - 1,
                )
            )
        progress(len(found), len(generation.passages))
    return found


def _context(generation: Generation, row: int) -> str:
    document = generation.documents[generation.document_rows[row]]
    return context_of(document.source, generation.passages[row].heading)
