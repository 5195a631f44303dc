"""The average of weights: its arithmetic, and what validation and checkpoints see of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from glissando.training.averaging import AVERAGED, WeightAverage


def _model(value: float) -> torch.nn.Linear:
    model = torch.nn.Linear(1, 1, bias=False)
    torch.nn.init.constant_(model.weight, value)
    return model


def _follow(average: WeightAverage, model: torch.nn.Linear, values: list[float], at: int) -> None:
    """Training steps number `at` and following, after which the weight has these values."""
    for step, value in enumerate(values, start=at):
        torch.nn.init.constant_(model.weight, value)
        trainer = SimpleNamespace(global_step=step)
        average.on_train_batch_end(trainer, model, None, None, 0)
        average.on_train_batch_end(trainer, model, None, None, 0)  # accumulates: no step


def _validated(average: WeightAverage, model: torch.nn.Linear) -> float:
    average.on_validation_start(None, model)
    seen = float(model.weight.detach())
    average.on_validation_end(None, model)
    return seen


def test_it_is_the_exponential_average_and_leaves_the_weights_alone() -> None:
    average, model = WeightAverage(0.9), _model(1.0)
    average.on_fit_start(None, model)
    values = [2.0, 4.0, 8.0, -3.0]
    _follow(average, model, values, at=1)
    expected = 1.0
    for n, value in enumerate(values, start=1):
        decay = min(0.9, (1 + n) / (10 + n))
        expected = decay * expected + (1 - decay) * value
    assert _validated(average, model) == pytest.approx(expected)
    assert float(model.weight) == -3.0


def test_a_checkpoint_holds_both_and_a_resumed_run_continues_both() -> None:
    average, model = WeightAverage(0.5), _model(1.0)
    average.on_fit_start(None, model)
    _follow(average, model, [3.0, 5.0], at=1)
    checkpoint: dict[str, Any] = {"state_dict": dict(model.state_dict()), "global_step": 2}
    average.on_save_checkpoint(None, model, checkpoint)
    assert float(checkpoint["state_dict"]["weight"]) == 5.0
    assert float(checkpoint[AVERAGED]["weight"]) == pytest.approx(_validated(average, model))

    resumed, other = WeightAverage(0.5), _model(5.0)
    resumed.on_load_checkpoint(None, other, checkpoint)
    resumed.on_fit_start(None, other)
    for run, weights in ((average, model), (resumed, other)):
        _follow(run, weights, [7.0], at=3)
    assert _validated(resumed, other) == pytest.approx(_validated(average, model))
