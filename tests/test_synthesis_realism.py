"""Synthetic swipes against recorded ones of people whom the fit has not seen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ks_2samp

from glissando.datasets.manifest import ManifestReader
from glissando.datasets.reading import idle
from glissando.datasets.records import Located
from glissando.keyboard import load_keyboard
from glissando.synthesis import SwipeBatch, load_parameters, synthesize
from glissando.synthesis.letters import spell
from glissando.synthesis.measures import Measures, measure
from glissando.synthesis.people import draw_people

QWERTY = load_keyboard("qwerty")

# Kolmogorov-Smirnov distance from the validation split, at most. Between two groups of 76 people
# each, recorded by the same page, it is up to 0.12 for tempo and about 0.05 for most others.
BOUND = 0.15
MEASURES = (
    "time_per_key_2",
    "time_per_key_4",
    "time_per_key_7",
    "path_ratio",
    "letter_distance",
    "letter_distance_7",
    "start_distance",
    "end_distance",
    "turn_speed_back",
    "turn_speed_aside",
    "slowest_back",
    "slow_share",
    "points_per_second",
)


@cache
def real_swipes(folder: Path) -> SwipeBatch:
    """A third of the validation split's swipes of two keys or more."""
    path = folder / "how-we-swipe/hws-validation.jsonl.gz"
    rows = [row.gesture for row in ManifestReader().read(path, idle) if isinstance(row, Located)]
    usable = [
        gesture
        for gesture in rows
        if not gesture.is_err
        and 4 <= len(gesture.trace) <= 600
        and gesture.trace.duration <= 10_000
        and len(set(gesture.word)) > 1
    ]
    return SwipeBatch.from_gestures(usable[::3])


@cache
def real_measures(folder: Path) -> Measures:
    return measure(real_swipes(folder), QWERTY)


def naive_swipes(real: SwipeBatch) -> SwipeBatch:
    """Straight from key to key at constant speed, in the median time, 60 points a second."""
    letters = spell(real.words, QWERTY)
    time = float(np.median(real.t[real.starts + real.lengths - 1] / letters.count))
    parts = []
    for first, count in zip(letters.first, letters.count, strict=True):
        keys = letters.at[first : first + count] * QWERTY.key_size
        passed = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(keys, axis=0).T))])
        t = np.arange(0, count * time, 1000 / 60)
        x, y = (np.interp(t, passed / passed[-1] * count * time, keys[:, i]) for i in range(2))
        parts.append(np.stack([x, y, t], axis=1).astype(np.float32))
    x, y, t = np.concatenate(parts).T
    lengths = np.array([len(part) for part in parts])
    return SwipeBatch(real.words, real.users, lengths, x, y, t, real.width, real.height)


def distances(real: Measures, other: Measures) -> dict[str, float]:
    return {name: float(ks_2samp(real[name], other[name]).statistic) for name in MEASURES}


def synthetic_swipes(real: SwipeBatch) -> SwipeBatch:
    """The same words, by three times as many users as recorded, so that chance is small."""
    p = load_parameters()
    people = draw_people(3 * len(set(real.users)), p, np.random.default_rng(11))
    return synthesize(real.words, QWERTY, p, np.random.default_rng(12), people=people)


def test_synthetic_swipes_are_distributed_as_real_ones(real_data: Path) -> None:
    synthetic = measure(synthetic_swipes(real_swipes(real_data)), QWERTY)
    found = distances(real_measures(real_data), synthetic)
    too_far = {name: value for name, value in found.items() if value > BOUND}
    assert not too_far


def test_naive_swipes_are_told_from_real_ones(real_data: Path) -> None:
    """The control: what the bounds are worth."""
    naive = measure(naive_swipes(real_swipes(real_data)), QWERTY)
    found = distances(real_measures(real_data), naive)
    passed = {name: value for name, value in found.items() if value <= 2 * BOUND}
    assert not passed


@pytest.mark.parametrize("quantile", [0.1, 0.5, 0.9])
def test_medians_and_tails_have_the_right_size(real_data: Path, quantile: float) -> None:
    """In the measures' own units: milliseconds per key, path over polyline, key widths."""
    real = real_measures(real_data)
    synthetic = measure(synthetic_swipes(real_swipes(real_data)), QWERTY)
    for name in ("time_per_key_4", "path_ratio"):  # logarithms
        ratio = np.exp(np.quantile(synthetic[name], quantile) - np.quantile(real[name], quantile))
        assert 0.85 < ratio < 1.18, name
    for name in ("start_distance", "end_distance", "letter_distance", "points_per_second"):
        ratio = np.quantile(synthetic[name], quantile) / np.quantile(real[name], quantile)
        assert 0.7 < ratio < 1.4, name
