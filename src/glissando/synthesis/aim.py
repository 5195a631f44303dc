"""Where a swipe aims: a target near each key, and places where a stroke falls short and is mended.

Targets scatter about their keys as touch does (Bi, Li & Zhai, "FFitts law", CHI 2013) and lie a
little beyond them in the direction of travel. Between two targets there may be a corrective
submovement after a first stroke that missed (Meyer, Abrams, Kornblum, Wright & Smith, "Optimality
in human motor performance", Psychological Review 95, 1988).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glissando.synthesis.letters import Letters
from glissando.synthesis.parameters import HumanParameters
from glissando.synthesis.people import Manner

Floats = NDArray[np.float64]

SPLIT_SPREAD = 0.2  # of the place of a correction, as a share of the way
SPLIT_BOUNDS = 0.1, 1.1


@dataclass(frozen=True, eq=False, slots=True)
class Targets:
    """The places that B swipes aim at in turn, V in all.

    Attributes:
        at: Float64 `(V, 2)`, key widths in both directions, as on the screen.
        owner: Int64 `(V,)`, the swipe of each place.
        letter: Int64 `(V,)`, index into `Letters`, or -1 for a correction on the way.
    """

    at: Floats
    owner: NDArray[np.int64]
    letter: NDArray[np.int64]


def aim(
    letters: Letters,
    manner: Manner,
    row_ratio: Floats,
    p: HumanParameters,
    rng: np.random.Generator,
) -> Targets:
    """Draw the targets of B swipes.

    Args:
        letters: The keys of each swipe's word.
        manner: How each swipe is made, `(B,)`.
        row_ratio: `(B,)`, height of a row over the width of a key on the swipe's screen.
        p: The parameters.
        rng: Source of chance.
    """
    at = _near_keys(letters, manner, row_ratio, p, rng)
    owner = letters.owner
    log_odds = (p.split_logit + manner.split + p.split_tempo * manner.tempo)[owner]
    split = rng.random(len(at)) < logistic(log_odds)
    split[letters.last] = False
    places = np.full((len(at), 2), -1)
    places[:, 0] = np.arange(len(at))
    wanted = np.stack([np.ones(len(at), dtype=bool), split], axis=1)
    letter = places[wanted]  # each letter, followed by -1 where its way is split
    via = np.empty((len(letter), 2))
    via[letter >= 0] = at
    before = np.flatnonzero(split)
    via[letter < 0] = _fall_short(at[before], at[before + 1], p, rng)
    return Targets(at=via, owner=np.repeat(owner, wanted.sum(axis=1)), letter=letter)


def _near_keys(
    letters: Letters,
    manner: Manner,
    row_ratio: Floats,
    p: HumanParameters,
    rng: np.random.Generator,
) -> Floats:
    owner = letters.owner
    count = len(owner)
    aspect = np.stack([np.ones_like(row_ratio), row_ratio], axis=1)[owner]
    keys = letters.at * aspect
    spread = np.tile([p.spread_inner_x, p.spread_inner_y], (count, 1))
    spread[letters.first] = p.spread_start_x, p.spread_start_y
    spread[letters.last] = p.spread_end_x, p.spread_end_y
    scale = np.exp(manner.spread[owner] + p.spread_sd * rng.standard_normal(count))
    scatter = rng.standard_normal((count, 2)) * spread * scale[:, None]
    onward = np.diff(keys, axis=0, prepend=keys[:1])
    onward[letters.first] = 0.0
    onward /= np.maximum(np.hypot(onward[:, 0], onward[:, 1]), 1e-9)[:, None]
    beyond = manner.overshoot[owner] + p.overshoot_sd * scale * rng.standard_normal(count)
    offset = np.stack([manner.offset_x, manner.offset_y], axis=1)[owner] * aspect
    targets: Floats = keys + offset + scatter + beyond[:, None] * onward
    return targets


def _fall_short(
    here: Floats, there: Floats, p: HumanParameters, rng: np.random.Generator
) -> Floats:
    """Where the first of two strokes from `here` to `there` ends."""
    way = there - here
    length = np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)
    share = p.split_at + SPLIT_SPREAD * rng.standard_normal(len(way))
    aside = p.split_sd * rng.standard_normal(len(way)) / np.sqrt(np.maximum(length, 0.1))
    normal = np.stack([-way[:, 1], way[:, 0]], axis=1)
    return here + np.clip(share, *SPLIT_BOUNDS)[:, None] * way + aside[:, None] * normal


def logistic(log_odds: Floats) -> Floats:
    """Probability of log odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))
