"""A word on a keyboard becomes overlapping strokes, and the finger's place at any time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

from glissando.keyboard import Keyboard

Floats = NDArray[np.float64]
MAX_OVERLAP = 0.5
TABLE = 4096


@dataclass(frozen=True, eq=False, slots=True)
class Letters:
    """flat"""

    at: Floats  # (L, 2) key units: key widths, row heights
    owner: NDArray[np.int64]
    doubled: NDArray[np.bool_]
    count: NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Strokes:
    first: NDArray[np.int64]  # (B,) index of first stroke
    owner: NDArray[np.int64]
    onset: Floats  # (S,)
    duration: Floats  # (S,)
    origin: Floats  # (S, 2)
    reach: Floats  # (S, 2)
    bulge: Floats  # (S, 2)
    total: Floats  # (B,)


def letters_of(words, keyboard: Keyboard) -> Letters:
    cache = {}
    runs = []
    for w in words:
        r = cache.get(w)
        if r is None:
            r = cache[w] = _runs(w, keyboard)
        runs.append(r)
    count = np.array([len(run) for run in runs])
    flat = np.array([x for run in runs for x in run])
    return Letters(
        flat[:, :2] / keyboard.key_size,
        np.repeat(np.arange(len(words)), count),
        flat[:, 2] > 0,
        count,
    )


def _runs(word, keyboard):
    run = []
    last = ""
    for letter in word:
        if letter not in keyboard.centres:
            continue
        if letter == last:
            run[-1] = (*run[-1][:2], 1.0)
        else:
            run.append((*keyboard.centres[letter], 0.0))
        last = letter
    if len(run) == 1:
        run.append((*run[0][:2], 0.0))
    return run


def plan(L: Letters, people, who, p, rng) -> Strokes:
    B = len(L.count)
    o = L.owner
    first = np.cumsum(L.count) - L.count
    last = first + L.count - 1
    bits = np.log2(L.count / 2)
    zs = rng.standard_normal((B, 5))
    tempo = people.tempo[who] + p.tempo_swipe_sd * zs[:, 0]
    spread = np.exp(people.spread[who] + p.spread_swipe_sd * zs[:, 1] - p.tempo_spread * tempo)
    ratio = people.row_ratio[who]
    N = len(o)
    z = rng.standard_normal((N, 9))
    u = rng.random((N, 2))
    base = np.full(N, p.spread_inner)
    base[first] = p.spread_start
    base[last] = p.spread_end
    key = L.at.copy()
    key[:, 1] *= ratio[o]
    target = L.at + people.offset[who][o]
    target[:, 1] *= ratio[o]
    noise = z[:, :2] * (base * spread[o] * np.exp(p.spread_sd * z[:, 6]))[:, None]
    noise[:, 1] *= p.spread_vertical
    ahead = np.zeros((N, 2))
    ahead[1:] = key[1:] - key[:-1]
    ahead[first] = 0
    al = np.hypot(*ahead.T)
    ahead /= np.maximum(al, 1e-9)[:, None]
    target += (
        noise
        + ahead
        * (z[:, 2] * p.overshoot * spread[o] + people.overshoot[who][o] + p.overshoot_d * al)[
            :, None
        ]
    )
    # corrections: split the way to the next letter
    is_last = np.zeros(N, bool)
    is_last[last] = True
    lg = p.split_logit + people.split[who][o] + p.split_tempo * tempo[o]
    split = (u[:, 0] < 1 / (1 + np.exp(-lg))) & ~is_last
    slot = np.arange(N) + np.cumsum(split) - split
    V = N + split.sum()
    via = np.empty((V, 2))
    via[slot] = target
    mid = slot[split] + 1
    way = target[1:][split[:-1]] - target[:-1][split[:-1]]
    wl = np.hypot(*way.T)
    f = np.clip(p.split_at + 0.2 * z[split, 3], 0.1, 1.1)
    lat = p.split_sd * z[split, 4] * np.sqrt(wl) / np.maximum(wl, 1e-6)
    via[mid] = (
        target[:-1][split[:-1]]
        + f[:, None] * way
        + lat[:, None] * np.stack([-way[:, 1], way[:, 0]], -1)
    )
    vo = np.empty(V, np.int64)
    vo[slot] = o
    vo[mid] = o[split]
    vlast = slot[last]
    vfirst = slot[first]
    noend = np.ones(V, bool)
    noend[vlast] = False
    origin = via[noend]
    reach = np.roll(via, -1, 0)[noend] - origin
    so = vo[noend]
    S = len(so)
    sz = rng.standard_normal((S, 5))
    su = rng.random(S)
    dist = np.hypot(*reach.T)
    D = p.stroke_time * np.exp(
        p.stroke_bits * (np.log2(1 + dist) - 1)
        + p.stroke_keys * bits[so]
        + tempo[so]
        + p.stroke_sd * sz[:, 0]
    )
    # gap between stroke s and s+1 (same owner)
    nxt = np.minimum(np.arange(S) + 1, S - 1)
    joint = so[nxt] == so
    joint[-1] = False
    cos = (reach * reach[nxt]).sum(1) / np.maximum(dist * dist[nxt], 1e-9)
    endvia = np.flatnonzero(noend) + 1
    ismid = np.zeros(V, bool)
    ismid[mid] = True
    atmid = ismid[endvia]
    ov = (
        p.overlap
        + p.overlap_straight * (1 + cos) / 2
        + people.overlap[who][so]
        + p.overlap_sd * sz[:, 1]
        - p.overlap_tempo * tempo[so]
    )
    ov = np.clip(ov, 0, MAX_OVERLAP) * np.minimum(D, D[nxt])
    logit = p.hold_logit + people.hold[who][so] + p.hold_keys * bits[so] + p.tempo_hold * tempo[so]
    hold = (su < 1 / (1 + np.exp(-logit))) & ~atmid
    pause = p.hold_time * np.exp(p.hold_sd * sz[:, 2] + tempo[so])
    gap = np.where(hold, pause, -ov)
    dbl = np.where(L.doubled, p.double_time * np.exp(p.double_sd * z[:, 5] + tempo[o]), 0)
    vdbl = np.zeros(V)
    vdbl[slot] = dbl
    sd = vdbl[endvia]
    gap = np.where(sd > 0, np.maximum(gap, 0) + sd, gap)
    start = p.start_time * np.exp(p.start_sd * zs[:, 2] + p.tempo_start * tempo) + dbl[first]
    end = p.end_time * np.exp(p.end_sd * zs[:, 3] + p.tempo_start * tempo) + dbl[last]
    step = np.where(joint, D + gap, 0)
    cum = np.cumsum(step) - step
    sfirst = np.searchsorted(so, np.arange(B))
    slast = np.append(sfirst[1:], S) - 1
    onset = cum - cum[sfirst][so] + start[so]
    total = onset[slast] + D[slast] * (1 - np.clip(p.end_early * np.abs(zs[:, 4]), 0, 0.6)) + end
    bulge = np.stack([-reach[:, 1], reach[:, 0]], -1) * (p.bow * sz[:, 3])[:, None]
    return Strokes(sfirst, so, onset, D, origin, reach, bulge, total)


@lru_cache(maxsize=8)
def progress_table(shape: float) -> Floats:
    """lognormal CDF between its 0.5% and 99.5% points, normalised."""
    z = 2.5758
    lo, hi = np.exp(-shape * z), np.exp(shape * z)
    u = np.log(np.linspace(lo, hi, TABLE + 1)) / shape
    c = np.array([0.5 * (1 + erf(v / sqrt(2))) for v in u])
    return (c - c[0]) / (c[-1] - c[0])


def place(s: Strokes, owner, t, table) -> Floats:
    """(P,2) key widths."""
    base = 1e7
    now = np.searchsorted(s.owner * base + s.onset, owner * base + t, side="right") - 1
    now = np.maximum(now, s.first[owner])
    out = s.origin[now].copy()
    prev = np.maximum(now - 1, s.first[owner])
    for stroke, offset in ((now, 0.0), (prev, -1.0)):
        u = np.clip((t - s.onset[stroke]) / s.duration[stroke], 0, 1)
        c = table[(u * TABLE + 0.5).astype(np.int64)]
        w = c + offset
        side = 4 * c * (1 - c)
        if offset:
            live = prev < now
            w = w * live
            side = side * live
        out += w[:, None] * s.reach[stroke] + side[:, None] * s.bulge[stroke]
    return out
