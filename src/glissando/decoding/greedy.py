"""Greedy decoding: the likeliest label at every frame, without a lexicon."""

from __future__ import annotations

import numpy as np

from glissando.alphabet import Alphabet
from glissando.decoding.scorer import Floats, Scorer, TransducerScorer, is_transducer

_MAX_SYMBOLS = 10  # letters within one frame, as NeMo's greedy decoding bounds them


def read_greedily(scorer: Scorer, frames: Floats, alphabet: Alphabet) -> str:
    """The letters that a network writes by itself for one swipe, of frames `(T, P or V)`."""
    if is_transducer(scorer):
        return alphabet.decode(_transducer(scorer, frames))
    labels = frames.argmax(axis=1)
    changed = np.flatnonzero(np.diff(labels, prepend=-1))
    return alphabet.decode(int(label) for label in labels[changed] if label != scorer.blank)


def _transducer(scorer: TransducerScorer, frames: Floats) -> list[int]:
    output, state = scorer.initial_state()
    best = scorer.joint(frames, output)[0].argmax(axis=1)
    labels: list[int] = []
    for at in range(len(frames)):
        for _ in range(_MAX_SYMBOLS):
            label = int(best[at])
            if label == scorer.blank:
                break
            labels.append(label)
            output, state = scorer.step(np.array([label], np.int32), state)
            best = scorer.joint(frames, output)[0].argmax(axis=1)
    return labels
