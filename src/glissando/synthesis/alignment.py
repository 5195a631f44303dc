"""Swipes laid against the keys of their words: where and when each letter was passed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glissando.keyboard import Keyboard
from glissando.synthesis.batch import SwipeBatch
from glissando.synthesis.letters import spell
from glissando.synthesis.strokes import APART

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

_AT_ONCE = 256  # swipes aligned together; similar lengths, so that little is padded


@dataclass(frozen=True, eq=False, slots=True)
class Aligned:
    """B swipes in key widths as on their screens, with the points that pass each key.

    Attributes:
        batch: The swipes.
        owner: `(P,)`, the swipe of each point.
        start: `(B,)`, index of each swipe's first point.
        end: `(B,)`, index of its last.
        at: `(P, 2)`, the points.
        travelled: `(P,)`, length of the path up to each point; jumps between swipes count nothing.
        count: `(B,)`, keys of each word.
        keys: `(B, K, 2)`, key centres; the last is repeated behind a word's end.
        doubled: `(B, K)`, whether the letter is doubled.
        passing: `(B, K)`, index of the point that passes each key.
    """

    batch: SwipeBatch
    owner: Indices
    start: Indices
    end: Indices
    at: Floats
    travelled: Floats
    count: Indices
    keys: Floats
    doubled: NDArray[np.bool_]
    passing: Indices

    def place(self, swipe: Indices, t: Floats) -> Floats:
        """`(N, 2)`: where those swipes were at those times, between samples too."""
        clock = self.owner * APART + self.batch.t
        asked = swipe * APART + np.clip(t, 0.0, self.batch.t[self.end][swipe])
        return np.stack([np.interp(asked, clock, self.at[:, axis]) for axis in range(2)], axis=1)

    def speed(self, swipe: Indices, t: Floats, window: float) -> Floats:
        """`(N,)`: key widths per millisecond, over `window` milliseconds on either side."""
        ahead, behind = self.place(swipe, t + window), self.place(swipe, t - window)
        moved: Floats = np.hypot(*(ahead - behind).T)
        return moved / (2 * window)


def align(batch: SwipeBatch, keyboard: Keyboard) -> Aligned:
    """Find the points that pass the keys, in order, with the least sum of squared distances.

    Dynamic programming over points and keys; the first key may be passed after the first point.

    Raises:
        SynthesisError: a word has a letter that the keyboard lacks, or none.
    """
    letters = spell(batch.words, keyboard)
    most = int(letters.count.max())
    slots = np.minimum(np.arange(most), letters.count[:, None] - 1) + letters.first[:, None]
    row_ratio = (batch.height * keyboard.key_height) / (batch.width * keyboard.key_width)
    aspect = np.stack([np.ones(len(batch)), row_ratio], axis=1)
    owner, start = batch.owner, batch.starts
    at = np.stack([batch.x, batch.y], axis=1) / keyboard.key_size.astype(np.float64) * aspect[owner]
    keys = letters.at[slots] * aspect[:, None]
    steps = np.diff(at, axis=0, prepend=at[:1])
    lengths = np.hypot(steps[:, 0], steps[:, 1])
    lengths[start] = 0.0
    passing = np.empty(slots.shape, dtype=np.int64)
    order = np.argsort(batch.lengths, kind="stable")
    for some in np.split(order, range(_AT_ONCE, len(order), _AT_ONCE)):
        passing[some] = _pass(at, start[some], batch.lengths[some], keys[some], letters.count[some])
    return Aligned(
        batch=batch,
        owner=owner,
        start=start,
        end=start + batch.lengths - 1,
        at=at,
        travelled=np.cumsum(lengths),
        count=letters.count,
        keys=keys,
        doubled=letters.doubled[slots],
        passing=passing,
    )


def _pass(at: Floats, start: Indices, lengths: Indices, keys: Floats, count: Indices) -> Indices:
    """`(b, K)`: the passing points of b swipes."""
    width = int(lengths.max())
    rows, columns = np.arange(len(start)), np.arange(width)
    points = at[start[:, None] + np.minimum(columns, lengths[:, None] - 1)]
    beyond = columns >= lengths[:, None]
    total = np.zeros((len(start), width))
    back = np.zeros((keys.shape[1], len(start), width), dtype=np.int32)
    final = np.empty((keys.shape[1], len(start)), dtype=np.int64)
    for k in range(keys.shape[1]):
        best = np.minimum.accumulate(total, axis=1)
        back[k] = np.maximum.accumulate(np.where(total <= best, columns, 0), axis=1)
        total = best + ((points - keys[:, k, None]) ** 2).sum(axis=-1)
        total[beyond] = np.inf
        final[k] = total.argmin(axis=1)
    passing = np.empty((len(start), keys.shape[1]), dtype=np.int64)
    point = final[count - 1, rows]
    for k in range(keys.shape[1] - 1, -1, -1):
        passing[:, k] = point  # behind the word's end: where its last key was passed
        point = np.where(k <= count - 1, back[k, rows, point], point)
    return start[:, None] + passing
