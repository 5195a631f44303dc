"""What goes wrong with real swipes, done to recorded ones: how much accuracy does each cost?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glissando.decoding import Decoder
from glissando.evaluation.matching import rank_of
from glissando.keyboard import Keyboard
from glissando.traces import Gesture, Trace

Points = NDArray[np.float64]
Change = Callable[[Points, np.random.Generator], Points]
"""Points `(T, 3)`, x and y in keys and t in milliseconds, to such points."""


def shifted(right: float, down: float) -> Change:
    """The whole swipe beside where it was meant, in keys."""
    return lambda points, _: points + np.array([right, down, 0.0])


def sheared(strength: float) -> Change:
    """Each point moved sideways by its height, about the middle of the swipe, in keys per key."""

    def change(points: Points, _: np.random.Generator) -> Points:
        moved = points.copy()
        moved[:, 0] += strength * (points[:, 1] - points[:, 1].mean())
        return moved

    return change


def sampled(hertz: float) -> Change:
    """What a screen that reports so many points a second would have seen."""

    def change(points: Points, _: np.random.Generator) -> Points:
        time = points[:, 2]
        at = np.append(np.arange(time[0], time[-1], 1000 / hertz), time[-1])
        return np.column_stack([np.interp(at, time, points[:, i]) for i in (0, 1)] + [at])

    return change


def thinned(share: float) -> Change:
    """Points lost at random, but for the first and the last."""

    def change(points: Points, random: np.random.Generator) -> Points:
        stays = random.random(len(points)) >= share
        stays[[0, -1]] = True
        kept: Points = points[stays]
        return kept

    return change


def jittered(keys: float) -> Change:
    """Every point beside its place by normal noise of that standard deviation."""

    def change(points: Points, random: np.random.Generator) -> Points:
        moved = points.copy()
        moved[:, :2] += random.normal(0, keys, (len(points), 2))
        return moved

    return change


def cut_off(share: float) -> Change:
    """The last part of the time missing."""

    def change(points: Points, _: np.random.Generator) -> Points:
        start, end = points[0, 2], points[-1, 2]
        kept: Points = points[points[:, 2] <= end - share * (end - start)]
        return kept

    return change


def hurried(factor: float) -> Change:
    """The same path, so many times as fast."""
    return lambda points, _: points * np.array([1.0, 1.0, 1 / factor])


STRESSES: dict[str, Change] = {
    "as recorded": lambda points, _: points,
    "0.5 keys to the left": shifted(-0.5, 0),
    "0.5 keys to the right": shifted(0.5, 0),
    "0.5 keys up": shifted(0, -0.5),
    "0.5 keys down": shifted(0, 0.5),
    "sheared, 0.2 keys a row": sheared(0.2),
    "120 points a second": sampled(120),
    "60 points a second": sampled(60),
    "30 points a second": sampled(30),
    "20 % of the points missing": thinned(0.2),
    "jitter of 0.1 keys": jittered(0.1),
    "last 10 % cut off": cut_off(0.1),
    "twice as fast": hurried(2),
}
"""Name → what it does to a swipe."""


@dataclass(frozen=True, slots=True)
class Stressed:
    """Accuracy under one stress, in percent of all swipes."""

    name: str
    n: int
    top1: float
    top3: float


def under_stress(
    decoder: Decoder,
    gestures: Sequence[Gesture],
    keyboard: Keyboard,
    name: str,
    change: Change,
    *,
    seed: int = 0,
) -> Stressed:
    """Decode changed swipes; each is changed with a random generator of its own.

    Args:
        decoder: What to measure.
        gestures: Recorded swipes, all on `keyboard`.
        keyboard: Their layout.
        name: What the table calls the change.
        change: What is done to each of them.
        seed: The same seed makes the same changes.
    """
    ranks = []
    for number, gesture in enumerate(gestures):
        trace = changed(gesture.trace, keyboard, change, np.random.default_rng((seed, number)))
        ranks.append(rank_of(gesture.word, decoder.decode(trace, keyboard=keyboard)))
    found = np.array(ranks)
    rates = [100 * float(np.mean((found > 0) & (found <= k))) for k in (1, 3)]
    return Stressed(name, len(gestures), *rates)


def changed(trace: Trace, keyboard: Keyboard, change: Change, random: np.random.Generator) -> Trace:
    """A swipe with something done to it."""
    unit = np.array([*keyboard.key_size, 1.0])
    points = change(trace.points().astype(np.float64) / unit, random) * unit
    return Trace.from_arrays(*points.T)
