"""What the network says of one swipe after each prefix that the search has reached."""

from __future__ import annotations

import numpy as np

from glissando.decoding.predictions import PredictionCache
from glissando.decoding.scorer import Floats, Ids, TransducerScorer


class ScoreTable:
    """Log probabilities of all labels at all frames of a swipe, a row for each node reached.

    A prefix stays in the beam for several frames, so asking the joint network for all frames at
    once takes a handful of calls for a swipe instead of several for every frame.

    Attributes:
        row: `(N,)` row of each node, -1 where it has none yet.
        log_probs: `(R, T, V)`; rows behind the last one used hold nothing.
        scorer: The network.
        frames: The swipe's, `(T, P)`.
    """

    frames: Floats

    def __init__(self, scorer: TransducerScorer, letter: Ids, parent: Ids) -> None:
        self.scorer = scorer
        self._cache = PredictionCache(scorer, letter, parent)
        self._nodes: list[Ids] = []
        self._used = 0
        self.row = np.full(len(letter), -1, np.int32)
        self.log_probs = np.empty((0, 0, 0), np.float32)

    def begin(self, frames: Floats) -> None:
        """Start on another swipe, of frames `(T, P)`."""
        for nodes in self._nodes:
            self.row[nodes] = -1
        self._nodes, self._used, self.frames = [], 0, frames

    def add(self, nodes: Ids) -> None:
        """Give n distinct nodes that have none their rows."""
        scores = self.scorer.joint(self.frames, self._cache.outputs(nodes))
        end = self._used + len(nodes)
        if end > len(self.log_probs) or scores.shape[1:] != self.log_probs.shape[1:]:
            grown = np.empty((max(2 * end, 256), *scores.shape[1:]), np.float32)
            if self._used:
                grown[: self._used] = self.log_probs[: self._used]
            self.log_probs = grown
        self.log_probs[self._used : end] = scores
        self.row[nodes] = np.arange(self._used, end)
        self._nodes.append(nodes)
        self._used = end

    def scores(self, node: int) -> Floats:
        """Log probabilities `(T, V)` after one prefix; asks for them where nobody has."""
        if self.row[node] < 0:
            self.add(np.array([node], np.int32))
        scores: Floats = self.log_probs[self.row[node]]
        return scores

    def state(self, node: int) -> Floats:
        """State `(1, H)` of the prediction network after one prefix."""
        return self._cache.state(node)
