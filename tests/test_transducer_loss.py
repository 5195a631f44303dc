"""The CPU transducer loss against enumeration of all alignments and finite differences."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
from typing import Any

import numba
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from transducer_problems import Problem, enumerated_cost, gradient, problem, samples

from glissando.training import transducer_kernel
from glissando.training.transducer_loss import CpuTransducerLoss

tiny = st.builds(
    problem,
    seed=st.integers(0, 10**6),
    batch=st.integers(1, 3),
    times=st.integers(1, 4),
    labels=st.integers(0, 3),
    classes=st.integers(2, 5),
    spread=st.sampled_from([0.1, 2.0, 30.0]),
)


@settings(max_examples=40, deadline=None)
@given(tiny, st.sampled_from([0.0, 0.3]))
def test_costs_and_gradients_equal_the_enumeration_of_all_alignments(
    batch: Problem, fastemit_lambda: float
) -> None:
    loss = CpuTransducerLoss(reduction=None, fastemit_lambda=fastemit_lambda)
    costs = loss(**batch)
    expected = [enumerated_cost(x.log_softmax(-1), labels) for x, labels in samples(batch)]
    torch.testing.assert_close(costs, torch.stack(expected) * (1 + fastemit_lambda))

    # FastEmit weighs what flows over labels; the enumeration shows it as gradients of log_probs.
    for sample, (logits, labels) in enumerate(samples(batch)):
        logits = logits.detach().requires_grad_()
        log_probs = logits.log_softmax(-1)
        flow = torch.autograd.grad(
            enumerated_cost(log_probs, labels), log_probs, retain_graph=True
        )[0].clone()
        flow[..., :-1] *= 1 + fastemit_lambda
        (wanted,) = torch.autograd.grad(log_probs, logits, flow)
        found = gradient(loss(**batch)[sample], batch["log_probs"])[sample]
        torch.testing.assert_close(found[: len(logits), : len(labels) + 1], wanted)


@pytest.mark.parametrize("seed", range(3))
def test_gradients_equal_finite_differences(seed: int) -> None:
    batch = problem(seed, batch=2, times=3, labels=2)
    logits, others = batch["log_probs"], {k: v for k, v in batch.items() if k != "log_probs"}
    assert torch.autograd.gradcheck(
        lambda x: CpuTransducerLoss(reduction=None)(log_probs=x, **others), (logits,)
    )


@pytest.mark.parametrize("spread", [0.5, 5.0, 60.0])
def test_float32_equals_float64(spread: float) -> None:
    exact = problem(1, batch=8, times=40, labels=12, classes=29, spread=spread)
    logits = exact["log_probs"].detach().float().requires_grad_()
    exact["log_probs"] = logits.detach().double().requires_grad_()
    loss = CpuTransducerLoss(reduction=None)
    precise, costs = loss(**exact), loss(**{**exact, "log_probs": logits})
    assert costs.dtype == torch.float32
    torch.testing.assert_close(costs, precise.float(), rtol=1e-6, atol=1e-5)
    difference = gradient(costs, logits) - gradient(precise, exact["log_probs"])
    assert difference.abs().max() < 5e-6


def test_the_polynomial_exp() -> None:
    exp = numba.njit(transducer_kernel._exp_float32)
    arguments = np.linspace(-87, 0, 4001, dtype=np.float32)
    found = np.array([exp(x) for x in arguments], dtype=np.float64)
    np.testing.assert_allclose(found, np.exp(arguments.astype(np.float64)), rtol=2e-7)
    assert 0 <= exp(np.float32(-np.inf)) < 1e-37
    assert math.isnan(exp(np.float32(np.nan)))


def test_log_probabilities_give_what_logits_give() -> None:
    batch = problem(2)
    logits = batch["log_probs"]
    loss = CpuTransducerLoss()
    normalised = loss(**{**batch, "log_probs": logits.log_softmax(-1)})
    torch.testing.assert_close(normalised, loss(**batch))
    torch.testing.assert_close(gradient(normalised, logits), gradient(loss(**batch), logits))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_padding_is_never_read_and_gets_no_gradient(dtype: torch.dtype) -> None:
    batch = problem(3, batch=4, dtype=dtype)
    inside = torch.zeros(batch["log_probs"].shape, dtype=torch.bool)
    for row, (logits, labels) in zip(inside, samples(batch), strict=True):
        row[: len(logits), : len(labels) + 1] = True
    spoilt = batch["log_probs"].detach().masked_fill(~inside, math.nan).requires_grad_()
    loss = CpuTransducerLoss(reduction=None)
    costs = loss(**{**batch, "log_probs": spoilt})
    found = gradient(costs, spoilt)
    assert not found[~inside].any()
    for index, (logits, labels) in enumerate(samples(batch)):
        alone = logits.detach().unsqueeze(0).clone().requires_grad_()
        lengths = torch.tensor([len(logits)]), torch.tensor([len(labels)])
        cost = loss(alone, torch.tensor([labels], dtype=torch.long), *lengths)
        assert torch.equal(cost[0], costs[index])
        assert torch.equal(gradient(cost, alone)[0], found[index, : len(logits), : len(labels) + 1])


def test_memory_layout_does_not_matter() -> None:
    batch = problem(4)
    logits = batch["log_probs"]
    turned = logits.detach().transpose(0, 2).contiguous().transpose(0, 2).requires_grad_()
    assert not turned.is_contiguous()
    loss = CpuTransducerLoss()
    cost = loss(**{**batch, "log_probs": turned})
    assert torch.equal(cost, loss(**batch))
    assert torch.equal(gradient(cost, turned), gradient(cost := loss(**batch), logits))


def test_a_blank_that_is_not_last() -> None:
    batch = problem(5)
    rolled = batch["log_probs"].detach().roll(1, dims=-1)
    moved = {**batch, "log_probs": rolled, "targets": batch["targets"] + 1}
    torch.testing.assert_close(CpuTransducerLoss(blank=0)(**moved), CpuTransducerLoss()(**batch))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_nan_anywhere_in_a_sample_makes_its_cost_nan(dtype: torch.dtype) -> None:
    batch = problem(6, batch=2, times=3, labels=2, classes=11, dtype=dtype)
    clean = batch["log_probs"].detach()
    loss = CpuTransducerLoss(reduction=None)
    healthy = loss(**{**batch, "log_probs": clean})[1]
    for bad in (math.nan, math.inf):
        for place in itertools.product(*map(range, clean.shape[1:])):
            logits = clean.clone()
            logits[(0, *place)] = bad
            costs = loss(**{**batch, "log_probs": logits})
            assert costs[0].isnan(), (bad, place)
            assert torch.equal(costs[1], healthy)


def test_a_nan_reaches_the_gradient() -> None:
    batch = problem(6)
    with torch.no_grad():
        batch["log_probs"][0, 1, 1, 1] = math.nan
    found = gradient(CpuTransducerLoss()(**batch), batch["log_probs"])
    assert found[0].isnan().any()
    assert found[1:].isfinite().all()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_forbidden_labels(dtype: torch.dtype) -> None:
    batch = problem(7, batch=1, times=4, labels=2, dtype=dtype)
    targets = torch.tensor([[0, 1]])
    logits = batch["log_probs"].detach().clone()
    logits[..., 3] = -math.inf  # not in the word
    logits[0, 0, 0, 0] = -math.inf  # the first letter may not start at once
    logits.requires_grad_()
    cost = CpuTransducerLoss(reduction=None)(**{**batch, "log_probs": logits, "targets": targets})
    torch.testing.assert_close(cost[0], enumerated_cost(logits[0].log_softmax(-1), [0, 1]))
    found = gradient(cost, logits)
    assert found.isfinite().all()
    assert found[..., 3].abs().max() < 1e-30

    impossible = logits.detach().clone()
    impossible[..., 0] = -math.inf
    arguments = {**batch, "log_probs": impossible, "targets": targets}
    assert CpuTransducerLoss()(**arguments) == math.inf


def test_large_logits_do_not_overflow() -> None:
    batch = problem(8, dtype=torch.float32, spread=1e6)
    cost = CpuTransducerLoss()(**batch)
    assert cost.isfinite()
    assert gradient(cost, batch["log_probs"]).isfinite().all()


def test_reductions() -> None:
    batch = problem(9)
    lengths = batch["target_lengths"]
    lengths[1] = 0
    costs = CpuTransducerLoss(reduction=None)(**batch)
    expected = {
        "mean_batch": costs.mean(),
        "mean": (costs / lengths.clamp(min=1)).mean(),
        "sum": costs.sum(),
        "mean_volume": costs.sum() / lengths.sum(),
    }
    for reduction, value in expected.items():
        torch.testing.assert_close(CpuTransducerLoss(reduction=reduction)(**batch), value)
        in_parts = CpuTransducerLoss(reduction=reduction).reduce(
            [costs[:1], costs[1:]], [lengths[:1], lengths[1:]]
        )
        torch.testing.assert_close(in_parts, value)


def test_upstream_gradients_scale_each_sample() -> None:
    batch = problem(10)
    weights = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    costs = CpuTransducerLoss(reduction=None)(**batch)
    weighted = gradient(costs * weights, batch["log_probs"])
    plain = gradient(CpuTransducerLoss(reduction=None)(**batch), batch["log_probs"])
    torch.testing.assert_close(weighted, plain * weights.view(-1, 1, 1, 1))


def test_threads_and_gradient_mode_do_not_change_the_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = problem(11, batch=7, dtype=torch.float32)
    loss = CpuTransducerLoss(reduction=None)
    results = []
    for threads in (1, 3, 16):
        monkeypatch.setattr(torch, "get_num_threads", lambda count=threads: count)
        costs = loss(**batch)
        results.append((costs, gradient(costs, batch["log_probs"])))
    with torch.no_grad():
        assert torch.equal(loss(**batch), results[0][0])
    for costs, gradients in results[1:]:
        assert torch.equal(costs, results[0][0])
        assert torch.equal(gradients, results[0][1])


def test_half_precision_is_computed_in_float32() -> None:
    batch = problem(12, dtype=torch.bfloat16)
    cost = CpuTransducerLoss()(**batch)
    assert cost.dtype == torch.float32
    torch.testing.assert_close(
        cost, CpuTransducerLoss()(**{**batch, "log_probs": batch["log_probs"].float()})
    )
    assert gradient(cost, batch["log_probs"]).dtype == torch.bfloat16


WRONG: list[tuple[str, Any, str]] = [
    ("log_probs", torch.zeros(3, 5, 6), r"logits: expected .* \(B, T, U \+ 1, V\), found"),
    ("log_probs", torch.zeros(3, 5, 5, 6, dtype=torch.int), "logits: expected floating point"),
    ("log_probs", torch.zeros(3, 0, 5, 6), r"found torch.float32 \(3, 0, 5, 6\)"),
    ("log_probs", torch.zeros(3, 5, 5, 6, device="meta"), "on the CPU, found meta"),
    ("targets", torch.zeros(2, 4, dtype=torch.long), r"targets: expected \(3, U\), found \(2, 4\)"),
    ("targets", torch.full((3, 4), 6), r"targets\[0, 0\]: .* from 0 to 5 .* found 6"),
    ("targets", torch.full((3, 4), -1), r"targets\[0, 0\]: .* found -1"),
    ("targets", torch.full((3, 4), 5), r"other than blank \(5\), found 5"),
    ("targets", torch.zeros(3, 2, dtype=torch.long), r"target_lengths\[0\]: expected 0 to 2"),
    ("input_lengths", torch.tensor([5, 5]), r"input_lengths: expected \(3,\), found \(2,\)"),
    ("input_lengths", torch.tensor([5, 0, 5]), r"input_lengths\[1\]: expected 1 to 5, found 0"),
    ("input_lengths", torch.tensor([5, 5, 6]), r"input_lengths\[2\]: expected 1 to 5, found 6"),
    ("target_lengths", torch.tensor([4, -1, 0]), r"target_lengths\[1\]: .* 0 to 4, found -1"),
    ("target_lengths", torch.tensor([5, 0, 0]), r"target_lengths\[0\]: .* 0 to 4, found 5"),
]


@pytest.mark.parametrize(("name", "value", "message"), WRONG)
def test_arguments_that_do_not_fit_are_named(name: str, value: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        CpuTransducerLoss()(**{**problem(13), name: value})


def test_settings_that_make_no_sense_are_named() -> None:
    with pytest.raises(ValueError, match=r"reduction: expected one of .*, found 'median'"):
        CpuTransducerLoss(reduction="median")
    with pytest.raises(ValueError, match="fastemit_lambda: expected at least 0, found -1"):
        CpuTransducerLoss(fastemit_lambda=-1)
    with pytest.raises(ValueError, match="blank: expected an id below the 6 labels, found 6"):
        CpuTransducerLoss(blank=6)(**problem(14))


@pytest.mark.slow
def test_works_where_machine_code_cannot_be_cached() -> None:
    code = """
import torch
from glissando.training import transducer_kernel
from glissando.training.transducer_loss import CpuTransducerLoss
ones = torch.ones(1, dtype=torch.long)
print(float(CpuTransducerLoss()(torch.zeros(1, 1, 2, 2), torch.zeros(1, 1).long(), ones, ones)))
"""
    # Only zip archives have a cache folder then, and the package is none.
    nowhere = {"NUMBA_CACHE_LOCATOR_CLASSES": "ZipCacheLocator"}
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **nowhere},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) == pytest.approx(2 * math.log(2))
