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
        self._used = 0
        self._outputs = np.empty((_CAPACITY, output.shape[1]), np.float32)
        self._states = np.empty((_CAPACITY, state.shape[1]), np.float32)
        self._clear()

    def outputs(self, nodes: Ids) -> Floats:
        """Outputs `(n, P)` after the prefixes of n distinct nodes."""
        levels = self._missing(nodes)
        needed = sum(map(len, levels))
        if self._used + needed > len(self._outputs):
            self._clear()
            levels = self._missing(nodes)
            self._make_room(sum(map(len, levels)))
        for level in levels:
            self._ask(level)
        rows: Floats = self._outputs[self._slot[nodes]]
        return rows

    def state(self, node: int) -> Floats:
        """State `(1, H)` after the prefix of one node."""
        if self._slot[node] < 0:
            self.outputs(np.array([node], np.int32))
        row: Floats = self._states[self._slot[node]][None]
        return row

    def _missing(self, nodes: Ids) -> list[Ids]:
        """Nodes to ask for, level by level: what comes first is needed for what follows."""
        nodes = nodes[self._slot[nodes] < 0]
        levels: list[Ids] = []
        while len(nodes):
            levels.append(nodes)
            parents = self._parent[nodes]
            parents = parents[parents >= 0]
            nodes = parents[self._slot[parents] < 0]
            if len(nodes):
                nodes = np.unique(nodes)
        return levels if len(levels) < 2 else self._each_once(levels[::-1])

    @staticmethod
    def _each_once(levels: list[Ids]) -> list[Ids]:
        """Without nodes that an earlier level has: one may be asked for beside its child."""
        for at in range(1, len(levels)):
            levels[at] = np.setdiff1d(levels[at], np.concatenate(levels[:at]), assume_unique=True)
        return levels

    def _ask(self, nodes: Ids) -> None:
        is_root = self._parent[nodes] < 0
        roots, others = nodes[is_root], nodes[~is_root]
        if len(roots):
            self._store(roots, *(np.repeat(part, len(roots), axis=0) for part in self._first))
        if len(others):
            states = self._states[self._slot[self._parent[others]]]
            self._store(others, *self._scorer.step(self._letter[others], states))

    def _store(self, nodes: Ids, outputs: Floats, states: Floats) -> None:
        end = self._used + len(nodes)
        self._outputs[self._used : end], self._states[self._used : end] = outputs, states
        self._slot[nodes] = np.arange(self._used, end)
        self._used = end

    def _make_room(self, needed: int) -> None:
        if needed > len(self._outputs):
            self._outputs = np.empty((needed, self._outputs.shape[1]), np.float32)
            self._states = np.empty((needed, self._states.shape[1]), np.float32)

    def _clear(self) -> None:
        self._slot.fill(-1)
        self._used = 0
