"""The temperature that is fitted is the one that was, and honest probabilities score 0."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glissando.evaluation import fit_temperature, reliability
from glissando.evaluation.calibration import softmax


def lists_of(temperature: float, count: int, seed: int) -> tuple[list[list[float]], list[int]]:
    """Score lists whose truth was drawn with `softmax(score / temperature)`."""
    rng = np.random.default_rng(seed)
    scores = np.sort(rng.normal(scale=3 * temperature, size=(count, 6)))[:, ::-1]
    right = [int(rng.choice(6, p=softmax(row, temperature))) for row in scores]
    return [list(map(float, row)) for row in scores], right


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_is_found_again(temperature: float) -> None:
    scores, right = lists_of(temperature, 4000, seed=int(10 * temperature))
    assert fit_temperature(scores, right) == pytest.approx(temperature, rel=0.08)


@settings(max_examples=10)
@given(st.floats(0.2, 5), st.integers(0, 99))
def test_no_other_temperature_has_less_loss(temperature: float, seed: int) -> None:
    scores, right = lists_of(temperature, 60, seed)

    def loss(at: float) -> float:
        total = 0.0
        for row, index in zip(scores, right, strict=True):
            chance = softmax(row, at)
            told = np.where(np.arange(6) == index, chance, 1 - chance)
            total -= float(np.log(np.maximum(told, 1e-6)).mean())
        return total

    best = loss(fit_temperature(scores, right))
    assert all(best <= loss(other) + 1e-6 for other in np.geomspace(0.02, 50, 60))


def test_lists_without_the_truth_make_it_warmer() -> None:
    scores, right = lists_of(1.0, 800, seed=1)
    missed: list[int | None] = [None if at % 4 == 0 else r for at, r in enumerate(right)]
    assert fit_temperature(scores, missed) > 1.15 * fit_temperature(scores, right)


def test_lists_that_tell_nothing() -> None:
    assert fit_temperature([], []) == 1.0
    assert fit_temperature([[], [-3.0]], [None, 0]) == 1.0
    assert fit_temperature([[-3.0], [0.0, -1.0]], [None, 0]) > 0  # of unequal lengths


@pytest.mark.parametrize(
    ("scores", "right", "message"),
    [
        ([[0.0]], [], "1 score lists, but 0"),
        ([[0.0, float("nan")]], [0], "list 0: scores must be finite"),
        ([[0.0, -1.0]], [2], "list 0: index 2 is outside its 2 scores"),
    ],
)
def test_lists_that_are_wrong(scores: list[list[float]], right: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        fit_temperature(scores, right)


def test_honest_probabilities_lie_on_the_diagonal() -> None:
    rng = np.random.default_rng(5)
    chance = rng.random(50_000)
    right = rng.random(50_000) < chance
    bins, error = reliability(chance, right)
    assert len(bins) == 10 and sum(one.n for one in bins) == 50_000
    assert error < 0.01
    assert all(abs(one.accuracy - one.probability) < 0.03 for one in bins)


def test_the_calibration_error_is_the_mean_distance() -> None:
    bins, error = reliability([0.95, 0.95, 0.25, 1.0], [True, False, False, True])
    assert [(one.n, one.accuracy) for one in bins] == [(1, 0.0), (3, pytest.approx(2 / 3))]
    assert error == pytest.approx((1 * 0.25 + 3 * abs(2 / 3 - 2.9 / 3)) / 4)
    assert reliability([], [])[0] == []
