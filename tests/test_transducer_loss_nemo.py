"""The CPU transducer loss against the two that NeMo ships."""

from __future__ import annotations

import pytest
import torch
from transducer_problems import gradient, problem

from glissando.training.transducer_loss import CpuTransducerLoss


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "fastemit_lambda"),
    [("warprnnt_numba", 0.0), ("warprnnt_numba", 0.05), ("pytorch", 0.0)],
)
@pytest.mark.parametrize("reduction", ["mean_batch", "mean", "sum", "mean_volume", None])
def test_equals_the_losses_that_nemo_ships(
    name: str, reduction: str | None, fastemit_lambda: float
) -> None:
    """Costs to 2e-5 relative, gradients to 1e-5 of the largest, on problems of training's shape."""
    from nemo.collections.asr.losses.rnnt import RNNTLoss

    classes = 29
    batch = problem(
        15, batch=4, times=12, labels=6, classes=classes, dtype=torch.float32, spread=3.0
    )
    batch["target_lengths"].clamp_(min=1)
    keywords = {"fastemit_lambda": fastemit_lambda} if name == "warprnnt_numba" else {}
    theirs = RNNTLoss(classes - 1, reduction=reduction, loss_name=name, loss_kwargs=keywords)
    ours = CpuTransducerLoss(reduction=reduction, fastemit_lambda=fastemit_lambda)
    expected, found = theirs(**batch), ours(**batch)
    torch.testing.assert_close(found, expected, rtol=2e-5, atol=1e-4)
    wanted = gradient(expected, batch["log_probs"])
    difference = gradient(found, batch["log_probs"]) - wanted
    assert difference.abs().max() <= 1e-5 * wanted.abs().max().clamp(min=1)
