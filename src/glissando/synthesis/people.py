"""Synthetic users: the traits that stay the same over all swipes of one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glissando.synthesis.parameters import HumanParameters

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class People:
    """N synthetic users.

    Attributes:
        tempo: `(N,)` added to the log duration of strokes.
        spread: `(N,)` added to the log spread of targets.
        overlap: `(N,)` added to the share by which strokes overlap.
        offset: `(N, 2)` habitual offset of targets, key widths and row heights.
        width: `(N,)` width of the letter area, CSS pixels.
        row_ratio: `(N,)` height of a row over the width of a key, both in pixels.
        interval: `(N,)` milliseconds between samples.
        still: `(N,)` probability that an unchanged sample is reported.
        slop: `(N,)` pixels that the finger must move before moves are reported.
    """

    tempo: Floats
    spread: Floats
    overlap: Floats
    split: Floats
    hold: Floats
    overshoot: Floats
    drift: Floats
    offset: Floats
    width: Floats
    row_ratio: Floats
    interval: Floats
    still: Floats
    slop: Floats

    def __len__(self) -> int:
        return len(self.tempo)


def draw_people(count: int, parameters: HumanParameters, rng: np.random.Generator) -> People:
    """Draw synthetic users from the fitted distributions."""
    p = parameters
    device = rng.integers(len(p.devices), size=count)
    hardware = np.array([(d.width, d.row_ratio, d.interval, d.still, d.slop) for d in p.devices])[
        device
    ].T
    normal = rng.standard_normal((count, 9))
    return People(
        tempo=p.tempo_user_sd * normal[:, 0],
        spread=p.spread_user_sd * normal[:, 1],
        overlap=p.overlap_user_sd * normal[:, 2],
        split=p.split_user_sd * normal[:, 5],
        hold=p.hold_user_sd * normal[:, 6],
        overshoot=p.overshoot_mean + p.overshoot_user_sd * normal[:, 7],
        drift=p.drift * np.exp(p.drift_user_sd * normal[:, 8]),
        offset=np.array([0.0, p.offset_y]) + normal[:, 3:5] * [p.offset_user_x, p.offset_user_y],
        width=hardware[0],
        row_ratio=hardware[1],
        interval=hardware[2],
        still=hardware[3],
        slop=hardware[4],
    )
