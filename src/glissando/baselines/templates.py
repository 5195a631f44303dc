"""Ideal paths of words: straight lines from key to key, sampled at equal distances."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from glissando.keyboard import Keyboard
from glissando.traces import Trace

FAR = 100.0
"""Key widths; a point farther out is as wrong as one here, and its square stays a float32."""


def resample(paths: NDArray[np.floating], count: int) -> NDArray[np.float64]:
    """Points at equal distances along polylines, from the first corner to the last.

    Args:
        paths: `(W, L, 2)` corners; a shorter path repeats its last corner.
        count: How many points, N.

    Returns:
        `(W, N, 2)`; a path without length gives the same point N times.
    """
    paths = paths.astype(np.float64)
    if paths.shape[1] == 1:
        return np.repeat(paths, count, axis=1)
    rows = np.arange(len(paths))[:, None]
    steps = np.hypot(*np.moveaxis(np.diff(paths, axis=1), -1, 0))
    travelled = np.cumsum(steps, axis=1)
    total = np.maximum(travelled[:, -1:], np.finfo(np.float64).tiny)
    wanted = np.linspace(0.0, 1.0, count)
    # all rows in one search: row r's share of the way, 0 to 1, stands between 2r and 2r + 1
    ends = (travelled[:, :-1] / total).clip(0.0, 1.0) + 2 * rows
    segment = np.searchsorted(ends.ravel(), wanted + 2 * rows) - ends.shape[1] * rows
    length = steps[rows, segment]
    walked = wanted * total - (travelled[rows, segment] - length)
    along = np.divide(walked, length, out=np.zeros_like(walked), where=length > 0)
    along = along.clip(0.0, 1.0)[..., None]
    return np.asarray(paths[rows, segment] * (1 - along) + paths[rows, segment + 1] * along)


def normalise(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The shape alone: the centroid in the origin, the longer side of the bounding box 1.

    A box smaller than a key counts as a key: the jitter of a tap is no shape.

    Args:
        points: `(W, N, 2)` in key widths.
    """
    side = np.ptp(points, axis=1).max(axis=1)[:, None, None]
    return np.asarray((points - points.mean(axis=1, keepdims=True)) / np.maximum(side, 1.0))


@dataclass(frozen=True, eq=False, slots=True)
class Templates:
    """W ideal paths of N points each.

    Attributes:
        words: Int `(W,)`: the word that each path spells.
        location: Float32 `(2, N, W)`: x and y in key widths.
        shape: Float32 `(2, N, W)`: the same, normalised in place and size.
    """

    words: NDArray[np.int64]
    location: NDArray[np.float32]
    shape: NDArray[np.float32]


class TemplateSet:
    """The ideal paths of a word list on one keyboard, each made when a swipe first comes near it.

    Lengths are in key widths and rows stand `row_ratio` apart, so that angles are the screen's.

    Attributes:
        keyboard: The layout.
    """

    def __init__(
        self,
        spellings: Sequence[str],
        words: Sequence[int],
        keyboard: Keyboard,
        *,
        samples: int,
        row_ratio: float,
    ) -> None:
        """Sort the words by their first and last key; letters without a key are passed over.

        Args:
            spellings: What the finger writes.
            words: The word that each spelling stands for.
            keyboard: The layout.
            samples: Points of a path, N.
            row_ratio: A row's height over a key's width.
        """
        self.keyboard = keyboard
        self._samples = samples
        self._unit = np.array([1.0, row_ratio]) / keyboard.key_size
        self._centres = np.array(list(keyboard.centres.values())) * self._unit
        at = {key: index for index, key in enumerate(keyboard.centres)}
        self._paths: dict[tuple[int, int], set[tuple[int, tuple[int, ...]]]] = defaultdict(set)
        for spelling, word in zip(spellings, words, strict=True):
            path = tuple(
                key for key, _ in groupby(at[letter] for letter in spelling if letter in at)
            )
            if path:
                self._paths[path[0], path[-1]].add((word, path))
        self._made: dict[tuple[int, int], Templates] = {}

    def measured(self, trace: Trace) -> NDArray[np.float64]:
        """The trace's `(T, 2)` points in this set's lengths, at most `FAR` from the origin."""
        points = np.stack([trace.x, trace.y], axis=1).astype(np.float64)
        return np.asarray((points * self._unit).clip(-FAR, FAR))

    def near(
        self, start: NDArray[np.float64], end: NDArray[np.float64], radius: float
    ) -> list[Templates]:
        """Paths whose end keys are within `radius` of the swipe's ends, or the nearest if none."""
        first, last = (self._keys_near(point, radius) for point in (start, end))
        pairs = ((a, b) for a in first for b in last)
        return [self._templates(pair) for pair in pairs if pair in self._paths]

    def _keys_near(self, point: NDArray[np.float64], radius: float) -> list[int]:
        distances = np.hypot(*(self._centres - point).T)
        return np.flatnonzero(distances <= max(radius, distances.min())).tolist()

    def _templates(self, ends: tuple[int, int]) -> Templates:
        if ends not in self._made:
            entries = sorted(self._paths[ends])
            longest = max(len(path) for _, path in entries)
            corners = [path + path[-1:] * (longest - len(path)) for _, path in entries]
            location = resample(self._centres[np.array(corners)], self._samples)
            self._made[ends] = Templates(
                words=np.array([word for word, _ in entries]),
                location=_planes(location),
                shape=_planes(normalise(location)),
            )
        return self._made[ends]


def _planes(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """`(W, N, 2)` as `(2, N, W)`."""
    return np.ascontiguousarray(points.T, dtype=np.float32)
