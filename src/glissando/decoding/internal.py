"""Takes a transducer's own language model out of its scores, so that the word list's prior counts.

A transducer learns which letters follow which in the words that it was trained on. Its label
probabilities are therefore those of a swipe *and* of English as training had it, and with the prior
of a word list English would count twice.
"""

from __future__ import annotations

import numpy as np

from glissando.decoding.scorer import Floats, Ids, TransducerScorer


class LessInternal:
    """A transducer whose letters cost less, the surer its prediction network alone expects them.

    Every letter's log probability loses `weight` times that of the internal language model: the
    joint network's answer to a frame of zeros, blank left out (Meng et al., *Internal language
    model estimation for domain-adaptive end-to-end speech recognition*, SLT 2021). Of all
    alignments of a word the same is subtracted, so that only words are weighed anew.

    What a prefix's letters lose depends on the prefix alone, so it travels behind the prediction
    network's output and is kept with it: outputs are `(B, P + V)` here.
    """

    def __init__(self, scorer: TransducerScorer, weight: float) -> None:
        self._scorer, self._weight, self.blank = scorer, weight, scorer.blank

    def encode(self, features: Floats) -> Floats:
        """As the network does."""
        return self._scorer.encode(features)

    def initial_state(self) -> tuple[Floats, Floats]:
        """As the network does, with what the first letter loses."""
        return self._with_losses(*self._scorer.initial_state())

    def step(self, labels: Ids, states: Floats) -> tuple[Floats, Floats]:
        """As the network does, with what the next letter loses."""
        return self._with_losses(*self._scorer.step(labels, states))

    def joint(self, frames: Floats, outputs: Floats) -> Floats:
        """Scores `(B, T, V)` at frames `(T, P)` after outputs `(B, P + V)`; blank's as it was."""
        width = frames.shape[1]
        said = self._scorer.joint(frames, np.ascontiguousarray(outputs[:, :width]))
        less: Floats = said - outputs[:, None, width:]
        return less

    def _with_losses(self, outputs: Floats, states: Floats) -> tuple[Floats, Floats]:
        nothing = np.zeros((1, outputs.shape[1]), np.float32)
        alone = self._scorer.joint(nothing, outputs)[:, 0].copy()
        alone[:, self.blank] = -np.inf
        alone -= np.logaddexp.reduce(alone, axis=1, keepdims=True)
        alone[:, self.blank] = 0.0
        losses = np.float32(self._weight) * alone
        return np.concatenate([outputs, losses], axis=1), states
