"""Learn the projection of word vectors under which late interaction finds the right passage.

    .venv/bin/python -m benchmarks.train.projection --data DIR [--out DIR]

From the principal directions, a few hundred steps of Adam: the relevant passage over nine other
candidates, and in it the sentences with an answer over the others. What was learned is then taken
half-way back to the principal directions, which costs a little on the collection learned from and
helps on others. Source: Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from benchmarks.train.examples import Workshop, arguments
from benchmarks.train.lessons import Lesson, lessons
from index.tokens import Projection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

TRAINED_ON = "squad_dev, articles 0, 2, 4, ... by title; then halfway to the principal directions"
_STEPS = 250
_LESSONS_PER_STEP = 16
_RATE = 1e-3
_RATE_OF_SCALARS = 2e-2
_SENTENCES_COUNT = 0.5
_HALFWAY = 0.5
_USUAL_IDF = 4.0
_DIRECTION_SCALE = 4.0  # the direction learns faster than the matrix by this factor
_LOG_EVERY = 25
_START = {"bias": 1.0, "idf_slope": 0.5, "sharpness": 3.0, "sentence_sharpness": 3.0}


class _Model(torch.nn.Module):
    """A projection that can be learned; see `index.tokens.Projection`."""

    def __init__(self, matrix: NDArray[np.float32]) -> None:
        super().__init__()
        self.matrix = torch.nn.Parameter(torch.tensor(matrix))
        self.direction = torch.nn.Parameter(torch.zeros(len(matrix)))
        self.scalars = torch.nn.ParameterDict(
            {name: torch.nn.Parameter(torch.tensor(value)) for name, value in _START.items()}
        )

    def project(self, tokens: NDArray[np.float16] | NDArray[np.float32]) -> torch.Tensor:
        """Return unit vectors."""
        return functional.normalize(torch.tensor(tokens).float() @ self.matrix, dim=-1)

    def shares(self, lesson: Lesson) -> torch.Tensor:
        """Return the share of each of the question's tokens."""
        raw = (
            self.scalars["bias"]
            + self.scalars["idf_slope"] * (torch.tensor(lesson.idf) - _USUAL_IDF) / 2
            + torch.tensor(lesson.question) @ self.direction * _DIRECTION_SCALE
        )
        weights = functional.softplus(raw)
        return weights / weights.sum()


def main() -> None:
    """Learn the projection and write it as `index.trained` reads it."""
    options = arguments(__doc__).parse_args()
    torch.manual_seed(0)
    workshop = Workshop(options.data, options.state)
    sample, found = lessons(workshop, "squad_dev", limit=_STEPS * _LESSONS_PER_STEP)
    start = Projection.from_sample(sample)
    model = _learned(start.matrix, found)
    _write(options.out, _mixed(start, model), workshop.encoder.identity.weights_sha256)


def _learned(start: NDArray[np.float32], found: Sequence[Lesson]) -> _Model:
    model = _Model(start)
    optimiser = torch.optim.Adam(
        [
            {"params": [model.matrix, model.direction], "lr": _RATE},
            {"params": list(model.scalars.values()), "lr": _RATE_OF_SCALARS},
        ]
    )
    steps = len(found) // _LESSONS_PER_STEP
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min(1.0, 2 * (steps - step) / steps)
    )
    for step in range(steps):
        batch = found[step * _LESSONS_PER_STEP : (step + 1) * _LESSONS_PER_STEP]
        ranking, marking = _losses(model, batch)
        optimiser.zero_grad()
        (ranking + _SENTENCES_COUNT * marking).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % _LOG_EVERY == 0:
            print(f"step {step}: ranking {ranking.item():.3f}, marking {marking.item():.3f}")
    return model


def _losses(model: _Model, batch: Sequence[Lesson]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the mean losses of choosing the passage and of choosing the sentence."""
    ranking, marking = [], []
    for lesson in batch:
        shares, question = model.shares(lesson), model.project(lesson.question)
        lengths = [len(tokens) for tokens in lesson.passages]
        similarity = question @ model.project(np.concatenate(lesson.passages)).T
        passages = torch.split(similarity, lengths, dim=1)
        scores = torch.stack([shares @ each.amax(dim=1) for each in passages])
        ranking.append(-functional.log_softmax(scores * model.scalars["sharpness"].exp(), 0)[0])
        if lesson.sentences:
            met = [passages[0][:, torch.tensor(mask)].amax(dim=1) for mask in lesson.sentences]
            scores = torch.stack([shares @ each for each in met])
            scores = scores * model.scalars["sentence_sharpness"].exp()
            right = torch.logsumexp(scores[torch.tensor(lesson.is_right)], 0)
            marking.append(torch.logsumexp(scores, 0) - right)
    return torch.stack(ranking).mean(), torch.stack(marking or [torch.zeros(())]).mean()


def _mixed(start: Projection, model: _Model) -> Projection:
    """Return the projection half-way between the start and what was learned."""
    learned, direction = model.matrix.detach().numpy(), model.direction.detach().numpy()
    # Any rotation of the start serves as well; the nearest to what was learned mixes with it.
    left, _, right = np.linalg.svd(start.matrix.T @ learned)
    rotated = start.matrix @ (left @ right)
    scalars = {name: value.item() for name, value in model.scalars.items()}

    def half(name: str) -> NDArray[np.float32]:
        return np.array(_START[name] + _HALFWAY * (scalars[name] - _START[name]), np.float32)

    return Projection(
        matrix=np.asarray(rotated + _HALFWAY * (learned - rotated), np.float32),
        direction=np.asarray(_HALFWAY * _DIRECTION_SCALE * direction, np.float32),
        bias=half("bias"),
        idf_slope=half("idf_slope"),
    )


def _write(out: Path, projection: Projection, weights_sha256: str) -> None:
    out.mkdir(parents=True, exist_ok=True)
    projection.save(out, "projection")
    np.save(out / "projection.matrix.npy", projection.matrix.astype(np.float16))
    about = {"trained_on": TRAINED_ON, "weights_sha256": weights_sha256}
    (out / "projection.json").write_text(f"{json.dumps(about, indent=2)}\n", "utf-8")
    print(f"{out}/projection: bias {projection.bias:.3f}, idf slope {projection.idf_slope:.3f}")


if __name__ == "__main__":
    main()
