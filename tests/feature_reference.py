"""The feature vector computed point by point in float64, from the spec's docstring alone."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from glissando.features import FeatureSpec

Position = tuple[float, float]
Point = tuple[float, float, float]


def reference_features(
    points: Sequence[Sequence[float]],
    centres: Sequence[Sequence[float]],
    key_size: Sequence[float],
    spec: FeatureSpec,
) -> NDArray[np.float64]:
    """Features `(F, N)` of one swipe: x, y in fractions of the letter area, t in milliseconds."""
    key_width, key_height = (float(size) for size in key_size)
    path = []
    for x, y, t in points:
        across = _clip((float(x) - 0.5) / key_width, spec.max_position)
        down = _clip((float(y) - 0.5) / key_height, spec.max_position)
        path.append((across, down, float(t)))
    duration = path[-1][2] - path[0][2]
    last = spec.points - 1
    times = [t for _, _, t in path]
    samples = [_at(path, times, index, last) for index in range(spec.points)]
    step = max(duration / last, spec.min_dt)
    log_dt = _clip(math.log(step / spec.reference_dt), spec.max_log_dt)
    per_sample = spec.time_unit / step
    velocities = [
        (_slope(samples, 0, i) * per_sample, _slope(samples, 1, i) * per_sample)
        for i in range(spec.points)
    ]
    rows = []
    for index, (x, y) in enumerate(samples):
        vx, vy = velocities[index]
        speed = max(math.hypot(vx, vy), spec.min_speed)
        row = [x, y, log_dt]
        row += [_clip(vx, spec.max_velocity), _clip(vy, spec.max_velocity)]
        row += [
            _clip(_slope(velocities, axis, index) * per_sample, spec.max_acceleration)
            for axis in (0, 1)
        ]
        row += [vy / speed, vx / speed]
        near = []
        for cx, cy in centres:
            if math.isnan(cx) or math.isnan(cy):
                near.append(0.0)
                continue
            away_x = x - (float(cx) - 0.5) / key_width
            away_y = y - (float(cy) - 0.5) / key_height
            near.append(math.exp(-(away_x**2 + away_y**2) / (2 * spec.sigma**2)))
        rows.append([*row, *near, 1 - max(near)])
    return np.array(rows, dtype=np.float64).T


def _at(path: Sequence[Point], times: Sequence[float], index: int, last: int) -> Position:
    """Position at sample `index` of `last` + 1 that lie evenly between first and last time."""
    if times[0] == times[-1] or index == 0:
        return path[0][:2]
    if index == last:
        return path[-1][:2]
    now = times[0] + (times[-1] - times[0]) * index / last
    after = bisect_right(times, now)
    (x0, y0, t0), (x1, y1, t1) = path[after - 1], path[after]
    part = (now - t0) / (t1 - t0)
    return x0 + (x1 - x0) * part, y0 + (y1 - y0) * part


def _slope(values: Sequence[Sequence[float]], axis: int, index: int) -> float:
    """Central difference per sample; one-sided at both ends."""
    before, after = max(index - 1, 0), min(index + 1, len(values) - 1)
    return (values[after][axis] - values[before][axis]) / (after - before)


def _clip(value: float, bound: float) -> float:
    return min(max(value, -bound), bound)
