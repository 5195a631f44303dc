"""What a phone reports of a finger: samples in whole pixels and milliseconds, only on change.

The rules are those of touch events in web browsers, as recorded swipes show them: a first event
at touch-down, moves once the finger has left the slop region, no event (on some phones, few
events on others) while no pixel changes, and a last event at lift-off that repeats the last place.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from glissando.synthesis.parameters import HumanParameters
from glissando.synthesis.people import Manner
from glissando.synthesis.strokes import Strokes, finger_at

Floats = NDArray[np.float64]

MAX_JITTER = 0.45  # of the interval, so that samples keep their order


def record(
    strokes: Strokes,
    manner: Manner,
    key_pixels: Floats,
    p: HumanParameters,
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Sample B swipes as their phones would.

    Args:
        strokes: The movement.
        manner: How each swipe is made; it knows the phone.
        key_pixels: `(B,)`, pixels in a key width.
        p: The parameters.
        rng: Source of chance.

    Returns:
        `(P,)` the swipe of each event, `(P, 2)` whole pixels, `(P,)` whole milliseconds.
    """
    devices = np.array([(d.interval, d.still, d.slop) for d in p.devices])[manner.device]
    interval, still, slop = devices.T
    owner, t, first, last = _clock(strokes.end, interval, p, rng)
    walk = np.cumsum(rng.standard_normal((len(owner), 2)) * manner.drift[owner][:, None], axis=0)
    place = finger_at(strokes, owner, t, p) * key_pixels[owner][:, None]
    pixels = np.round(place + walk - walk[first][owner])
    pixels[last] = pixels[last - 1]
    away = pixels - pixels[first][owner]
    # a running maximum within each swipe: far apart, swipes cannot touch
    furthest = np.maximum.accumulate(owner * 1e5 + np.hypot(away[:, 0], away[:, 1]))
    keep = furthest - owner * 1e5 >= slop[owner]
    unchanged = np.zeros(len(owner), dtype=bool)
    unchanged[1:] = (pixels[1:] == pixels[:-1]).all(axis=1)
    keep &= ~unchanged | (rng.random(len(owner)) < still[owner])
    keep[first] = keep[last] = True
    return owner[keep], pixels[keep], np.round(t[keep])


def _clock(
    end: Floats, interval: Floats, p: HumanParameters, rng: np.random.Generator
) -> tuple[NDArray[np.int64], Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Owner and time of every sample, and the index of each swipe's first and last."""
    count = np.floor(end / interval).astype(np.int64) + 2
    first = np.cumsum(count) - count
    last = first + count - 1
    owner = np.repeat(np.arange(len(end)), count)
    step = interval[owner]
    error = np.clip(rng.laplace(0.0, p.jitter, len(owner)), -MAX_JITTER * step, MAX_JITTER * step)
    t = (np.arange(len(owner)) - first[owner]) * step + error
    t[first] = 0.0
    t = np.minimum(t, end[owner])
    t[last] = end
    return owner, t, first, last
