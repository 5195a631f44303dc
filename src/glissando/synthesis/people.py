"""Synthetic users, and how one of them happens to make a single swipe."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from glissando.synthesis.parameters import HumanParameters

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, slots=True)
class Manner:
    """How N users swipe in general, or how each of N swipes is made; all arrays `(N,)`.

    Attributes:
        tempo: Log duration relative to the median.
        spread: Log spread of targets around keys, relative to the median.
        overlap: Added to the share by which strokes overlap.
        split: Added to the log odds of a corrective stroke.
        hold: Added to the log odds of a stop at a letter.
        overshoot: Key widths by which targets lie beyond their keys.
        offset_x: Offset of all targets, key widths.
        offset_y: Offset of all targets, row heights.
        drift: Step of the touch point's random walk, pixels per sample.
        device: Index into the parameters' devices.
    """

    tempo: Floats
    spread: Floats
    overlap: Floats
    split: Floats
    hold: Floats
    overshoot: Floats
    offset_x: Floats
    offset_y: Floats
    drift: Floats
    device: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.tempo)

    def __getitem__(self, index: NDArray[np.int64]) -> Manner:
        """The manner of those users or swipes, in the order of `index`."""
        taken: dict[str, Any] = {f.name: getattr(self, f.name)[index] for f in fields(self)}
        return Manner(**taken)


def draw_people(count: int, p: HumanParameters, rng: np.random.Generator) -> Manner:
    """`count` synthetic users, each with habits and a phone of their own."""
    normal = rng.standard_normal((9, count))
    return Manner(
        tempo=p.tempo_user_sd * normal[0],
        spread=p.spread_user_sd * normal[1],
        overlap=p.overlap_user_sd * normal[2],
        split=p.split_user_sd * normal[3],
        hold=p.hold_user_sd * normal[4],
        overshoot=p.overshoot + p.overshoot_user_sd * normal[5],
        offset_x=p.offset_user_x * normal[6],
        offset_y=p.offset_y + p.offset_user_y * normal[7],
        drift=p.drift * np.exp(p.drift_user_sd * normal[8]),
        device=rng.integers(len(p.devices), size=count),
    )


def draw_swipes(users: Manner, p: HumanParameters, rng: np.random.Generator) -> Manner:
    """One swipe of each user given: their habits with the chance of the moment."""
    normal = rng.standard_normal((2, len(users)))
    tempo = users.tempo + p.tempo_swipe_sd * normal[0]
    spread = users.spread + p.spread_swipe_sd * normal[1] - p.spread_tempo * tempo
    return replace(users, tempo=tempo, spread=spread)
