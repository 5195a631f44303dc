"""What a touch screen reports."""

from __future__ import annotations
import numpy as np
from glissando.synthesis.batch import SwipeBatch
from glissando.synthesis.movement import *


def synthesize(words, keyboard, p, people, who, rng, names=None):
    B = len(words)
    letters = letters_of(words, keyboard)
    s = plan(letters, people, who, p, rng)
    dt = people.interval[who]
    n = np.floor(s.total / dt).astype(np.int64) + 2
    owner = np.repeat(np.arange(B), n)
    first = np.cumsum(n) - n
    j = np.arange(n.sum()) - first[owner]
    jit = rng.laplace(0, p.sample_jitter, len(j))
    t = j * dt[owner] + np.clip(jit, -0.45 * dt[owner], 0.45 * dt[owner])
    t[first] = 0
    lastp = first + n - 1
    t[lastp] = s.total
    t[lastp - 1] = np.minimum(t[lastp - 1], s.total)
    pos = place(s, owner, t, progress_table(p.stroke_shape))
    w = people.width[who]
    key = w * keyboard.key_width  # px per key
    px = pos * key[owner][:, None]
    walk = np.cumsum(rng.normal(0, 1, px.shape) * people.drift[who][owner][:, None], axis=0)
    px += walk - walk[first][owner]
    px = np.round(px)
    t = np.round(t)
    start = px[first][owner]
    moved = np.maximum.accumulate(owner * 1e4 + np.hypot(*(px - start).T)) - owner * 1e4
    keep = moved >= people.slop[who][owner]
    same = np.zeros(len(j), bool)
    same[1:] = (px[1:] == px[:-1]).all(1)
    keep &= ~same | (rng.random(len(j)) < people.still[who][owner])
    keep[first] = True
    # lift-off repeats the last reported place
    keep[lastp] = True
    px[lastp] = px[lastp - 1]
    owner = owner[keep]
    h = key * people.row_ratio[who] / keyboard.key_height
    xy = px[keep]
    return SwipeBatch(
        tuple(words),
        tuple(names) if names is not None else ("",) * B,
        np.bincount(owner, minlength=B),
        (xy[:, 0] / w[owner]).astype(np.float32),
        (xy[:, 1] / h[owner]).astype(np.float32),
        t[keep].astype(np.float32),
        w.astype(np.float32),
        h.astype(np.float32),
    )
