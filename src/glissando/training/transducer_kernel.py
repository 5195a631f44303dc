"""Compiled transducer costs and gradients of a batch on one thread.

The lattice of a sample has a node (t, u) for "in frame t with u labels emitted". A blank leads
from it to (t + 1, u), label u to (t, u + 1), and the last frame's blank ends every alignment.
Source: Graves 2012, "Sequence Transduction with Recurrent Neural Networks", arXiv:1211.3711.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types
from numba.extending import overload
from numpy.typing import NDArray

Array = NDArray[Any]
# Fused multiply-add is always safe; sums may be reordered only where a function says so.
_EXACT = {"contract"}
_ANY_ORDER = {"contract", "reassoc", "nsz"}


def _compiled(fastmath: set[str]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`njit` that keeps its machine code where there is a folder to write it to."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        options: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": fastmath}
        compiled: Callable[..., Any]
        try:
            compiled = njit(cache=True, **options)(function)
        except RuntimeError:  # neither the package's folder nor the user's can be written
            compiled = njit(**options)(function)
        return compiled

    return decorate


def _exp(x: Any) -> Any:
    """exp(x) for x <= 0; in compiled code only."""
    raise NotImplementedError


@overload(_exp, jit_options={"fastmath": _EXACT})
def _choose_exp(x: Any) -> Callable[[Any], Any]:
    if x == types.float32:
        return _exp_float32
    return _exp_float64


def _exp_float64(x: Any) -> Any:
    return math.exp(x)


def _exp_float32(x: Any) -> Any:
    """exp(x) for x <= 0 to 1e-7, below -87 as at -87, NaN for NaN.

    Without a call or a branch, so that loops over it become vector instructions: 2^n * exp(r)
    with x = n ln 2 + r, ln 2 in two parts (Cody and Waite 1980), and the polynomial of Cephes'
    `expf` (Moshier) for exp(r).
    """
    x = np.float32(-87.0) if x < np.float32(-87.0) else x
    # Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits of the float.
    shifted = np.float32(x * np.float32(1.44269504) + np.float32(12582912.0))
    n = shifted - np.float32(12582912.0)
    r = (x - n * np.float32(0.693359375)) - n * np.float32(-2.12194440e-4)
    p = np.float32(1.9875691500e-4)
    p = p * r + np.float32(1.3981999507e-3)
    p = p * r + np.float32(8.3334519073e-3)
    p = p * r + np.float32(4.1665795894e-2)
    p = p * r + np.float32(1.6666665459e-1)
    p = p * r + np.float32(5.0000001201e-1)
    exponent = np.int32(shifted.view(np.int32) << np.int32(23)) + np.int32(127 << 23)
    return (p * r * r + r + np.float32(1.0)) * np.int32(exponent).view(np.float32)


@_compiled(_ANY_ORDER)
def _sum(row: Array) -> Any:
    total = row.dtype.type(0)
    for value in row:
        total += value
    return total


@_compiled(_ANY_ORDER | {"nnan"})
def _max(row: Array) -> Any:
    """The largest value; any value where there is a NaN, which the sum of exps then reports."""
    largest = row[0]
    for value in row:
        largest = max(largest, value)
    return largest


@_compiled(_EXACT)
def _normalise(
    logits: Array,
    frames: int,
    labels: Array,
    blank: int,
    weights: Array,
    totals: Array,
    scores: Array,
) -> None:
    """Softmax of every node, kept as `weights / totals`; its log at the two labels that count.

    Args:
        logits: `(T, U + 1, V)`; here and below of the batch's size, with padding.
        frames: Frames of this sample.
        labels: Labels of this sample, without padding.
        blank: Id of blank.
        weights: `(T, U + 1, V)`, written: exp(logit - largest logit of the node).
        totals: `(T, U + 1)`, written: sum of the weights.
        scores: `(T, U + 1, 2)`, written: log-probability of blank and of the next label.
    """
    nodes, classes = len(labels) + 1, logits.shape[2]
    for t in range(frames):
        for u in range(nodes):
            row, weight = logits[t, u], weights[t, u]
            largest = _max(row)
            for v in range(classes):
                weight[v] = row[v] - largest
            scores[t, u, 0] = weight[blank]
            scores[t, u, 1] = weight[labels[u]] if u < nodes - 1 else -np.inf
        # All nodes of the frame at once: one long loop fills vector registers better.
        frame = weights[t, :nodes].reshape(-1)
        for i in range(len(frame)):
            frame[i] = _exp(frame[i])
        for u in range(nodes):
            totals[t, u] = _sum(weights[t, u])
            log_total = math.log(totals[t, u])
            scores[t, u, 0] -= log_total
            scores[t, u, 1] -= log_total


@_compiled(_EXACT)
def _log_likelihood(scores: Array, frames: int, nodes: int, by_blank: Array) -> float:
    """Log of the summed probability of all alignments.

    Args:
        scores: `(T, U + 1, 2)`.
        frames: Frames of this sample.
        nodes: Labels of this sample and one.
        by_blank: `(T, U + 1)`, written: of the probability that reaches a node, the share that
            came by blank; the rest came by a label.
    """
    alpha = np.zeros(nodes)
    for u in range(1, nodes):
        alpha[u] = alpha[u - 1] + scores[0, u - 1, 1]
    by_blank[0] = 0.0
    for t in range(1, frames):
        alpha[0] += scores[t - 1, 0, 0]
        by_blank[t, 0] = 1.0
        for u in range(1, nodes):
            blank = alpha[u] + scores[t - 1, u, 0]
            label = alpha[u - 1] + scores[t, u - 1, 1]
            # log(exp(blank) + exp(label)); equal ones apart, because -inf - -inf is NaN.
            ahead = 0.0 if blank == label else blank - label
            smaller = math.exp(-abs(ahead))
            alpha[u] = (blank if ahead > 0 else label) + math.log(1 + smaller)
            by_blank[t, u] = (1 if ahead > 0 else smaller) / (1 + smaller)
    return float(alpha[nodes - 1] + scores[frames - 1, nodes - 1, 0])


@_compiled(_EXACT)
def _spread_gradient(
    weights: Array,
    totals: Array,
    by_blank: Array,
    frames: int,
    labels: Array,
    blank: int,
    fastemit_lambda: float,
    upstream: float,
    gradient: Array,
) -> None:
    """Gradient of the cost with respect to the logits.

    Probability 1 flows back from the end; at every node it splits by `by_blank`. What flows over
    an arc is the share of all alignments that take it, so no second pass of logarithms is needed.

    Args:
        weights: `(T, U + 1, V)`.
        totals: `(T, U + 1)`.
        by_blank: `(T, U + 1)`.
        frames: Frames of this sample.
        labels: Labels of this sample, without padding.
        blank: Id of blank.
        fastemit_lambda: Labels count 1 + lambda times.
        upstream: Gradient of the final loss with respect to this sample's cost.
        gradient: `(T, U + 1, V)`, written, 0 in padding.
    """
    nodes, classes = len(labels) + 1, weights.shape[2]
    gradient[frames:] = 0
    over_blank = np.zeros(nodes)
    over_blank[nodes - 1] = 1.0
    for t in range(frames - 1, -1, -1):
        gradient[t, nodes:] = 0
        over_label = 0.0
        for u in range(nodes - 1, -1, -1):
            through = over_blank[u] + over_label
            for_blank = upstream * over_blank[u]
            for_label = upstream * over_label * (1 + fastemit_lambda)
            scale = weights.dtype.type((for_blank + for_label) / totals[t, u])
            for v in range(classes):
                gradient[t, u, v] = scale * weights[t, u, v]
            gradient[t, u, blank] -= for_blank
            if u < nodes - 1:
                gradient[t, u, labels[u]] -= for_label
            over_blank[u] = through * by_blank[t, u]
            over_label = through - over_blank[u]


@_compiled(_EXACT)
def transducer_costs(
    logits: Array,
    targets: Array,
    input_lengths: Array,
    target_lengths: Array,
    blank: int,
    costs: Array,
    weights: Array,
    totals: Array,
    by_blank: Array,
) -> None:
    """Costs of a batch, and what its gradients are made from. Nothing is checked here.

    A NaN in the logits of a sample makes its cost NaN. All arrays are C-contiguous.

    Args:
        logits: Float32 or float64 `(B, T, U + 1, V)`.
        targets: Int64 `(B, U)`.
        input_lengths: Int64 `(B,)`.
        target_lengths: Int64 `(B,)`.
        blank: Id of blank.
        costs: `(B,)`, written.
        weights: Shape and type of `logits`, written: softmax times total.
        totals: Float64 `(B, T, U + 1)`, written.
        by_blank: Float64 `(B, T, U + 1)`, written: share of what reaches a node that came by blank.
    """
    scores = np.empty((*logits.shape[1:3], 2))
    for b in range(len(logits)):
        frames, nodes = input_lengths[b], target_lengths[b] + 1
        labels = targets[b, : nodes - 1]
        _normalise(logits[b], frames, labels, blank, weights[b], totals[b], scores)
        costs[b] = -_log_likelihood(scores, frames, nodes, by_blank[b])


@_compiled(_EXACT)
def transducer_gradients(
    weights: Array,
    totals: Array,
    by_blank: Array,
    targets: Array,
    input_lengths: Array,
    target_lengths: Array,
    blank: int,
    fastemit_lambda: float,
    upstream: Array,
    gradients: Array,
) -> None:
    """Gradients with respect to the logits, from what `transducer_costs` wrote.

    Args:
        weights: `(B, T, U + 1, V)`.
        totals: `(B, T, U + 1)`.
        by_blank: `(B, T, U + 1)`.
        targets: Int64 `(B, U)`.
        input_lengths: Int64 `(B,)`.
        target_lengths: Int64 `(B,)`.
        blank: Id of blank.
        fastemit_lambda: Weight of FastEmit.
        upstream: `(B,)`, gradient of the final loss with respect to each cost.
        gradients: `(B, T, U + 1, V)`, written, 0 in padding.
    """
    for b in range(len(weights)):
        _spread_gradient(
            weights[b],
            totals[b],
            by_blank[b],
            input_lengths[b],
            targets[b, : target_lengths[b]],
            blank,
            fastemit_lambda,
            upstream[b],
            gradients[b],
        )
