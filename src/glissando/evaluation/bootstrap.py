"""Confidence intervals by bootstrap over people, and the sign test of paired answers.

Swipes of one person resemble each other, so people are drawn anew, not swipes (the cluster
bootstrap: Davison and Hinkley, *Bootstrap Methods and their Application*, 1997, section 3.8).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

RESAMPLES = 2000
LEVEL = 0.95
_DRAWS_AT_ONCE = 1 << 20  # bounds memory where every row is a person of its own


def user_numbers(users: Sequence[str]) -> NDArray[np.int64]:
    """`(N,)` a number for each row's person; every row without a name counts as its own person."""
    named = {user: number for number, user in enumerate(dict.fromkeys(filter(None, users)))}
    numbers = [named[user] if user else len(named) + at for at, user in enumerate(users)]
    return np.unique(np.array(numbers, dtype=np.int64), return_inverse=True)[1]


def bootstrap(
    numerators: ArrayLike,
    denominators: ArrayLike,
    users: ArrayLike,
    *,
    resamples: int = RESAMPLES,
    level: float = LEVEL,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Percentile intervals of ratios of sums, with people drawn with replacement.

    A mean over rows is a ratio with denominators of 1. With less than some twenty people the
    intervals are too narrow, as all percentile bootstraps are.

    Args:
        numerators: `(N, M)` what each row adds to each of M ratios.
        denominators: `(N, M)` what each row adds to what it is divided by.
        users: `(N,)` number of each row's person, from 0, as `user_numbers` gives them.
        resamples: How often the people are drawn anew.
        level: Share of such intervals that hold the truth.
        seed: The same seed gives the same intervals.

    Returns:
        `(M, 2)` low and high ends; NaN where there are fewer than two people.
    """
    parts = [np.asarray(part, dtype=np.float64) for part in (numerators, denominators)]
    groups, number = np.unique(np.asarray(users), return_inverse=True)
    people = len(groups)
    if people < 2:
        return np.full((parts[0].shape[1], 2), np.nan)
    sums = np.zeros((people, 2 * parts[0].shape[1]))
    np.add.at(sums, number, np.concatenate(parts, axis=1))
    tops, bottoms = np.split(_resampled(sums, resamples, seed), 2, axis=1)
    tail = (1 - level) / 2
    ends = [
        np.quantile(top[below > 0] / below[below > 0], [tail, 1 - tail])
        if below.any()
        else (np.nan, np.nan)
        for top, below in zip(tops.T, bottoms.T, strict=True)
    ]
    return np.array(ends, dtype=np.float64).reshape(-1, 2)


def _resampled(sums: NDArray[np.float64], resamples: int, seed: int) -> NDArray[np.float64]:
    """`(resamples, C)`: what `(people, C)` sums add up to with people drawn with replacement."""
    rng = np.random.default_rng(seed)
    people = len(sums)
    at_once = max(1, _DRAWS_AT_ONCE // people)
    totals = []
    for start in range(0, resamples, at_once):
        turns = min(at_once, resamples - start)
        drawn = rng.integers(people, size=(turns, people)) + people * np.arange(turns)[:, None]
        times = np.bincount(drawn.ravel(), minlength=turns * people).reshape(turns, people)
        totals.append(times.astype(np.float64) @ sums)
    return np.concatenate(totals)


def sign_test(only_one: int, only_other: int) -> float:
    """Two-sided exact p-value of McNemar's test: that two decoders miss equally often.

    It counts swipes as independent, which those of one person are not: the interval of
    `bootstrap` is the stricter judge.

    Args:
        only_one: Swipes that only the first read right.
        only_other: Swipes that only the second read right.
    """
    discordant = only_one + only_other
    tail = sum(math.comb(discordant, k) for k in range(min(only_one, only_other) + 1))
    return min(1.0, float(2 * tail / (1 << discordant)))
