"""Learn the weights of fusion: the relevant passages over the other candidates.

    .venv/bin/python -m benchmarks.train.fusion --data DIR [--out DIR] [--leave-one-out]
        [--without match,match_sentence]

Each collection counts the same. --leave-one-out writes nothing: it learns from all collections
but one (and but its kin: SQuAD's) and prints nDCG@10 on that one, for each in turn: what to expect
of a collection that nobody has seen. --without leaves evidence out, to see what it is worth.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.train.examples import Workshop, arguments, write_weights
from benchmarks.train.linear import Choice, fit_choices
from index.evaluation import judge
from index.fusion import fusion_features
from index.trained import linear_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.train.examples import Example

TRAINED_ON = "squad_dev articles 0, 2, 4, ... by title; stackfaq_answers; clapnq_dev (answerable)"
_SOURCES = {"squad_dev": True, "stackfaq_answers": None, "clapnq_dev": None}
_POOL = (*_SOURCES, "scifact", "time", "rgb_en")
_KIN = {"squad_dev": "squad_dev", "squad2_dev": "squad_dev", "xquad_en": "squad_dev"}
_QUERIES = 1200
_RIDGE = 1e-3
_DECIMALS = 3


def main() -> None:
    """Learn and write the weights, or judge the way of learning them."""
    parser = arguments(__doc__)
    parser.add_argument("--leave-one-out", action="store_true")
    parser.add_argument("--without", default="", help="evidence to leave out, with commas")
    options = parser.parse_args()
    workshop = Workshop(options.data, options.state)
    left_out = frozenset(filter(None, options.without.split(",")))
    if options.leave_one_out:
        _leave_one_out(workshop, left_out)
        return
    examples = {
        name: workshop.examples(name, trained_half=half, limit=_QUERIES)
        for name, half in _SOURCES.items()
    }
    weights = fitted(list(examples.values()), left_out)
    write_weights(options.out / "fusion.json", TRAINED_ON, weights)
    before = linear_weights("fusion")
    for name, its_examples in examples.items():
        now, then = ndcg(its_examples, weights), ndcg(its_examples, before)
        print(f"{name}: nDCG@10 {now:.4f}, with the weights of index/trained {then:.4f}")


def fitted(
    collections: Sequence[Sequence[Example]], left_out: frozenset[str] = frozenset()
) -> dict[str, float]:
    """Return the weights by feature, each collection counting the same."""
    names = [
        name
        for name in fusion_features(collections[0][0].candidates)
        if name.removesuffix(" x coverage") not in left_out
    ]
    choices = []
    for examples in collections:
        usable = [each for each in examples if each.is_right.any()]
        choices += [
            Choice(_matrix(each, names), each.is_right, 1 / len(usable)) for each in usable
        ]
    weights = fit_choices(choices, ridge=_RIDGE).tolist()
    return {name: round(weight, _DECIMALS) for name, weight in zip(names, weights, strict=True)}


def ndcg(examples: Sequence[Example], weights: Mapping[str, float]) -> float:
    """Return nDCG@10 of the examples under these weights, a document by its best passage."""
    run: dict[str, dict[str, float]] = {}
    qrels: dict[str, dict[str, int]] = {}
    for each in examples:
        scores = _matrix(each, list(weights)) @ np.array(list(weights.values()))
        ranked: dict[str, float] = {}
        for document, score in zip(each.documents.tolist(), scores.tolist(), strict=True):
            key = str(document)
            ranked[key] = max(score, ranked.get(key, score))
        run[each.query] = ranked
        qrels[each.query] = {str(row): relevance for row, relevance in each.relevant.items()}
    return judge(run, qrels)["ndcg@10"]


def _matrix(example: Example, names: Sequence[str]) -> NDArray[np.float32]:
    features = fusion_features(example.candidates)
    return np.column_stack([features[name] for name in names])


def _leave_one_out(workshop: Workshop, left_out: frozenset[str]) -> None:
    pool = {
        name: workshop.examples(name, trained_half=_SOURCES.get(name), limit=800) for name in _POOL
    }
    for name in (*_POOL, "xquad_en"):
        kin = _KIN.get(name, name)
        weights = fitted([each for other, each in pool.items() if other != kin], left_out)
        half = False if name == "squad_dev" else None
        judged = workshop.examples(name, trained_half=half, limit=1200)
        print(f"{name}: nDCG@10 {ndcg(judged, weights):.4f}, never learned from")


if __name__ == "__main__":
    main()
