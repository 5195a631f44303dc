"""Random transducer problems and the plainest way to solve them, for tests of the loss."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import torch
from torch import Tensor

Problem = dict[str, Tensor]


def problem(
    seed: int,
    batch: int = 3,
    times: int = 5,
    labels: int = 4,
    classes: int = 6,
    dtype: torch.dtype = torch.float64,
    spread: float = 2.0,
) -> Problem:
    """A random batch with random lengths, the first sample filling it; blank is the last label."""
    random = torch.Generator().manual_seed(seed)
    logits = torch.randn(batch, times, labels + 1, classes, generator=random, dtype=torch.float64)
    input_lengths = torch.randint(1, times + 1, (batch,), generator=random)
    target_lengths = torch.randint(0, labels + 1, (batch,), generator=random)
    input_lengths[0], target_lengths[0] = times, labels
    return {
        "log_probs": (logits * spread).to(dtype).requires_grad_(),
        "targets": torch.randint(0, classes - 1, (batch, labels), generator=random),
        "input_lengths": input_lengths,
        "target_lengths": target_lengths,
    }


def gradient(cost: Tensor, logits: Tensor) -> Tensor:
    (found,) = torch.autograd.grad(cost.sum(), logits)
    return found


def samples(batch: Problem) -> Iterator[tuple[Tensor, list[int]]]:
    """Logits `(T, U + 1, V)` and labels of each sample, without padding."""
    for logits, targets, frames, labels in zip(*batch.values(), strict=True):
        yield logits[:frames, : labels + 1], targets[:labels].tolist()


def enumerated_cost(log_probs: Tensor, labels: list[int]) -> Tensor:
    """Minus the log of the summed probability of every alignment, one by one."""
    frames, nodes, classes = log_probs.shape
    alignments = []
    steps = frames - 1 + len(labels)  # the last blank always ends the alignment
    for emitting in itertools.combinations(range(steps), len(labels)):
        t = u = 0
        scores = []
        for step in range(steps):
            if step in emitting:
                scores.append(log_probs[t, u, labels[u]])
                u += 1
            else:
                scores.append(log_probs[t, u, classes - 1])
                t += 1
        assert (t, u) == (frames - 1, nodes - 1)
        alignments.append(torch.stack([*scores, log_probs[t, u, classes - 1]]).sum())
    return -torch.stack(alignments).logsumexp(0)
