"""First stage: which passages are worth a closer look, and the evidence for each.

Candidates are the best few by each of three searches: BM25, the passages' vectors, the sentences'
vectors. All evidence is then computed for all of them, on scales that mean the same for every
question and collection, so that it can be weighed.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import Analyser
from index.terms import coverage
from index.tokens import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from numpy.typing import NDArray

    from index.generation import Generation
    from index.tokens import SegmentMatches
    from index.types import Embedding

__all__ = [
    "PER_SEARCH",
    "SENTENCES_PER_PASSAGE",
    "Candidates",
    "asked_terms",
    "find_candidates",
    "find_rows",
    "gather",
    "readability",
]

PER_SEARCH = 40
"""How many passages each search finds."""
SENTENCES_PER_PASSAGE = 4
"""How many sentences are fetched for each passage wanted."""

_NO_MATCH = -1.0  # a passage of nothing but marks may have no word piece at all

_UNREADABLE_LETTERS = 1.2
_READABLE_LETTERS = 1.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """Passages in the order of their rows, and what speaks for each.

    `rows` is `(c,)`-shaped and so is each of the `evidence`; `shares` are the weights of the
    question's t tokens; `readable` in [0, 1] says how far the encoder can read the question.
    """

    rows: NDArray[np.int64]
    evidence: dict[str, NDArray[np.float32]]
    matches: SegmentMatches
    token_matches: NDArray[np.float32]
    """The best match of each of the question's tokens anywhere in each candidate, `(t, c)`."""
    shares: NDArray[np.float32]
    readable: float


def readability(letters_per_piece: float) -> float:
    """Return 1 where the encoder reads a text's words, 0 where it spells them letter by letter.

    A vocabulary that was not made for a language breaks its words into single letters, and the
    vectors mean next to nothing.
    """
    share = (letters_per_piece - _UNREADABLE_LETTERS) / (_READABLE_LETTERS - _UNREADABLE_LETTERS)
    return min(max(share, 0.0), 1.0)


def find_candidates(
    generation: Generation,
    question: str,
    embedding: Embedding,
    *,
    within: NDArray[np.bool_] | None = None,
) -> Candidates:
    """Search in every way, and gather the evidence for whatever was found.

    `within`, `(n,)`-shaped, says which passages may be found, at least one of them; the weights of
    words stay those of the whole corpus.
    """
    rows = find_rows(generation, question, embedding, within=within)
    return gather(generation, rows, question, embedding)


def find_rows(
    generation: Generation,
    question: str,
    embedding: Embedding,
    *,
    within: NDArray[np.bool_] | None = None,
) -> NDArray[np.int64]:
    """Return the rows that any search finds, ascending; `within` is that of `find_candidates`."""
    terms = asked_terms(question, generation.distinct_languages)
    by_words = _begun(
        partial(generation.lexical.search, terms, PER_SEARCH)
        if within is None
        else partial(generation.terms.search, terms, within, PER_SEARCH)
    )
    found = set(_nearest_passages(generation, embedding, within))
    found |= set(_nearest_sentences(generation, embedding, within))
    return np.array(sorted(found.union(by_words.result())), np.int64)


def _begun(search: Callable[[], list[int]]) -> Future[list[int]]:
    """Search beside what else is done, in a thread that keeps no process from ending."""
    found: Future[list[int]] = Future()

    def run() -> None:
        try:
            found.set_result(search())
        except BaseException as error:  # noqa: BLE001 -- handed to who waits, Rust's panics too
            found.set_exception(error)

    threading.Thread(target=run, name="words", daemon=True).start()
    return found


def asked_terms(question: str, languages: Iterable[str]) -> list[str]:
    """Return the index terms of a question in any of these languages, each once."""
    terms = (Analyser.for_language(each).query_terms(question) for each in languages)
    return list(dict.fromkeys(term for asked in terms for term in asked))


def _nearest_passages(
    generation: Generation, embedding: Embedding, within: NDArray[np.bool_] | None
) -> list[int]:
    _, rows = generation.vectors.search(embedding.vector[None, :], PER_SEARCH, within=within)
    return [int(row) for row in rows[0]]


