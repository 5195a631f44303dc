"""How a finger moves from target to target: overlapping strokes with lognormal speed.

The sigma-lognormal model of the kinematic theory: a movement is a sum of strokes, each with a
lognormal speed profile and each begun before the one before has ended (O'Reilly & Plamondon,
"Development of a Sigma-Lognormal representation for on-line signatures", Pattern Recognition 42,
2009); Burgbacher & Hinrichs ("Synthetic word gesture generation for stroke-based virtual
keyboards") carried it over to gesture typing. The overlap rounds the corners off and keeps the
finger moving; where there is none the finger stops. Stroke durations follow Fitts' law (1954).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from glissando.synthesis.aim import Targets, logistic
from glissando.synthesis.letters import Letters
from glissando.synthesis.parameters import HumanParameters
from glissando.synthesis.people import Manner

Floats = NDArray[np.float64]

MAX_OVERLAP = 0.5  # of the shorter stroke; thus no more than two strokes run at one time
MAX_CUT = 0.6  # of the last stroke by lifting early
MAX_REST = 3000.0  # milliseconds; longer ones are interruptions, which no swipe need show
APART = 1e7  # milliseconds between the clocks of two swipes, longer than any swipe
_STEPS = 4096
_TAIL = 2.5758  # standard deviations on either side where a lognormal stroke is cut off: 0.5 %


@dataclass(frozen=True, eq=False, slots=True)
class Strokes:
    """The strokes of B swipes end to end, S in all.

    Attributes:
        owner: Int64 `(S,)`, the swipe of each stroke.
        first: Int64 `(B,)`, index of each swipe's first stroke.
        onset: Float64 `(S,)`, milliseconds since touch-down.
        duration: Float64 `(S,)`, milliseconds.
        origin: Float64 `(S, 2)`, target before the stroke, key widths.
        reach: Float64 `(S, 2)`, from there to the next target.
        bulge: Float64 `(S, 2)`, sideways deviation at half the stroke's way.
        end: Float64 `(B,)`, milliseconds from touch-down to lift-off.
    """

    owner: NDArray[np.int64]
    first: NDArray[np.int64]
    onset: Floats
    duration: Floats
    origin: Floats
    reach: Floats
    bulge: Floats
    end: Floats


def plan(
    targets: Targets,
    letters: Letters,
    manner: Manner,
    p: HumanParameters,
    rng: np.random.Generator,
) -> Strokes:
    """Draw the strokes that lead B swipes through their targets."""
    swipes = len(manner)
    goes_on = targets.owner[1:] == targets.owner[:-1]
    owner = targets.owner[:-1][goes_on]
    origin = targets.at[:-1][goes_on]
    reach = np.diff(targets.at, axis=0)[goes_on]
    length = np.hypot(reach[:, 0], reach[:, 1])
    tempo = manner.tempo[owner]
    duration = p.stroke_time * np.exp(
        p.stroke_bits * (np.log2(1 + length) - 1)
        + tempo
        + p.stroke_sd * rng.standard_normal(len(owner))
    )
    slower = manner.tempo[letters.owner]
    stop = np.where(letters.doubled, _rests(p.double_time, p.double_sd, slower, rng), 0.0)
    reached = targets.letter[1:][goes_on]
    gap = _gaps(owner, reach, duration, letters.count, manner, p, rng)
    gap = np.where(reached < 0, np.minimum(gap, 0.0), gap)  # nobody rests where nothing is
    doubled = np.where(reached < 0, 0.0, stop[reached])
    gap = np.where(doubled > 0, np.maximum(gap, 0.0) + doubled, gap)
    first = np.searchsorted(owner, np.arange(swipes))
    last = np.append(first[1:], len(owner)) - 1
    slower = p.ends_tempo * manner.tempo
    wait = _rests(p.start_time, p.start_sd, slower, rng) + stop[letters.first]
    rest = _rests(p.end_time, p.end_sd, slower, rng) + stop[letters.last]
    elapsed = np.cumsum(duration + gap) - (duration + gap)
    onset = elapsed - elapsed[first][owner] + wait[owner]
    kept = 1.0 - np.minimum(p.end_early * np.abs(rng.standard_normal(swipes)), MAX_CUT)
    side = np.stack([-reach[:, 1], reach[:, 0]], axis=1)
    return Strokes(
        owner=owner,
        first=first,
        onset=onset,
        duration=duration,
        origin=origin,
        reach=reach,
        bulge=side * (p.bow * rng.standard_normal(len(owner)))[:, None],
        end=onset[last] + kept * duration[last] + rest,
    )


def _gaps(
    owner: NDArray[np.int64],
    reach: Floats,
    duration: Floats,
    keys: NDArray[np.int64],
    manner: Manner,
    p: HumanParameters,
    rng: np.random.Generator,
) -> Floats:
    """`(S,)`: time from each stroke's end to the next one's onset; negative where they overlap.

    What stands at a swipe's last stroke means nothing.
    """
    after = np.minimum(np.arange(1, len(owner) + 1), len(owner) - 1)
    length = np.hypot(reach[:, 0], reach[:, 1])
    straight = (reach * reach[after]).sum(axis=1) / np.maximum(length * length[after], 1e-9)
    tempo = manner.tempo[owner]
    share = (
        p.overlap
        + manner.overlap[owner]
        + p.overlap_straight * (1 + straight) / 2
        - p.overlap_tempo * tempo
        + p.overlap_sd * rng.standard_normal(len(owner))
    )
    early = np.clip(share, 0.0, MAX_OVERLAP) * np.minimum(duration, duration[after])
    log_odds = p.hold_logit + manner.hold + p.hold_keys * np.log2(keys / 2)
    holds = rng.random(len(owner)) < logistic(log_odds[owner] + p.hold_tempo * tempo)
    return np.where(holds, _rests(p.hold_time, p.hold_sd, tempo, rng), -early)


def _rests(median: float, spread: float, slower: Floats, rng: np.random.Generator) -> Floats:
    """Times that the finger stays where it is, one for each log factor in `slower`."""
    times = median * np.exp(spread * rng.standard_normal(len(slower)) + slower)
    return np.minimum(times, MAX_REST)


def finger_at(strokes: Strokes, owner: NDArray[np.int64], t: Floats, p: HumanParameters) -> Floats:
    """Where the fingers are.

    Args:
        strokes: The strokes of B swipes.
        owner: `(P,)`, a swipe for each moment, ascending.
        t: `(P,)`, milliseconds since touch-down, ascending within a swipe.
        p: The parameters.

    Returns:
        `(P, 2)`, key widths.
    """
    begins = strokes.owner * APART + strokes.onset
    latest = np.searchsorted(begins, owner * APART + t, side="right") - 1
    first = strokes.first[owner]
    current = np.maximum(latest, first)
    table = _progress(p.stroke_shape)
    place = strokes.origin[current]
    place += _stroke_part(strokes, current, t, table)
    # its origin assumes the stroke before to be complete, which overlap may make untrue
    before = np.maximum(current - 1, first)
    missing = _stroke_part(strokes, before, t, table) - strokes.reach[before]
    return place + np.where((before < current)[:, None], missing, 0.0)


def _stroke_part(strokes: Strokes, which: NDArray[np.int64], t: Floats, table: Floats) -> Floats:
    """`(P, 2)`: how far those strokes have brought the finger."""
    share = np.clip((t - strokes.onset[which]) / strokes.duration[which], 0.0, 1.0)
    done = table[(share * _STEPS + 0.5).astype(np.int64)]
    sideways = 4.0 * done * (1.0 - done)
    return done[:, None] * strokes.reach[which] + sideways[:, None] * strokes.bulge[which]


@lru_cache(maxsize=16)
def _progress(shape: float) -> Floats:
    """Share of a stroke's length done after each of `_STEPS` equal parts of its time.

    The lognormal distribution function between its 0.5 % and 99.5 % points.
    """
    low, high = np.exp(-shape * _TAIL), np.exp(shape * _TAIL)
    normal = NormalDist()
    logs = np.log(np.linspace(low, high, _STEPS + 1)) / shape
    done = np.array([normal.cdf(value) for value in logs])
    table: Floats = (done - done[0]) / (done[-1] - done[0])
    return table
