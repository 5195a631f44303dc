"""The two moves that every search makes: to a prefix's children, and back to the best few."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from glissando.decoding.scorer import Ids
from glissando.decoding.space import SearchSpace

Doubles: TypeAlias = NDArray[np.float64]


def children_of(space: SearchSpace, nodes: Ids) -> tuple[NDArray[np.intp], Ids]:
    """All children of n nodes: for each the index of its parent within `nodes`, and its node."""
    counts = space.child_count[nodes]
    owner = np.repeat(np.arange(len(nodes)), counts)
    starts = space.first_child[nodes] - (np.cumsum(counts) - counts)
    return owner, (starts[owner] + np.arange(len(owner))).astype(np.int32)


def keep_best(scores: Doubles, width: int, limit: float) -> NDArray[np.intp]:
    """Indices of at most `width` highest scores that reach `limit`, in no order."""
    kept = np.flatnonzero(scores >= limit)
    if len(kept) > width:
        kept = kept[np.argpartition(scores[kept], -width)[-width:]]
    return kept
