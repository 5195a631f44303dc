"""The moving average of a run's weights: what is validated and kept, while training goes on."""

from __future__ import annotations

from typing import Any

import lightning.pytorch as lightning
import torch
from torch import Tensor

# Where a checkpoint holds the averaged weights, beside the ones that training continues with.
AVERAGED = "averaged_state_dict"


class WeightAverage(lightning.Callback):
    """Keeps an exponential moving average of the weights (Polyak and Juditsky 1992).

    Early on the average forgets faster, so that it does not remember random weights: after `n`
    steps the decay is at most `(1 + n) / (10 + n)`. Validation sees the averaged weights, a
    checkpoint holds both, so that a resumed run continues with either.

    Args:
        decay: Share of the average that one optimiser step leaves, at least 0 and below 1.
    """

    def __init__(self, decay: float) -> None:
        self._decay = decay
        self._steps = 0
        self._average: dict[str, Tensor] = {}
        self._trained: dict[str, Tensor] = {}  # set aside while validation sees the average

    def on_fit_start(self, trainer: Any, model: Any) -> None:
        """Start from the checkpoint's average, or from the weights that training starts from."""
        start = self._average or {name: p.detach().clone() for name, p in _weights(model)}
        self._average = {name: start[name].to(p.device) for name, p in _weights(model)}

    def on_train_batch_end(
        self, trainer: Any, model: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Follow the weights once an optimiser step."""
        if trainer.global_step == self._steps:
            return
        self._steps = trainer.global_step
        decay = min(self._decay, (1 + self._steps) / (10 + self._steps))
        current = [p.detach() for _, p in _weights(model)]
        torch._foreach_lerp_(list(self._average.values()), current, 1 - decay)

    def on_validation_start(self, trainer: Any, model: Any) -> None:
        """Put the average in the place of the weights."""
        if self._average:
            self._trained = {name: p.detach().clone() for name, p in _weights(model)}
            _fill(model, self._average)

    def on_validation_end(self, trainer: Any, model: Any) -> None:
        """Put the trained weights back."""
        if self._trained:
            _fill(model, self._trained)
            self._trained = {}

    def on_save_checkpoint(self, trainer: Any, model: Any, checkpoint: dict[str, Any]) -> None:
        """Write the average, buffers included, beside the weights that training continues with."""
        checkpoint[AVERAGED] = {**checkpoint["state_dict"], **self._average}

    def on_load_checkpoint(self, trainer: Any, model: Any, checkpoint: dict[str, Any]) -> None:
        """Continue the average of a resumed run."""
        kept = checkpoint.get(AVERAGED, checkpoint["state_dict"])
        self._steps = checkpoint["global_step"]
        self._average = {name: kept[name].clone() for name, _ in _weights(model)}


def _weights(model: Any) -> Any:
    return model.named_parameters()


@torch.no_grad()
def _fill(model: Any, values: dict[str, Tensor]) -> None:
    for name, parameter in _weights(model):
        parameter.copy_(values[name])
