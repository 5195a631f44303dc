"""What makes a swipe look human, in numbers: the measures that the fit and its test share."""

from __future__ import annotations
import numpy as np
from glissando.synthesis.batch import SwipeBatch
from glissando.synthesis.movement import letters_of


def align(x, starts, lengths, keys, count):
    """x (P,2), keys (B,K,2) -> idx (B,K) flat index of the passing point"""
    B, K = keys.shape[:2]
    out = np.zeros((B, K), np.int64)
    order = np.argsort(lengths, kind="stable")
    for c in range(0, B, 256):
        b = order[c : c + 256]
        T = lengths[b].max()
        k_max = count[b].max()
        col = np.minimum(np.arange(T)[None], lengths[b][:, None] - 1)
        pts = x[starts[b][:, None] + col]
        valid = np.arange(T)[None] < lengths[b][:, None]
        back = np.zeros((k_max, len(b), T), np.int32)
        totals = []
        for k in range(k_max):
            d = pts - keys[b][:, k, None]
            cost = np.where(valid, d[..., 0] ** 2 + d[..., 1] ** 2, np.inf)
            if k:
                best = np.minimum.accumulate(total, axis=1)
                fresh = np.where(total <= best, np.arange(T)[None], 0)
                back[k] = np.maximum.accumulate(fresh, axis=1)
                cost = cost + best
            total = cost
            totals.append(total)
        r = np.arange(len(b))
        lastk = count[b] - 1
        at = np.array([int(np.argmin(totals[k][i])) for i, k in enumerate(lastk)])
        for k in range(k_max - 1, -1, -1):
            on = k <= lastk
            out[b[on], k] = at[on]
            at = np.where(on, back[k][r, at], at)
        for k in range(k_max, K):
            pass
    last = np.minimum(np.arange(K)[None], (count - 1)[:, None])
    out = np.take_along_axis(out, last, 1)
    return out + starts[:, None]


def padded(L):
    B = len(L.count)
    K = L.count.max()
    first = np.cumsum(L.count) - L.count
    j = np.minimum(np.arange(K)[None], L.count[:, None] - 1)
    return L.at[first[:, None] + j], L.doubled[first[:, None] + j]


