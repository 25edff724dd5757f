"""Linear models with a ridge, by L-BFGS: one chooses among alternatives, one says yes or no.

Features are scaled to unit deviation for the fit, so that the ridge weighs on all alike; the
weights that come back are for the features as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

__all__ = ["Choice", "fit_choices", "fit_yes_or_no"]

_TINY = 1e-6
_IMPOSSIBLE = -1e4
_STEPS = 100


class Choice(NamedTuple):
    """Alternatives, `(n, f)` features; which of them are right, `(n,)`; how much it counts."""

    features: NDArray[np.float32]
    is_right: NDArray[np.bool_]
    weight: float


def fit_choices(choices: Sequence[Choice], *, ridge: float) -> NDArray[np.float64]:
    """Return the weights, `(f,)`, under which the softmax of the right alternatives is highest.

    Source: ListNet with several right answers; Cao et al., ICML 2007.
    """
    features = np.concatenate([choice.features for choice in choices])
    deviation = features.std(axis=0) + _TINY
    scaled = torch.tensor(features / deviation, dtype=torch.float64)
    counts = [len(choice.is_right) for choice in choices]
    group = torch.repeat_interleave(torch.arange(len(choices)), torch.tensor(counts))
    is_right = torch.tensor(np.concatenate([choice.is_right for choice in choices]))
    importance = torch.tensor([choice.weight for choice in choices], dtype=torch.float64)

    def log_sum_exp(scores: torch.Tensor) -> torch.Tensor:
        most = torch.full((len(choices),), -torch.inf, dtype=scores.dtype)
        most = most.scatter_reduce(0, group, scores, "amax").detach()
        sums = torch.zeros(len(choices), dtype=scores.dtype)
        return torch.log(sums.scatter_add(0, group, torch.exp(scores - most[group]))) + most

    def loss(weights: torch.Tensor) -> torch.Tensor:
        scores = scaled @ weights
        right = scores.masked_fill(~is_right, _IMPOSSIBLE)
        missed = importance @ (log_sum_exp(scores) - log_sum_exp(right)) / importance.sum()
        return missed + ridge * (weights**2).sum()

    weights: NDArray[np.float64] = _minimised(loss, features.shape[1]) / deviation
    return weights


def fit_yes_or_no(
    features: NDArray[np.float32],
    is_yes: NDArray[np.bool_],
    importance: NDArray[np.float64],
    *,
    ridge: float,
) -> tuple[NDArray[np.float64], float]:
    """Return a logistic model's weights, `(f,)`, and its bias, for `(n, f)` features."""
    mean, deviation = features.mean(axis=0), features.std(axis=0) + _TINY
    scaled = torch.tensor((features - mean) / deviation, dtype=torch.float64)
    wanted = torch.tensor(is_yes, dtype=torch.float64)
    share = torch.tensor(importance / importance.sum(), dtype=torch.float64)

    def loss(parameters: torch.Tensor) -> torch.Tensor:
        scores = scaled @ parameters[:-1] + parameters[-1]
        missed = torch.nn.functional.binary_cross_entropy_with_logits(
            scores, wanted, reduction="none"
        )
        return share @ missed + ridge * (parameters[:-1] ** 2).sum()

    found = _minimised(loss, features.shape[1] + 1)
    weights = found[:-1] / deviation
    return weights, float(found[-1] - weights @ mean)


def _minimised(loss: Callable[[torch.Tensor], torch.Tensor], count: int) -> NDArray[np.float64]:
    parameters = torch.zeros(count, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([parameters], lr=0.5, max_iter=_STEPS)

    def closure() -> torch.Tensor:
        optimiser.zero_grad()
        missed = loss(parameters)
        missed.backward()  # type: ignore[no-untyped-call]
        return missed

    optimiser.step(closure)  # type: ignore[no-untyped-call]
    found: NDArray[np.float64] = parameters.detach().numpy()
    return found
