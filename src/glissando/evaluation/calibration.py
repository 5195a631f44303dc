"""Probabilities that mean what they say: fits their temperature, and tells how honest they are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

LOWEST, HIGHEST = 0.02, 50.0  # temperatures tried; beyond them n-best lists are all but fixed
_GRID = 40
_STEPS = 40
_GOLDEN = (math.sqrt(5) - 1) / 2
_FLOOR = 1e-6  # no wrong answer costs more than -ln of this, so that one cannot outweigh all


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose probability fell into one range.

    Attributes:
        n: Answers in it.
        probability: Their mean probability.
        accuracy: The share of them that was right.
    """

    n: int
    probability: float
    accuracy: float


def softmax(scores: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """Probabilities of an n-best list, `softmax(scores / temperature)`, shape `(n,)`."""
    scaled = np.asarray(scores, dtype=np.float64) / temperature
    powers = np.exp(scaled - scaled.max())
    return np.asarray(powers / powers.sum(), dtype=np.float64)


def fit_temperature(score_lists: Sequence[Sequence[float]], correct: Sequence[int | None]) -> float:
    """The temperature whose probabilities have the least mean binary log loss.

    Every candidate counts as one yes-or-no forecast, so lists without the truth count too: there
    each candidate was wrong. (One temperature after training: Guo et al., *On Calibration of Modern
    Neural Networks*, ICML 2017.) Fit it on validation data.

    Args:
        score_lists: Log scores of each n-best list, of any length; empty lists are passed over.
        correct: Index of the right candidate in each list, None where it is not there.

    Returns:
        T of `probability = softmax(score / T)`; 1 where the lists do not depend on it.

    Raises:
        ValueError: lengths differ, an index is outside its list, or a score is no finite number.
    """
    scores, right = _padded(score_lists, correct)
    if scores.shape[1] < 2:
        return 1.0

    def loss(log_temperature: float) -> float:
        powers = np.exp(scores / math.exp(log_temperature))  # the best of each list scores 0
        chance = powers / powers.sum(axis=1, keepdims=True)
        forecast = np.where(right, chance, 1 - chance)[np.isfinite(scores)]
        return float(-np.log(np.maximum(forecast, _FLOOR)).mean())

    grid = np.linspace(math.log(LOWEST), math.log(HIGHEST), _GRID)
    losses = [loss(at) for at in grid]
    best = int(np.argmin(losses))
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, _GRID - 1)]
    for _ in range(_STEPS):
        left, right_end = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if loss(left) <= loss(right_end):
            high = right_end
        else:
            low = left
    return math.exp((low + high) / 2)


def reliability(
    probabilities: ArrayLike, correct: ArrayLike, *, bins: int = 10
) -> tuple[list[Bin], float]:
    """How often answers were right beside how probable they were called.

    Args:
        probabilities: `(N,)` 0 to 1.
        correct: `(N,)` whether each answer was right.
        bins: Ranges of equal width.

    Returns:
        The ranges that hold an answer, and the expected calibration error (Guo et al. 2017): the
        mean distance of accuracy from probability, weighted by answers; NaN without any.
    """
    chance = np.asarray(probabilities, dtype=np.float64)
    right = np.asarray(correct, dtype=bool)
    if not len(chance):
        return [], math.nan
    number = np.minimum((chance * bins).astype(int), bins - 1)
    found = [
        Bin(int(inside.sum()), float(chance[inside].mean()), float(right[inside].mean()))
        for inside in (number == at for at in range(bins))
        if inside.any()
    ]
    error = sum(one.n * abs(one.accuracy - one.probability) for one in found) / len(chance)
    return found, error


def _padded(
    score_lists: Sequence[Sequence[float]], correct: Sequence[int | None]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """`(N, n)` scores below each list's best, -inf where it has ended, and which is right."""
    if len(score_lists) != len(correct):
        raise ValueError(f"{len(score_lists)} score lists, but {len(correct)} right answers")
    kept = [(s, c) for s, c in zip(score_lists, correct, strict=True) if len(s)]
    width = max((len(scores) for scores, _ in kept), default=0)
    padded = np.full((len(kept), width), -np.inf)
    right = np.zeros((len(kept), width), dtype=bool)
    for row, (scores, index) in enumerate(kept):
        padded[row, : len(scores)] = scores
        if not np.isfinite(padded[row, : len(scores)]).all():
            raise ValueError(f"list {row}: scores must be finite numbers, found {list(scores)}")
        if index is not None:
            if not 0 <= index < len(scores):
                raise ValueError(f"list {row}: index {index} is outside its {len(scores)} scores")
            right[row, index] = True
    if width:
        padded -= padded.max(axis=1, keepdims=True)
    return padded, right
