"""The prediction network's answers, kept by trie node across frames and across swipes."""

from __future__ import annotations

import numpy as np

from glissando.decoding.scorer import Floats, Ids, TransducerScorer

_CAPACITY = 8192  # nodes kept; about 12 MB where a state and an output have 384 numbers


class PredictionCache:
    """Outputs and states of the prediction network by node.

    What the network says after a prefix depends on nothing but the prefix, so every node is
    asked for once and remembered; when the cache is full, it starts anew.
    """

    def __init__(self, scorer: TransducerScorer, letter: Ids, parent: Ids) -> None:
        self._scorer = scorer
        self._letter, self._parent = letter, parent
        self._slot = np.full(len(letter), -1, np.int32)
        output, state = scorer.initial_state()
        self._first = output, state
        self._outputs = np.empty((_CAPACITY, output.shape[1]), np.float32)
        self._states = np.empty((_CAPACITY, state.shape[1]), np.float32)
        self._clear()

    def outputs(self, nodes: Ids) -> Floats:
        """Outputs `(n, P)` after the prefixes of n distinct nodes."""
        slots = self._slot[nodes]
        missing = nodes[slots < 0]
        if len(missing):
            self._fill(missing)
            slots = self._slot[nodes]
            if (slots < 0).any():  # the cache was cleared on the way: all of them anew
                self._fill(nodes[slots < 0])
                slots = self._slot[nodes]
        rows: Floats = self._outputs[slots]
        return rows

    def _fill(self, nodes: Ids) -> None:
        if self._used + len(nodes) > _CAPACITY:
            self._clear()
        parents = self._parent[nodes]
        orphans = (parents >= 0) & (self._slot[parents] < 0)
        if orphans.any():
            self._fill(np.unique(parents[orphans]))
        roots = nodes[parents < 0]
        if len(roots):
            self._store(roots, *(np.repeat(part, len(roots), axis=0) for part in self._first))
        nodes = nodes[parents >= 0]
        if len(nodes):
            states = self._states[self._slot[self._parent[nodes]]]
            self._store(nodes, *self._scorer.step(self._letter[nodes], states))

    def _store(self, nodes: Ids, outputs: Floats, states: Floats) -> None:
        slots = np.arange(self._used, self._used + len(nodes), dtype=np.int32)
        self._outputs[slots], self._states[slots] = outputs, states
        self._slot[nodes] = slots
        self._used += len(nodes)

    def _clear(self) -> None:
        self._slot.fill(-1)
        self._used = 0
