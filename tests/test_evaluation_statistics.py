"""Intervals cover at the stated rate, and differences are paired."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_evaluation_metrics import answer

from glissando.evaluation import EvaluationError, compare
from glissando.evaluation.answers import Answer
from glissando.evaluation.bootstrap import bootstrap, sign_test, user_numbers


def simulated(rng: np.random.Generator, people: int) -> tuple[np.ndarray, np.ndarray]:
    """Right or wrong answers of people who differ in skill and in how much they swiped."""
    skill = rng.beta(6, 2, size=people)  # mean 0.75, standard deviation 0.14
    swipes = rng.integers(5, 60, size=people)
    users = np.repeat(np.arange(people), swipes)
    return (rng.random(len(users)) < skill[users]).astype(float), users


@pytest.mark.parametrize("people", [30, 120])
def test_intervals_cover_at_the_stated_rate(people: int) -> None:
    rng = np.random.default_rng(people)
    trials = 400
    covered = 0
    for trial in range(trials):
        right, users = simulated(rng, people)
        ends = bootstrap(right[:, None], np.ones((len(right), 1)), users, resamples=500, seed=trial)
        covered += ends[0, 0] <= 0.75 <= ends[0, 1]
    assert 0.90 <= covered / trials <= 0.975


def test_ignoring_that_swipes_of_a_person_are_alike_would_not_cover() -> None:
    rng = np.random.default_rng(7)
    covered = 0
    for trial in range(150):
        right, _ = simulated(rng, 40)
        own = np.arange(len(right))
        ends = bootstrap(right[:, None], np.ones((len(right), 1)), own, resamples=150, seed=trial)
        covered += ends[0, 0] <= 0.75 <= ends[0, 1]
    assert covered / 150 < 0.85


def test_a_difference_of_nothing_is_covered_too() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for trial in range(300):
        right, users = simulated(rng, 60)
        other = np.where(rng.random(len(right)) < 0.1, 1 - right, right)
        truth = 0.1 * (1 - 2 * 0.75)  # a tenth of the answers is turned over
        difference = (other - right)[:, None]
        ends = bootstrap(difference, np.ones_like(difference), users, resamples=400, seed=trial)
        covered += ends[0, 0] <= truth <= ends[0, 1]
    assert 0.90 <= covered / 300 <= 0.98


@given(st.lists(st.sampled_from(["", "ann", "bob"]), min_size=1, max_size=20))
def test_rows_without_a_user_are_people_of_their_own(users: list[str]) -> None:
    numbers = user_numbers(users).tolist()
    assert sorted(set(numbers)) == list(range(len(set(numbers))))
    for one, name in zip(numbers, users, strict=True):
        same = [n for n, other in zip(numbers, users, strict=True) if other == name]
        assert numbers.count(one) == (len(same) if name else 1)


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sign_test_is_the_binomial_test(one: int, other: int) -> None:
    stats = pytest.importorskip("scipy.stats")
    if one + other:
        expected = stats.binomtest(one, one + other).pvalue
        assert sign_test(one, other) == pytest.approx(expected, rel=1e-9)
    else:
        assert sign_test(0, 0) == 1.0


def row(number: int, user: str, right: bool) -> Answer:
    one = answer("the", "the" if right else "then", user=user, greedy="the")
    return replace(one, id=str(number), origin=f"a:{number}")


def test_two_decoders_are_paired_swipe_by_swipe() -> None:
    users = ["ann", "ann", "bob", "bob", "eve", "eve"]
    a = [row(i, user, right=i < 3) for i, user in enumerate(users)]
    b = [row(i, user, right=i != 0) for i, user in enumerate(users)]
    found = compare(a, b)
    assert (found.both, found.only_a, found.only_b, found.neither) == (2, 1, 3, 0)
    top1 = found.measures["top1"]
    assert (top1.a, top1.b, top1.difference) == (50.0, pytest.approx(83.333), 33.333)
    low, high = top1.interval95 or (0, 0)
    assert -50 <= low < 33.3 < high <= 100
    assert found.p == pytest.approx(0.625)
    assert compare(b, a).measures["top1"].difference == -33.333
    itself = compare(a, a).measures["wer"]
    assert (itself.difference, itself.interval95) == (0.0, (0.0, 0.0))


def test_answers_to_other_swipes_are_not_paired() -> None:
    a = [row(i, "ann", right=True) for i in range(3)]
    with pytest.raises(EvaluationError, match="cannot pair 3 answers with 2"):
        compare(a, a[:2])
    with pytest.raises(EvaluationError, match="answer 1 is to another swipe: 'the' of a:0 and"):
        compare(a, a[::-1])
    with pytest.raises(EvaluationError, match="no answers"):
        compare([], [])
