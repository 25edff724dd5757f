"""What was learned from data: small files, each saying what it was learned from.

`benchmarks/train.py` makes them anew; docs/retrieval.md says what each is for.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import numpy as np

from index.tokens import Projection

if TYPE_CHECKING:
    from index.types import EncoderIdentity

__all__ = ["linear_weights", "trained_projection"]

_HERE = files(__name__)


@cache
def linear_weights(name: str) -> dict[str, float]:
    """Return the weights of a linear model by feature, from `<name>.json`."""
    stored = json.loads((_HERE / f"{name}.json").read_text("utf-8"))
    return {feature: float(weight) for feature, weight in stored["weights"].items()}


@cache
def trained_projection(encoder: EncoderIdentity) -> Projection | None:
    """Return the projection learned for this encoder's weights, or None if it is for others."""
    about = json.loads((_HERE / "projection.json").read_text("utf-8"))
    if about["weights_sha256"] != encoder.weights_sha256:
        return None
    with as_file(_HERE) as folder:
        stored = Projection.load(folder, "projection")
    return replace(stored, matrix=stored.matrix.astype(np.float32))  # kept at half the size