def _nearest_sentences(
    generation: Generation, embedding: Embedding, within: NDArray[np.bool_] | None
) -> list[int]:
    wanted = PER_SEARCH * SENTENCES_PER_PASSAGE
    owner = generation.sentences.owner
    _, sentences = generation.sentence_vectors.search(
        embedding.vector[None, :], wanted, within=None if within is None else within[owner]
    )
    owners = owner[sentences[0]].tolist()
    return list(dict.fromkeys(owners))[:PER_SEARCH]


def gather(
    generation: Generation, rows: NDArray[np.int64], question: str, embedding: Embedding
) -> Candidates:
    """Gather the evidence for some passages, at least one of them."""
    terms = {
        each: Analyser.for_language(each).query_terms(question)
        for each in generation.distinct_languages
    }
    store, projection = generation.tokens, generation.projection
    shares = projection.weights(embedding.tokens, store.statistics.idf(embedding.pieces))
    matches = store.match(projection.project(embedding.tokens), rows)
    token_matches = np.full((len(shares), len(rows)), _NO_MATCH, np.float32)
    np.maximum.at(token_matches.T, matches.passage, matches.best.T)
    evidence = _lexical_evidence(generation, rows, terms)
    evidence |= {
        "dense": generation.vectors.vectors(rows) @ embedding.vector,
        "dense_document": generation.document_vectors[generation.document_rows[rows]]
        @ embedding.vector,
        "sentence": _best_sentences(generation, rows, embedding),
        "match": shares @ token_matches,
        "match_sentence": _best_sentence_matches(matches, shares, len(rows)),
    }
    return Candidates(
        rows=rows,
        evidence=evidence,
        matches=matches,
        token_matches=token_matches,
        shares=shares,
        readable=readability(embedding.letters_per_piece),
    )


def _lexical_evidence(
    generation: Generation, rows: NDArray[np.int64], terms: dict[str, list[str]]
) -> dict[str, NDArray[np.float32]]:
    """Return BM25 of the passage and of its whole document, and the passage's coverage.

    Each document is asked in its own language.
    """
    documents = generation.document_rows[rows]
    names = ("bm25", "bm25_document", "coverage")
    evidence = {name: np.zeros(len(rows), np.float32) for name in names}
    for language, asked in terms.items():
        mine = np.flatnonzero(generation.languages[documents] == language)
        if not len(mine) or not asked:
            continue
        for name, store, texts in (
            ("bm25", generation.terms, rows[mine]),
            ("bm25_document", generation.document_terms, documents[mine]),
        ):
            idf = store.statistics.idf(asked)
            occurrences = store.occurrences(asked, texts)
            evidence[name][mine] = store.bm25(occurrences, idf, texts)
            if name == "bm25":
                evidence["coverage"][mine] = coverage(occurrences, idf)
    return evidence


def _best_sentences(
    generation: Generation, rows: NDArray[np.int64], embedding: Embedding
) -> NDArray[np.float32]:
    """Return the cosine of each passage's nearest sentence, `(c,)`-shaped."""
    start, end = generation.sentences.start[rows], generation.sentences.start[rows + 1]
    counts = end - start
    firsts = np.cumsum(counts) - counts
    sentences = np.arange(counts.sum()) + np.repeat(start - firsts, counts)
    scores = generation.sentence_vectors.vectors(sentences) @ embedding.vector
    return np.asarray(np.maximum.reduceat(scores, firsts), np.float32)


def _best_sentence_matches(
    matches: SegmentMatches, shares: NDArray[np.float32], count: int
) -> NDArray[np.float32]:
    """Return how well one sentence, with its passage's context, meets the question: `(c,)`."""
    is_context = matches.segment == CONTEXT
    context = np.full((len(shares), count), _NO_MATCH, np.float32)
    context[:, matches.passage[is_context]] = matches.best[:, is_context]
    met = shares @ np.maximum(matches.best, context[:, matches.passage])
    best = np.full(count, _NO_MATCH, np.float32)
    np.maximum.at(best, matches.passage[~is_context], met[~is_context])
    return best
