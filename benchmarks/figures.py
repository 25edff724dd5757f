"""The figures of one collection, or of the half of it that nothing was learned from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BASELINES", "OURS", "Figures", "weights_fingerprint"]

BASELINES = ("bm25", "dense", "rrf", "convex")
OURS = "verbatim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one collection showed.

    `systems` maps each system to its `ndcg@10` and `success@1`. `auroc` tells answerable
    queries from others: `own`, by the collection's labels, and `gold_removed`, the answerable
    ones against themselves with their relevant documents taken out; each with `... by dense`,
    what the nearest passage's cosine alone gives. `highlight` is the share of relevant passages
    whose highlighted sentence holds an answer, `highlight_most` of those with any such sentence.
    `bins`, the reliability diagram, and `calibration_error` are over the collection's queries,
    and where all are answerable, over all of them once more without their relevant documents.
    `latency_ms` maps each stage to its percentiles. `limit` is how many queries were drawn, if
    not all were asked.
    """

    name: str
    unseen_half_only: bool
    trained_on: str
    weights: str
    queries: int
    documents: int
    passages: int
    systems: dict[str, dict[str, float]]
    highlight: float | None
    highlight_most: float | None
    auroc: dict[str, float]
    calibration_error: float
    bins: list[tuple[float, float, int]]
    latency_ms: dict[str, dict[str, float]] = field(default_factory=dict)
    limit: int | None = None

    @property
    def label(self) -> str:
        """The name, and which part of it."""
        return f"{self.name}, unseen half" if self.unseen_half_only else self.name

    def over(self, system: str) -> float:
        """Return how far our nDCG@10 is above a baseline's."""
        return self.systems[OURS]["ndcg@10"] - self.systems[system]["ndcg@10"]

    @property
    def best_baseline(self) -> str:
        """The baseline with the best nDCG@10."""
        return max(BASELINES, key=lambda system: self.systems[system]["ndcg@10"])

    def save(self, folder: Path) -> None:
        """Write them to `<label>.json`."""
        text = json.dumps(asdict(self), indent=2)
        (folder / f"{self.label}.json").write_text(f"{text}\n", "utf-8")

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        stored = json.loads(path.read_text("utf-8"))
        return cls(**stored | {"bins": [tuple(bin_) for bin_ in stored["bins"]]})


def weights_fingerprint() -> str:
    """Return 12 hexadecimal digits that stand for everything in `index/trained`."""
    digest = hashlib.sha256()
    for file in sorted(files("index.trained").iterdir(), key=lambda each: each.name):
        if file.name.endswith((".json", ".npy")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:12]
