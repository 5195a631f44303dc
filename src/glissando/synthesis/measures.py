"""What makes swipes look human, in numbers: the measures that the fit and its test share.

Each measure is a bag of values, one for each swipe, letter, way (from key to key) or user, whose
distribution should be the same for synthetic as for recorded swipes of the same words. Lengths
are in key widths, times in milliseconds.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glissando.keyboard import Keyboard
from glissando.synthesis.alignment import Aligned, align
from glissando.synthesis.batch import SwipeBatch
from glissando.synthesis.strokes import APART

Floats = NDArray[np.float64]
Measures = dict[str, Floats]

DWELL = 0.25  # key widths that the finger must leave for a dwell to end
GRID = 10.0  # milliseconds between looks at the speed
SWIPES_OF_A_USER = 4  # fewer say nothing about the user


def measure(batch: SwipeBatch, keyboard: Keyboard) -> Measures:
    """Take all measures of swipes of words with two keys or more.

    Raises:
        SynthesisError: a word has a letter that the keyboard lacks, or none.
    """
    a = align(batch, keyboard)
    speeds = _speeds(a)
    users = _users(a, slow_share=speeds["slow_share"])
    return {**_times(a), **_aim(a), **speeds, **_ways(a), **_events(a), **users}


def _times(a: Aligned) -> Measures:
    """Log of time per key, by number of keys; log time of dwells at both ends."""
    t = a.batch.t.astype(np.float64)
    duration = t[a.end]
    per_key = np.log(np.maximum(duration, 1.0) / a.count)
    from_start = np.hypot(*(a.at - a.at[a.start][a.owner]).T)
    from_end = np.hypot(*(a.at - a.at[a.end][a.owner]).T)
    left = np.minimum.reduceat(np.where(from_start > DWELL, t, np.inf), a.start)
    came = np.maximum.reduceat(np.where(from_end > DWELL, t, 0.0), a.start)
    return {
        "time_per_key_2": per_key[a.count <= 3],
        "time_per_key_4": per_key[(a.count >= 4) & (a.count <= 6)],
        "time_per_key_7": per_key[a.count >= 7],
        "time_per_key_doubled": per_key[a.doubled.any(axis=1)],
        "start_dwell": np.log(1 + np.minimum(left, duration)),
        "end_dwell": np.log(1 + duration - came),
    }


def _aim(a: Aligned) -> Measures:
    """Distances of the trace from key centres, and signed offsets."""
    rows = np.arange(len(a.count))
    missed = a.at[a.passing] - a.keys
    distance = np.hypot(missed[..., 0], missed[..., 1])
    first = a.at[a.start] - a.keys[:, 0]
    last = a.at[a.end] - a.keys[rows, a.count - 1]
    swipe, slot = _inner(a)
    long = a.count[swipe] >= 7
    inner = missed[swipe, slot]
    bisector = np.diff(_directions(a), axis=1)[swipe, slot - 1]
    sharpness = np.hypot(bisector[:, 0], bisector[:, 1])
    inside = (inner * bisector).sum(axis=1) / np.maximum(sharpness, 1e-9)
    return {
        "start_distance": np.hypot(*first.T),
        "end_distance": np.hypot(*last.T),
        "start_x": first[:, 0],
        "start_y": first[:, 1],
        "end_x": last[:, 0],
        "end_y": last[:, 1],
        "first_letter_distance": distance[:, 0],
        "last_letter_distance": distance[rows, a.count - 1],
        "letter_distance": distance[swipe, slot][~long],
        "letter_distance_7": distance[swipe, slot][long],
        "letter_x": inner[:, 0],
        "letter_y": inner[:, 1],
        "cut_sharp": inside[sharpness >= 1.8],
        "cut_wide": inside[(sharpness >= 0.7) & (sharpness < 1.8)],
    }


def _speeds(a: Aligned) -> Measures:
    """Speed along the swipe and at its turns, relative to the swipe's own."""
    t = a.batch.t.astype(np.float64)
    duration = t[a.end]
    looks = np.maximum((duration / GRID).astype(np.int64), 2)
    first = np.cumsum(looks) - looks
    owner = np.repeat(np.arange(len(looks)), looks)
    speed = a.speed(owner, (np.arange(len(owner)) - first[owner]) * GRID, 15.0)
    mean = np.maximum(_path(a) / np.maximum(duration, 1.0), 1e-6)
    median, high = (
        np.array([np.quantile(part, q) for part in np.split(speed, first[1:])]) for q in (0.5, 0.9)
    )
    slow = np.add.reduceat((speed < 0.15 * mean[owner]).astype(np.float64), first) / looks
    swipe, slot = _inner(a)
    when = t[a.passing[swipe, slot]]
    passing = a.speed(swipe, when, 25.0) / np.maximum(median[swipe], 1e-6)
    near = [a.speed(swipe, when + shift, 15.0) for shift in range(-60, 61, 20)]
    slowest = np.min(near, axis=0) / mean[swipe]
    ways = _directions(a)
    turn = (ways[:, 1:] * ways[:, :-1]).sum(axis=-1)[swipe, slot - 1]
    kinds = {"back": turn < -0.6, "aside": (turn >= -0.6) & (turn < 0.5), "straight": turn >= 0.5}
    return {
        "high_speed": high / mean,
        "slow_share": slow,
        **{f"turn_speed_{kind}": np.minimum(passing[on], 8.0) for kind, on in kinds.items()},
        **{f"slowest_{kind}": slowest[on] for kind, on in kinds.items()},
    }


