"""How far a swipe is from ideal paths: SHARK2's shape and location channels.

Points stand in arrays of `(2, N, W)`: x and y, N points of equal rank, W paths. Paths come last, so
that all arithmetic runs along them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def shape_distance(swipe: Floats, paths: Floats) -> Floats:
    """Mean distance between points of equal rank, both sides normalised in place and size.

    Args:
        swipe: `(2, N)`.
        paths: `(2, N, W)`.

    Returns:
        `(W,)`, in longer sides of the bounding box.
    """
    return np.asarray(_distances(swipe, paths).mean(axis=0))


def location_distance(swipe: Floats, paths: Floats, weights: Floats, tunnel: float) -> Floats:
    """Weighted mean distance between points of equal rank; 0 for paths in each other's tunnel.

    Args:
        swipe: `(2, N)` in key widths.
        paths: `(2, N, W)` in key widths.
        weights: `(N,)`, sum 1; the paper's alpha.
        tunnel: Radius; the distance is 0 where every point of either is so near to the other.

    Returns:
        `(W,)` in key widths.
    """
    distances = np.asarray((_distances(swipe, paths) * weights[:, None]).sum(axis=0))
    distances[_in_tunnel(swipe, paths, tunnel)] = 0.0
    return distances


def end_weights(samples: int, middle: float) -> Floats:
    """`(samples,)` weights, sum 1, that rise linearly from the middle of a path to its ends.

    Args:
        samples: Points of a path.
        middle: Weight of the middle over that of the ends: 1 for equal weights.
    """
    rising = middle + (1.0 - middle) * np.abs(np.linspace(-1.0, 1.0, samples))
    return np.asarray(rising / rising.sum(), dtype=np.float32)


def _distances(swipe: Floats, paths: Floats) -> Floats:
    across, down = paths - swipe[:, :, None]
    return np.asarray(np.sqrt(across * across + down * down))


def _in_tunnel(swipe: Floats, paths: Floats, radius: float) -> NDArray[np.intp]:
    """Indices of the paths that run within `radius` of the swipe, and the swipe of them.

    Looks at few points first, as most paths fail there, and at ever more of the rest.
    """
    survivors = np.arange(paths.shape[2] if radius > 0 else 0)
    last = swipe.shape[1] - 1
    for parts in (1, 4, 16, last):
        some = np.unique(np.linspace(0, last, parts + 1).round().astype(int))
        for all_near in (_swipe_is_near, _paths_are_near):
            if len(survivors):
                survivors = survivors[all_near(swipe, paths[:, :, survivors], some, radius)]
    return survivors


def _swipe_is_near(
    swipe: Floats, paths: Floats, some: NDArray[np.intp], radius: float
) -> NDArray[np.bool_]:
    """`(W,)`: whether some points of the swipe are all near each path."""
    across, down = paths[:, None, :, :] - swipe[:, some, None, None]
    return _all_near(across, down, radius)


def _paths_are_near(
    swipe: Floats, paths: Floats, some: NDArray[np.intp], radius: float
) -> NDArray[np.bool_]:
    """`(W,)`: whether some points of each path are all near the swipe."""
    across, down = paths[:, some, None, :] - swipe[:, None, :, None]
    return _all_near(across, down, radius)


def _all_near(across: Floats, down: Floats, radius: float) -> NDArray[np.bool_]:
    squares = across * across + down * down
    return np.asarray((squares.min(axis=1) <= radius * radius).all(axis=0))
