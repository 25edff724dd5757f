"""Learn the weights of confidence: is the first hit relevant, with the gold there and taken out?

    .venv/bin/python -m benchmarks.train.confidence --data DIR [--out DIR] [--fusion FILE]

Two models: one for questions that the encoder can read, and one of the words' evidence alone.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.measures import auroc, calibration_error, reliability
from benchmarks.outcomes import kept
from benchmarks.train.examples import Workshop, arguments, write_weights
from benchmarks.train.linear import fit_yes_or_no
from index.confidence import confidence_features
from index.fusion import fusion_features
from index.trained import linear_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from benchmarks.train.examples import Example

TRAINED_ON = (
    "first hit relevant? squad_dev articles 0, 2, 4, ... by title; clapnq_dev (answerable); "
    "stackfaq_answers; each with its gold in and taken out"
)
_SOURCES = {"squad_dev": True, "clapnq_dev": None, "stackfaq_answers": None}
_LEXICAL = frozenset({"coverage", "coverage over next", "bm25", "bm25 over next"})
_QUERIES = 2500
_RIDGE = 1.3e-3
_DECIMALS = 4


def main() -> None:
    """Learn and write both models; judge the first on the articles not learned from."""
    parser = arguments(__doc__)
    parser.add_argument("--fusion", type=Path, help="weights to build upon, not index/trained's")
    options = parser.parse_args()
    workshop = Workshop(options.data, options.state)
    fusion = linear_weights("fusion")
    if options.fusion:
        fusion = json.loads(options.fusion.read_text("utf-8"))["weights"]
    found = [
        _answers(workshop.examples(name, trained_half=half, limit=_QUERIES), fusion)
        for name, half in _SOURCES.items()
    ]
    names = list(found[0][0][0])
    importance = np.concatenate([np.full(len(each), 1 / len(each)) for each in found])
    answers = [answer for each in found for answer in each]
    unseen = _answers(workshop.examples("squad_dev", trained_half=False, limit=_QUERIES), fusion)
    for kind, used in (("readable", names), ("lexical", [n for n in names if n in _LEXICAL])):
        fitted, bias = fit_yes_or_no(
            _matrix(answers, used), _labels(answers), importance, ridge=_RIDGE
        )
        learned = dict(zip(used, fitted.tolist(), strict=True))
        weights = {name: round(learned.get(name, 0.0), _DECIMALS) for name in names}
        weights["bias"] = round(bias, _DECIMALS)
        write_weights(options.out / f"confidence_{kind}.json", TRAINED_ON, weights)
        _judge(f"{kind}, squad_dev's unseen half", unseen, weights)
        before = linear_weights(f"confidence_{kind}")
        _judge(f"{kind}, the weights of index/trained", unseen, before)


def _answers(
    examples: Iterable[Example], fusion: Mapping[str, float]
) -> list[tuple[dict[str, float], bool]]:
    """Return the features of the first hit, and whether it is right, with gold and without."""
    found = []
    for each in examples:
        if not each.is_right.any() or each.is_right.all():
            continue
        for keep in (np.ones(len(each.is_right), bool), ~each.is_right):
            candidates = kept(each.candidates, keep)
            features = fusion_features(candidates)
            scores = np.asarray(
                sum(fusion[name] * column for name, column in features.items()), np.float32
            )
            is_right = bool(each.is_right[keep][np.argmax(scores)])
            found.append((confidence_features(candidates, scores, each.documents[keep]), is_right))
    return found


def _matrix(
    answers: Sequence[tuple[dict[str, float], bool]], names: Sequence[str]
) -> NDArray[np.float32]:
    return np.array([[features[name] for name in names] for features, _ in answers], np.float32)


def _labels(answers: Sequence[tuple[dict[str, float], bool]]) -> NDArray[np.bool_]:
    return np.array([is_right for _, is_right in answers])


def _judge(
    label: str, answers: Sequence[tuple[dict[str, float], bool]], weights: Mapping[str, float]
) -> None:
    names = [name for name in weights if name != "bias"]
    logits = _matrix(answers, names) @ np.array([weights[name] for name in names])
    said = 1 / (1 + np.exp(-(logits + weights["bias"])))
    # Every question comes twice, first with its gold, then without.
    area = auroc(said[::2].tolist(), said[1::2].tolist())
    error = calibration_error(reliability(said, _labels(answers)))
    print(f"{label}: AUROC gold removed {area:.4f}, ECE {error:.4f}")


if __name__ == "__main__":
    main()