def measure(batch: SwipeBatch, kb, groups=True):
    L = letters_of(batch.words, kb)
    o = batch.owner
    st = batch.starts
    B = len(batch)
    ratio = (batch.height * kb.key_height) / (batch.width * kb.key_width)
    p = np.stack([batch.x / kb.key_width, batch.y / kb.key_height * ratio[o]], -1).astype(
        np.float64
    )
    keys0, doubled = padded(L)
    keys = keys0 * np.stack([np.ones(B), ratio], -1)[:, None]
    K = keys.shape[1]
    t = batch.t.astype(np.float64)
    idx = align(p, st, batch.lengths, keys, L.count)
    ends = st + batch.lengths - 1
    last = L.count - 1
    rows = np.arange(B)
    BIG = 1e7
    clock = o * BIG + t

    def at(who, when):
        q = who * BIG + np.clip(when, 0, t[ends][who])
        return np.stack([np.interp(q, clock, p[:, i]) for i in range(2)], -1)

    step = np.diff(p, axis=0)
    same = o[1:] == o[:-1]
    slen = np.hypot(step[:, 0], step[:, 1]) * same
    cum = np.concatenate([[0], np.cumsum(slen)])
    path = cum[ends] - cum[st]
    poly_seg = np.hypot(*np.moveaxis(np.diff(keys, axis=1), -1, 0))
    valid_seg = np.arange(K - 1)[None] < last[:, None]
    poly = (poly_seg * valid_seg).sum(1)
    dur = t[ends]
    res = p[idx] - keys
    dist = np.hypot(res[..., 0], res[..., 1])
    inner = (np.arange(K)[None] > 0) & (np.arange(K)[None] < last[:, None])
    gap_s = np.hypot(*(p - p[st][o]).T)
    gap_e = np.hypot(*(p - p[ends][o]).T)
    away = gap_s > 0.25
    first_away = np.minimum.reduceat(np.where(away, t, BIG), st)
    first_away = np.minimum(first_away, dur)
    last_away = np.maximum.reduceat(np.where(gap_e > 0.25, t, 0), st)
    # even clock
    n = np.maximum((dur / 10).astype(int), 2)
    go = np.repeat(rows, n)
    gj = np.arange(n.sum()) - (np.cumsum(n) - n)[go]
    w = 15.0
    gt = gj * 10.0
    v = np.hypot(*(at(go, gt + w) - at(go, gt - w)).T) / (2 * w)
    mean = path / np.maximum(dur, 1)
    rel = v / np.maximum(mean[go], 1e-6)
    gs = np.cumsum(n) - n
    med = np.array([np.median(rel[a : a + k]) for a, k in zip(gs, n)]) * mean
    peak = np.array([np.percentile(rel[a : a + k], 90) for a, k in zip(gs, n)])
    slow = np.add.reduceat((rel < 0.15).astype(float), gs) / n
    kb_, kk = np.nonzero(inner)
    tk = t[idx[kb_, kk]]
    vk = np.hypot(*(at(kb_, tk + 25) - at(kb_, tk - 25)).T) / 50.0
    # slowest within +-60 ms
    vmin = np.min(
        [
            np.hypot(*(at(kb_, tk + s + w) - at(kb_, tk + s - w)).T) / (2 * w)
            for s in (-60, -40, -20, 0, 20, 40, 60)
        ],
        axis=0,
    )
    cosine = _cos(keys)[kb_, kk - 1]
    sb, sk = np.nonzero(valid_seg)
    i0, i1 = idx[sb, sk], idx[sb, sk + 1]
    seg_t = t[i1] - t[i0]
    seg_d = poly_seg[sb, sk]
    half = (cum[i0] + cum[i1]) / 2
    # bow: distance of half-path point from chord middle
    mid = np.stack(
        [np.interp(half, cum + np.arange(len(cum)) * 1e-9, p[:, i]) for i in range(2)], -1
    )
    th = np.interp(half, cum + np.arange(len(cum)) * 1e-9, clock) - sb * BIG
    ch = p[i1] - p[i0]
    cl = np.maximum(np.hypot(*ch.T), 1e-6)
    bow = ((mid - p[i0]) * np.stack([-ch[:, 1], ch[:, 0]], -1)).sum(-1) / cl**2
    frac = (th - t[i0]) / np.maximum(seg_t, 1)
    seg_path = (cum[i1] - cum[i0]) / cl
    multi = poly > 0.5
    sign = {}
    # bisector residual
    a = np.diff(keys, axis=1)
    a = a / np.maximum(np.hypot(a[..., 0], a[..., 1]), 1e-9)[..., None]
    bis = (a[:, 1:] - a[:, :-1])[kb_, kk - 1]
    nb = np.hypot(*bis.T)
    turnm = nb > 0.7
    cut = (res[kb_, kk] * bis).sum(-1) / np.maximum(nb, 1e-6)
    out = {}
    for lo, hi in ((2, 3), (4, 6), (7, 99)):
        m = multi & (L.count >= lo) & (L.count <= hi)
        out[f"dur{lo}"] = np.log(np.maximum(dur[m], 1) / L.count[m])
        mm = (L.count >= lo) & (L.count <= hi)
        if lo > 3:
            out[f"letter_dist{lo}"] = dist[kb_, kk][mm[kb_]]
            out[f"slow{lo}"] = slow[m]
    out["path_ratio"] = np.log(path[multi] / poly[multi])
    out["start_dist"] = dist[rows, 0][multi]
    out["end_dist"] = dist[rows, last][multi]
    D = np.hypot(*(p[st] - keys[:, 0]).T)
    out["start_point"] = D[multi]
    D = np.hypot(*(p[ends] - keys[rows, last]).T)
    out["end_point"] = D[multi]
    out["start_y"] = (p[st] - keys[:, 0])[multi, 1]
    out["start_x"] = (p[st] - keys[:, 0])[multi, 0]
    out["end_y"] = (p[ends] - keys[rows, last])[multi, 1]
    out["end_x"] = (p[ends] - keys[rows, last])[multi, 0]
    out["inner_x"] = res[kb_, kk, 0]
    out["inner_y"] = res[kb_, kk, 1]
    out["start_dwell"] = np.log(1 + first_away[multi])
    out["end_dwell"] = np.log(1 + (dur - last_away)[multi])
    out["peak"] = peak[multi]
    out["pps"] = batch.lengths[multi] / np.maximum(dur[multi], 1) * 1000
    rv = vk / np.maximum(med[kb_], 1e-6)
    rm = vmin / np.maximum(mean[kb_], 1e-6)
    for nm, m in (
        ("sharp", cosine < -0.6),
        ("wide", (cosine >= -0.6) & (cosine < 0.5)),
        ("straight", cosine >= 0.5),
    ):
        out["turn_speed_" + nm] = np.minimum(rv[m], 8)
        out["min_speed_" + nm] = rm[m]
    out["cut_sharp"] = cut[(cosine < -0.6) & turnm]
    out["cut_wide"] = cut[(cosine > -0.6) & turnm]
    for lo, hi in ((0, 1.3), (1.3, 2.5), (2.5, 4.5), (4.5, 10)):
        m = (seg_d >= lo) & (seg_d < hi)
        out[f"seg{lo}"] = np.log(seg_t[m] + 10)
    m = seg_d > 2
    out["bow"] = bow[m]
    out["half"] = frac[m]
    out["seg_path"] = np.minimum(seg_path[m], 3)
    # sampling: first two gaps, gap px
    ok = multi & (batch.lengths > 4)
    out["gap1"] = np.log(1 + t[st[ok] + 1])
    out["jump1"] = slen[st[ok]]
    dd = np.diff(t)[same]
    out["dt"] = np.log(1 + dd[:60000])
    out["doubled_extra"] = np.zeros(1)
    hasd = doubled.any(1)
    per = {n: hasd[multi & (L.count >= n) & (L.count <= n + 1)] for n in ()}
    m = hasd & multi
    out["dur_doubled"] = np.log(dur[m] / L.count[m])
    del out["doubled_extra"]
    # user structure
    u, inv = np.unique(np.array(batch.users), return_inverse=True)

    def between(val, m):
        s = np.bincount(inv[m], weights=val[m], minlength=len(u))
        c = np.bincount(inv[m], minlength=len(u))
        return (s / np.maximum(c, 1))[c >= 4]

    ld = np.log(np.maximum(dur, 1) / L.count)
    out["user_dur"] = between(ld - 0, multi)
    out["user_sx"] = between((p[st] - keys[:, 0])[:, 0], multi)
    out["user_sy"] = between((p[st] - keys[:, 0])[:, 1], multi)
    out["user_dist"] = between(np.log(dist[rows, 0] + 0.05), multi)
    out["user_slow"] = between(slow, multi)
    out["user_path"] = between(np.log(np.maximum(path, 0.1) / np.maximum(poly, 0.1)), multi)
    out["user_pps"] = between(batch.lengths / np.maximum(dur, 1) * 1000, multi)
    return out


def _cos(at):
    a = np.diff(at, axis=1)
    a = a / np.maximum(np.hypot(a[..., 0], a[..., 1]), 1e-9)[..., None]
    return (a[:, :-1] * a[:, 1:]).sum(-1)
