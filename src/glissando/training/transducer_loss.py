"""The RNN-T loss on CPU: from raw logits to costs and gradients in compiled code."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from glissando.training.transducer_kernel import transducer_costs, transducer_gradients

REDUCTIONS = ("mean_batch", "mean", "sum", "mean_volume", None)


class CpuTransducerLoss(torch.nn.Module):
    """Replaces the `loss` of NeMo's `EncDecRNNTModel` where there is no GPU.

    Takes raw logits and normalises them itself, so the joint network should leave that out
    (NeMo: `joint.log_softmax: false`). Log-probabilities give the same result, at the cost of
    normalising twice. Uses as many threads as torch does.

    Attributes:
        blank: Id of blank; None means the last label.
        reduction: `mean_batch`: mean over the batch; `mean`: each cost divided by its target
            length (at least 1), then the mean; `sum`; `mean_volume`: sum divided by the sum of
            target lengths; None: one cost per sample.
        fastemit_lambda: Weight of FastEmit (Yu et al. 2021, arXiv:2010.11148): gradients of
            labels, not of blanks, are scaled by 1 + lambda; so is the reported cost.
    """

    def __init__(
        self,
        blank: int | None = None,
        reduction: str | None = "mean_batch",
        fastemit_lambda: float = 0.0,
    ) -> None:
        super().__init__()
        if reduction not in REDUCTIONS:
            raise ValueError(f"reduction: expected one of {REDUCTIONS}, found {reduction!r}")
        if not fastemit_lambda >= 0:
            raise ValueError(f"fastemit_lambda: expected at least 0, found {fastemit_lambda}")
        self.blank = blank
        self.reduction = reduction
        self.fastemit_lambda = fastemit_lambda

    def forward(
        self, log_probs: Tensor, targets: Tensor, input_lengths: Tensor, target_lengths: Tensor
    ) -> Tensor:
        """The reduced cost, in nats.

        Args:
            log_probs: Float `(B, T, U + 1, V)`, raw logits in spite of NeMo's name for them.
                Half precision is computed in float32.
            targets: Integer `(B, U)`, label ids; what lies behind a target's length is ignored.
            input_lengths: Integer `(B,)`, 1 to T.
            target_lengths: Integer `(B,)`, 0 to U.

        Raises:
            ValueError: shapes, lengths or ids that do not fit each other.
        """
        blank = self.blank if self.blank is not None else log_probs.shape[-1] - 1
        _check(log_probs, targets, input_lengths, target_lengths, blank)
        logits = log_probs if log_probs.dtype == torch.float64 else log_probs.float()
        costs: Tensor = _TransducerCost.apply(
            logits, targets, input_lengths, target_lengths, blank, self.fastemit_lambda
        )
        return self.reduce(costs, target_lengths)

    def reduce(
        self, losses: Tensor | Sequence[Tensor], target_lengths: Tensor | Sequence[Tensor]
    ) -> Tensor:
        """Costs of a batch, or of the parts of one, to what `reduction` says."""
        costs = losses if isinstance(losses, Tensor) else torch.cat(tuple(losses))
        lengths = (
            target_lengths
            if isinstance(target_lengths, Tensor)
            else torch.cat(tuple(target_lengths))
        )
        if self.reduction == "mean_batch":
            return costs.mean()
        if self.reduction == "mean":
            return (costs / lengths.clamp(min=1)).mean()
        if self.reduction == "sum":
            return costs.sum()
        if self.reduction == "mean_volume":
            return costs.sum() / lengths.sum().clamp(min=1)
        return costs


class _TransducerCost(torch.autograd.Function):
    """Costs `(B,)` of checked arguments."""

    @staticmethod
    def forward(
        ctx: Any,
        logits: Tensor,
        targets: Tensor,
        input_lengths: Tensor,
        target_lengths: Tensor,
        blank: int,
        fastemit_lambda: float,
    ) -> Tensor:
        logits = logits.detach().contiguous()
        sample = [part.long().contiguous() for part in (targets, input_lengths, target_lengths)]
        costs = logits.new_empty(len(logits))
        totals = logits.new_empty(logits.shape[:3], dtype=torch.float64)
        weights, by_blank = torch.empty_like(logits), torch.empty_like(totals)
        _in_threads(
            lambda batch: transducer_costs(
                *batch(logits, *sample), blank, *batch(costs, weights, totals, by_blank)
            ),
            len(logits),
        )
        ctx.save_for_backward(weights, totals, by_blank, *sample)
        ctx.blank, ctx.fastemit_lambda = blank, float(fastemit_lambda)
        return costs * (1 + fastemit_lambda)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor | None, ...]:
        upstream = grad_outputs[0].double().contiguous()
        gradients = torch.empty_like(ctx.saved_tensors[0])
        _in_threads(
            lambda batch: transducer_gradients(
                *batch(*ctx.saved_tensors),
                ctx.blank,
                ctx.fastemit_lambda,
                *batch(upstream, gradients),
            ),
            len(gradients),
        )
        return gradients, None, None, None, None, None


def _in_threads(run: Callable[[Callable[..., list[Any]]], None], count: int) -> None:
    """Call `run` once a torch thread, with a function that cuts its share out of any tensors."""
    threads = min(torch.get_num_threads(), count)
    bounds = [count * part // threads for part in range(threads + 1)]
    shares = [partial(_arrays, slice(*pair)) for pair in pairwise(bounds)]
    if threads == 1:
        run(shares[0])
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, shares))


def _arrays(part: slice, *tensors: Tensor) -> list[Any]:
    return [tensor[part].numpy() for tensor in tensors]


def _check(
    logits: Tensor, targets: Tensor, input_lengths: Tensor, target_lengths: Tensor, blank: int
) -> None:
    """Raise a ValueError that names what was expected and what was found."""
    if logits.dim() != 4 or not logits.is_floating_point() or 0 in logits.shape:
        found = f"{logits.dtype} {tuple(logits.shape)}"
        raise ValueError(f"logits: expected floating point (B, T, U + 1, V), found {found}")
    if logits.device.type != "cpu":
        raise ValueError(f"logits: expected a tensor on the CPU, found {logits.device}")
    batch, times, rows, classes = logits.shape
    if not 0 <= blank < classes:
        raise ValueError(f"blank: expected an id below the {classes} labels, found {blank}")
    if targets.dim() != 2 or len(targets) != batch:
        raise ValueError(f"targets: expected ({batch}, U), found {tuple(targets.shape)}")
    for name, lengths, lowest, highest in (
        ("input_lengths", input_lengths, 1, times),
        ("target_lengths", target_lengths, 0, min(rows - 1, targets.shape[1])),
    ):
        if lengths.shape != (batch,):
            raise ValueError(f"{name}: expected ({batch},), found {tuple(lengths.shape)}")
        wrong = ((lengths < lowest) | (lengths > highest)).nonzero()
        if len(wrong):
            at = int(wrong[0])
            found = f"{name}[{at}]: expected {lowest} to {highest}, found {int(lengths[at])}"
            raise ValueError(
                f"{found}; logits {tuple(logits.shape)}, targets {tuple(targets.shape)}"
            )
    used = torch.arange(targets.shape[1]) < target_lengths.unsqueeze(1)
    wrong = (used & ((targets < 0) | (targets >= classes) | (targets == blank))).nonzero()
    if len(wrong):
        row, column = wrong[0].tolist()
        raise ValueError(
            f"targets[{row}, {column}]: expected a label id from 0 to {classes - 1} other than "
            f"blank ({blank}), found {int(targets[row, column])}"
        )
