"""What Verbatim makes of one query of a collection, beyond what an answer shows.

The same functions as in `LocalRetriever.retrieve`, on a query that was encoded in a batch, so
that ten thousand queries take minutes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.analysis import fold, word_matches
from index.candidates import Candidates, find_candidates, readability
from index.confidence import confidence
from index.fusion import fused_scores
from index.highlight import highlight

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from numpy.typing import NDArray

    from index.generation import Generation
    from index.types import Embedding

__all__ = ["Highlight", "Outcome", "candidates_of", "holds_answer", "kept", "outcome_of"]


class Highlight(NamedTuple):
    """Whether the highlighted sentence holds an answer, and whether any of its passage does."""

    holds: bool
    could_hold: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What was found for one query.

    `scores` are those of each document's best passage, by its row. `without_gold` is the
    confidence if the relevant documents were not there, `highlight` is that of the relevant
    passage; None where that is not known. `dense` is the cosine of the nearest passage.
    """

    scores: dict[int, float]
    confidence: float
    dense: float
    without_gold: float | None
    dense_without_gold: float | None
    highlight: Highlight | None


def outcome_of(
    generation: Generation,
    question: str,
    embedding: Embedding,
    *,
    gold: Collection[int],
    answers: Sequence[str],
) -> Outcome:
    """Ask one question. `gold` are the rows of the relevant documents.

    To take the gold away, its passages are struck from the candidates: of each search 40 were
    kept, so enough remain. It equals an index without them but for the inverse document
    frequencies and the mean length, which hardly move by one document in hundreds.
    """
    candidates = find_candidates(generation, question, embedding)
    documents = generation.document_rows[candidates.rows]
    scores = fused_scores(candidates)
    best: dict[int, float] = {}
    for document, score in zip(documents.tolist(), scores.tolist(), strict=True):
        best[document] = max(score, best.get(document, score))
    rest = ~np.isin(documents, list(gold))
    without = kept(candidates, rest) if gold and rest.any() else None
    return Outcome(
        scores=best,
        confidence=confidence(candidates, scores, documents),
        dense=float(candidates.evidence["dense"].max()),
        without_gold=None
        if without is None
        else confidence(without, fused_scores(without), documents[rest]),
        dense_without_gold=None if without is None else float(without.evidence["dense"].max()),
        highlight=_judged_highlight(
            generation, question, embedding, candidates, gold=gold, answers=answers
        )
        if gold and answers
        else None,
    )


def kept(candidates: Candidates, keep: NDArray[np.bool_]) -> Candidates:
    """Return only those candidates that `keep`, `(c,)`-shaped, is true of."""
    places = np.cumsum(keep) - 1
    mine = keep[candidates.matches.passage]
    return replace(
        candidates,
        rows=candidates.rows[keep],
        evidence={name: values[keep] for name, values in candidates.evidence.items()},
        matches=replace(
            candidates.matches,
            best=candidates.matches.best[:, mine],
            passage=places[candidates.matches.passage[mine]],
            segment=candidates.matches.segment[mine],
        ),
        token_matches=candidates.token_matches[:, keep],
    )


def candidates_of(
    generation: Generation, embedding: Embedding, rows: NDArray[np.int64]
) -> Candidates:
    """Return given passages as candidates, with what a highlight needs and no other evidence."""
    projection = generation.projection
    matches = generation.tokens.match(projection.project(embedding.tokens), rows)
    shares = projection.weights(
        embedding.tokens, generation.tokens.statistics.idf(embedding.pieces)
    )
    token_matches = np.full((len(shares), len(rows)), -1.0, np.float32)
    np.maximum.at(token_matches.T, matches.passage, matches.best.T)
    return Candidates(
        rows=rows,
        evidence={},
        matches=matches,
        token_matches=token_matches,
        shares=shares,
        readable=readability(embedding.letters_per_piece),
    )


def _judged_highlight(
    generation: Generation,
    question: str,
    embedding: Embedding,
    candidates: Candidates,
    *,
    gold: Collection[int],
    answers: Sequence[str],
) -> Highlight:
    """Judge the highlighted sentence of the relevant documents' best passage."""
    documents = generation.document_rows
    among = np.isin(documents[candidates.rows], list(gold))
    if among.any():
        at = int(np.argmax(np.where(among, fused_scores(candidates), -np.inf)))
    else:
        rows = np.flatnonzero(np.isin(documents, list(gold)))
        candidates = candidates_of(generation, embedding, rows)
        at = int(np.argmax(candidates.shares @ candidates.token_matches))
    chosen = highlight(generation, question, embedding, candidates, at)
    row = int(candidates.rows[at])
    text = generation.passages[row].text
    return Highlight(
        holds=holds_answer(text[slice(*chosen)], answers),
        could_hold=any(
            holds_answer(text[slice(*span)], answers)
            for span in generation.sentences.of_passage(row)
        ),
    )


def holds_answer(sentence: str, answers: Sequence[str]) -> bool:
    """Whether the words of an answer stand in the sentence one after another, case folded."""
    words = _plain(sentence)
    return any(plain in words for plain in map(_plain, answers) if plain.strip())


def _plain(text: str) -> str:
    return " ".join(["", *(fold(match.group()) for match in word_matches(text)), ""])
