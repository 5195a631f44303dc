"""The order of training: complete, bucketed, resumable, the same for any number of processes."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glissando.training.batches import TrainingOrder, ValidationOrder


def _lengths(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(1, 15, count).astype(np.int32)


@given(count=st.integers(8, 300), size=st.integers(1, 40), epoch=st.integers(0, 3))
def test_an_epoch_holds_no_row_twice_and_leaves_out_less_than_a_batch(
    count: int, size: int, epoch: int
) -> None:
    order = TrainingOrder(_lengths(count), batch_size=size, seed=3, pool=4)
    first = epoch * order.batches_per_epoch
    rows = np.concatenate([order.rows(first + k) for k in range(order.batches_per_epoch)])
    assert len(set(rows.tolist())) == len(rows)
    assert count - len(rows) < min(size, count)


def test_epochs_and_seeds_differ() -> None:
    order = TrainingOrder(_lengths(100), batch_size=100, seed=3, pool=1)
    other = TrainingOrder(_lengths(100), batch_size=100, seed=4, pool=1)
    assert not np.array_equal(order.rows(0), order.rows(1))
    assert not np.array_equal(order.rows(0), other.rows(0))


def test_resuming_continues_with_the_batches_that_follow() -> None:
    whole = TrainingOrder(_lengths(500), batch_size=16, seed=3, pool=4)
    resumed = TrainingOrder(_lengths(500), batch_size=16, seed=3, pool=4)
    resumed.start = 45  # in the middle of the second epoch of 31
    expected = list(islice(iter(whole), 45, 100))
    for (number, rows), (again, same) in zip(expected, resumed, strict=False):
        assert number == again
        np.testing.assert_array_equal(rows, same)


def test_bucketing_makes_padding_small() -> None:
    lengths = _lengths(6400)

    def padding(pool: int) -> float:
        order = TrainingOrder(lengths, batch_size=64, seed=3, pool=pool)
        batches = [lengths[order.rows(k)] for k in range(order.batches_per_epoch)]
        return 1 - sum(b.sum() for b in batches) / sum(b.max() * len(b) for b in batches)

    assert padding(16) < 0.1 < 0.4 < padding(1)


@given(world=st.integers(2, 4), size=st.integers(1, 9))
def test_processes_share_the_batches_that_one_process_would_take(world: int, size: int) -> None:
    lengths = _lengths(90)
    alone = TrainingOrder(lengths, batch_size=size * world, seed=3, pool=4)
    together = [
        TrainingOrder(lengths, batch_size=size, seed=3, pool=4, rank=rank, world=world)
        for rank in range(world)
    ]
    for number in (0, 1, 17):
        shares = [order.rows(number) for order in together]
        assert {len(share) for share in shares} == {size}
        assert sorted(np.concatenate(shares)) == sorted(alone.rows(number))


@given(count=st.integers(3, 200), size=st.integers(1, 50), world=st.integers(1, 3))
def test_validation_takes_every_row_once_in_as_many_batches_for_each_process(
    count: int, size: int, world: int
) -> None:
    orders = [
        ValidationOrder(_lengths(count), batch_size=size, rank=rank, world=world)
        for rank in range(world)
    ]
    assert len({len(order) for order in orders}) == 1
    batches = [rows for order in orders for _, rows in order]
    assert all(len(rows) for rows in batches)
    assert sorted(np.concatenate(batches)) == list(range(count))


def test_too_few_swipes_for_the_processes_is_an_error() -> None:
    with pytest.raises(ValueError, match="2 swipes cannot feed 3 processes"):
        TrainingOrder(_lengths(2), batch_size=4, seed=1, pool=1, world=3)
