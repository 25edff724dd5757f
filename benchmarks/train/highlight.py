"""Learn the weights of the highlight: the sentences that hold an answer over the others.

.venv/bin/python -m benchmarks.train.highlight --data DIR [--out DIR]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.outcomes import candidates_of, holds_answer
from benchmarks.train.examples import Workshop, arguments, write_weights
from benchmarks.train.linear import Choice, fit_choices
from index.analysis import Analyser
from index.highlight import FEATURES, SentenceEvidence, highlight_features
from index.tokens import CONTEXT
from index.trained import linear_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.generation import Generation
    from index.types import Embedding

TRAINED_ON = "squad_dev and xquad_en, articles 0, 2, 4, ... by title"
_RIDGE = 1e-4
_DECIMALS = 3


def main() -> None:
    """Learn and write the weights; judge them on the articles not learned from."""
    options = arguments(__doc__).parse_args()
    workshop = Workshop(options.data, options.state)
    names = ("squad_dev", "xquad_en")
    choices = [each for name in names for each in _choices(workshop, name, trained_half=True)]
    usable = [each for each in choices if each.is_right.any() and not each.is_right.all()]
    fitted = fit_choices(usable, ridge=_RIDGE).tolist()
    weights = {
        name: round(weight, _DECIMALS) for name, weight in zip(FEATURES, fitted, strict=True)
    }
    write_weights(options.out / "highlight.json", TRAINED_ON, weights)
    for name in names:
        unseen = _choices(workshop, name, trained_half=False)
        now, then = _accuracy(unseen, weights), _accuracy(unseen, linear_weights("highlight"))
        print(f"{name}, unseen half: {now:.4f}, with the weights of index/trained {then:.4f}")


def _choices(workshop: Workshop, name: str, *, trained_half: bool) -> list[Choice]:
    """Return a choice among sentences for each query: those of the passage with an answer."""
    benchmark, generation = workshop.open(name)
    rows: dict[str, list[int]] = {}
    for row, passage in enumerate(generation.passages):
        rows.setdefault(passage.document_id, []).append(row)
    queries = workshop.queries(benchmark, trained_half=trained_half)
    found = []
    for query, question, embedding in workshop.embedded(benchmark, queries):
        answers = benchmark.answers.get(query, ())
        relevant = benchmark.collection.documents[benchmark.about[query]].document.id
        for row in rows[relevant]:
            passage = generation.passages[row]
            spans = generation.sentences.of_passage(row)
            is_right = np.array([holds_answer(passage.text[a:b], answers) for a, b in spans])
            if is_right.any():
                features = _features(generation, question, embedding, row)
                found.append(Choice(features.astype(np.float32), is_right, 1.0))
                break
    return found


def _features(
    generation: Generation, question: str, embedding: Embedding, row: int
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Return the features of a passage's sentences, from the evidence `highlight` gathers."""
    candidates = candidates_of(generation, embedding, np.array([row], np.int64))
    passage = generation.passages[row]
    spans = generation.sentences.of_passage(row)
    matches = np.zeros((len(candidates.shares), len(spans)), np.float32)
    for best, segment in zip(candidates.matches.best.T, candidates.matches.segment, strict=True):
        mine = slice(None) if segment == CONTEXT else slice(int(segment), int(segment) + 1)
        matches[:, mine] = np.maximum(matches[:, mine], best[:, None])
    first = int(generation.sentences.start[row])
    analyser = Analyser.for_language(generation.documents[generation.document_rows[row]].language)
    asked = analyser.query_terms(question)
    sentences = [passage.text[start:end] for start, end in spans]
    vectors = generation.sentence_vectors.vectors(np.arange(first, first + len(spans)))
    evidence = SentenceEvidence(
        sentences=sentences,
        matches=matches,
        shares=candidates.shares,
        cosines=vectors @ embedding.vector,
        terms=[analyser.terms(sentence) for sentence in sentences],
        asked=asked,
        idf=generation.terms.statistics.idf(asked),
        readable=candidates.readable,
    )
    return highlight_features(question, evidence)


def _accuracy(choices: Sequence[Choice], weights: Mapping[str, float]) -> float:
    """Return how often the chosen sentence holds an answer, where one of the passage does."""
    vector = np.array([weights[name] for name in FEATURES])
    return float(np.mean([each.is_right[np.argmax(each.features @ vector)] for each in choices]))


if __name__ == "__main__":
    main()