def _ways(a: Aligned) -> Measures:
    """Length of the path over that of the word, and each way from key to key."""
    t = a.batch.t.astype(np.float64)
    used = np.arange(a.keys.shape[1] - 1) < (a.count - 1)[:, None]
    ideal = np.hypot(*np.moveaxis(np.diff(a.keys, axis=1), -1, 0))
    word = (ideal * used).sum(axis=1)
    real = word > 0
    swipe, slot = np.nonzero(used & (ideal > 0))
    here, there = a.passing[swipe, slot], a.passing[swipe, slot + 1]
    length, time = ideal[swipe, slot], t[there] - t[here]
    chord = a.at[there] - a.at[here]
    far = np.maximum(np.hypot(*chord.T), 1e-6)
    half = (a.travelled[here] + a.travelled[there]) / 2
    # points that stand still share a length: keep it strictly increasing to interpolate
    along = a.travelled + np.arange(len(a.travelled)) * 1e-9
    middle = np.stack([np.interp(half, along, a.at[:, axis]) for axis in range(2)], axis=1)
    moment = np.interp(half, along, a.owner * APART + t) - a.owner[here] * APART
    normal = np.stack([-chord[:, 1], chord[:, 0]], axis=1) / far[:, None] ** 2
    long = length > 2.0
    bounds = {"1": (0.0, 1.3), "2": (1.3, 2.5), "4": (2.5, 4.5), "8": (4.5, np.inf)}
    return {
        "path_ratio": np.log(np.maximum(_path(a)[real], 0.01) / word[real]),
        **{
            f"way_time_{name}": np.log(time[(length >= low) & (length < high)] + 10.0)
            for name, (low, high) in bounds.items()
        },
        "way_bow": ((middle - a.at[here]) * normal).sum(axis=1)[long],
        "way_half_time": ((moment - t[here]) / np.maximum(time, 1.0))[long],
        "way_path": np.minimum((a.travelled[there] - a.travelled[here]) / far, 3.0)[long],
    }


def _events(a: Aligned) -> Measures:
    """What the phone reported when."""
    t = a.batch.t.astype(np.float64)
    second = np.minimum(a.start + 1, a.end)
    inside = a.owner[1:] == a.owner[:-1]
    return {
        "points_per_second": _rate(a),
        "first_gap": np.log(1 + t[second]),
        "first_jump": a.travelled[second] - a.travelled[a.start],
        "gap": np.log(1 + np.diff(t)[inside]),
    }


def _users(a: Aligned, slow_share: Floats) -> Measures:
    """Means over the swipes of each user: what differs between people, not within one."""
    names, user = np.unique(np.array(a.batch.users), return_inverse=True)
    count = np.bincount(user, minlength=len(names))
    t = a.batch.t.astype(np.float64)
    ideal = np.hypot(*np.moveaxis(np.diff(a.keys, axis=1), -1, 0)).sum(axis=1)
    first = a.at[a.start] - a.keys[:, 0]
    per_swipe = {
        "user_time": np.log(np.maximum(t[a.end], 1.0) / a.count),
        "user_x": first[:, 0],
        "user_y": first[:, 1],
        "user_distance": np.log(np.hypot(*first.T) + 0.05),
        "user_slow": slow_share,
        "user_path": np.log((_path(a) + 0.1) / (ideal + 0.1)),
        "user_rate": _rate(a),
    }
    enough = count >= SWIPES_OF_A_USER
    return {
        name: (np.bincount(user, weights=value, minlength=len(names)) / count)[enough]
        for name, value in per_swipe.items()
    }


def _path(a: Aligned) -> Floats:
    return a.travelled[a.end] - a.travelled[a.start]


def _rate(a: Aligned) -> Floats:
    return a.batch.lengths / np.maximum(a.batch.t[a.end].astype(np.float64), 1.0) * 1000.0


def _directions(a: Aligned) -> Floats:
    """`(B, K - 1, 2)`: unit vectors from key to key."""
    ways = np.diff(a.keys, axis=1)
    unit: Floats = ways / np.maximum(np.hypot(ways[..., 0], ways[..., 1]), 1e-9)[..., None]
    return unit


def _inner(a: Aligned) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Swipe and position of every letter that is neither the first nor the last."""
    place = np.arange(a.keys.shape[1])
    swipe, slot = np.nonzero((place > 0) & (place < (a.count - 1)[:, None]))
    return swipe, slot
