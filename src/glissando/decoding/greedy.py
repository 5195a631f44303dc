"""Greedy decoding: the likeliest label at every frame, without a lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from glissando.alphabet import Alphabet
from glissando.decoding.scorer import Floats, Scorer, TransducerScorer, is_transducer

_MAX_SYMBOLS = 10  # letters within one frame, as NeMo's greedy decoding bounds them


class Prefix(Protocol):
    """Letters written so far, and what a transducer says after them."""

    @property
    def log_probs(self) -> Floats:
        """Of all labels at all frames of the swipe, `(T, V)`."""
        ...

    def then(self, label: int) -> Prefix:
        """One letter more."""
        ...


@dataclass(frozen=True, eq=False, slots=True)
class FreePrefix:
    """A prefix that no word list knows of: the network is asked for it anew."""

    scorer: TransducerScorer
    frames: Floats
    log_probs: Floats
    state: Floats

    @classmethod
    def reached(
        cls, scorer: TransducerScorer, frames: Floats, output: Floats, state: Floats
    ) -> FreePrefix:
        """The prefix with this output `(1, P)` and state `(1, H)` of the prediction network."""
        return cls(scorer, frames, scorer.joint(frames, output)[0], state)

    def then(self, label: int) -> FreePrefix:
        """One letter more."""
        after = self.scorer.step(np.array([label], np.int32), self.state)
        return self.reached(self.scorer, self.frames, *after)


def read_greedily(scorer: Scorer, frames: Floats, alphabet: Alphabet) -> str:
    """The letters that a network writes by itself for one swipe, of frames `(T, P or V)`."""
    if is_transducer(scorer):
        start = FreePrefix.reached(scorer, frames, *scorer.initial_state())
        return alphabet.decode(follow(start, scorer.blank)[0])
    labels = frames.argmax(axis=1)
    changed = np.flatnonzero(np.diff(labels, prepend=-1))
    return alphabet.decode(int(label) for label in labels[changed] if label != scorer.blank)


def follow(start: Prefix, blank: int) -> tuple[list[int], list[Prefix]]:
    """The likeliest label at every frame in turn: U letters, and the U + 1 prefixes on the way."""
    prefixes, labels = [start], list[int]()
    best = start.log_probs.argmax(axis=1)
    for at in range(len(best)):
        for _ in range(_MAX_SYMBOLS):
            label = int(best[at])
            if label == blank:
                break
            labels.append(label)
            prefixes.append(prefixes[-1].then(label))
            best = prefixes[-1].log_probs.argmax(axis=1)
    return labels, prefixes
