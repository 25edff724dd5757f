"""Which sentence of a passage answers the question?

A linear model (`index/trained/highlight.json`) over what the encoder's word vectors say of each
sentence in its context, the words it shares with the question, and the kind of thing the question
asks for against what the sentence offers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.analysis import Analyser
from index.asking import Asked, asked_for, offer_of
from index.tokens import CONTEXT
from index.trained import linear_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from index.asking import Offer
    from index.candidates import Candidates
    from index.generation import Generation
    from index.types import Embedding, Span

__all__ = [
    "FEATURES",
    "SentenceEvidence",
    "best_sentence",
    "highlight",
    "highlight_features",
]

FEATURES = (
    "match", "match_even", "sentence", "rare_words", "date", "number", "name", "reason", "term",
    "names", "numbers", "rare_words_before", "length",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEvidence:
    """What is known of a passage's s sentences for a question of t tokens and q terms.

    `matches` is `(t, s)`-shaped: the best match of each token in each sentence or the passage's
    context. `shares` are the tokens' weights, `(t,)`. `cosines`, `(s,)`, are the sentences' with
    the question. `terms` are the index terms of each sentence, `asked` the question's, with `idf`.
    """

    sentences: Sequence[str]
    matches: NDArray[np.float32]
    shares: NDArray[np.float32]
    cosines: NDArray[np.float32]
    terms: Sequence[Sequence[str]]
    asked: Sequence[str]
    idf: NDArray[np.float32]
    readable: float


def highlight(
    generation: Generation, question: str, embedding: Embedding, candidates: Candidates, at: int
) -> Span:
    """Return the span, in its passage's text, of the sentence of candidate `at` that answers."""
    row = int(candidates.rows[at])
    passage = generation.passages[row]
    spans = generation.sentences.of_passage(row)
    if len(spans) == 1:
        return spans[0]
    first = int(generation.sentences.start[row])
    analyser = Analyser.for_language(generation.documents[generation.document_rows[row]].language)
    asked = analyser.query_terms(question)
    sentences = [passage.text[slice(*span)] for span in spans]
    evidence = SentenceEvidence(
        sentences=sentences,
        matches=_matches_of(candidates, at, len(spans)),
        shares=candidates.shares,
        cosines=generation.sentence_vectors.vectors(np.arange(first, first + len(spans)))
        @ embedding.vector,
        terms=[analyser.terms(sentence) for sentence in sentences],
        asked=asked,
        idf=generation.terms.statistics.idf(asked),
        readable=candidates.readable,
    )
    return spans[best_sentence(question, evidence)]


def _matches_of(candidates: Candidates, at: int, count: int) -> NDArray[np.float32]:
    """Return the best match of each token in each of a candidate's sentences or its context."""
    mine = np.flatnonzero(candidates.matches.passage == at)
    matches = np.zeros((len(candidates.shares), count), np.float32)
    for column in mine:
        segment = candidates.matches.segment[column]
        best = candidates.matches.best[:, column]
        if segment == CONTEXT:
            matches = np.maximum(matches, best[:, None])
        else:
            matches[:, segment] = np.maximum(matches[:, segment], best)
    return matches


def best_sentence(question: str, evidence: SentenceEvidence) -> int:
    """Return the place of the sentence that answers best, the first among equals."""
    if len(evidence.sentences) == 1:
        return 0
    weights = linear_weights("highlight")
    scores = highlight_features(question, evidence) @ [weights[name] for name in FEATURES]
    return int(np.argmax(scores))


def highlight_features(question: str, evidence: SentenceEvidence) -> NDArray[np.float64]:
    """Return the `FEATURES` of each sentence, `(s, len(FEATURES))`-shaped."""
    rare = _rare_words(evidence)
    asked = asked_for(question)
    offered = np.array(
        [_offered(offer_of(sentence, question), asked) for sentence in evidence.sentences]
    )
    trust = evidence.readable
    return np.column_stack(
        [
            trust * (evidence.shares @ evidence.matches),
            trust * (evidence.matches.sum(axis=0) / max(len(evidence.shares), 1)),
            trust * evidence.cosines,
            rare,
            offered,
            np.r_[0.0, rare[:-1]],
            np.log1p([len(terms) for terms in evidence.terms]),
        ]
    )


def _rare_words(evidence: SentenceEvidence) -> NDArray[np.float64]:
    """Return the share of the question's weight in each sentence, `(s,)`.

    Words that tell the sentences of this passage apart weigh more.
    """
    count = len(evidence.sentences)
    present = np.array([[term in set(own) for term in evidence.asked] for own in evidence.terms])
    present = present.reshape(count, len(evidence.asked)).astype(float)
    holding = present.sum(axis=0)
    apart = np.where(holding > 0, np.log1p(count / np.maximum(holding, 1)), 0.0)
    weights = apart * evidence.idf
    return np.asarray(present @ weights / max(float(weights.sum()), 1e-9))


def _offered(offer: Offer, asked: frozenset[Asked]) -> list[float]:
    """Return the features from `date` to `numbers`, in the order of `FEATURES`."""
    is_quantity = bool(asked & {Asked.DATE, Asked.NUMBER})
    return [
        float(Asked.DATE in asked and offer.dates > 0),
        float(Asked.NUMBER in asked and Asked.DATE not in asked and offer.numbers > 0),
        float(Asked.NAME in asked and not is_quantity and offer.names > 0),
        float(Asked.REASON in asked and offer.reasons),
        float(Asked.TERM in asked and offer.terms),
        0.0 if is_quantity or Asked.REASON in asked else float(np.log1p(offer.names)),
        float(np.log1p(offer.numbers)) if is_quantity else 0.0,
    ]
