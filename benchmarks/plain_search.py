"""The transducer beam written plainly, with dictionaries and no cache, to measure ours against.

Same objective, same pruning, same network; every prefix is a string, its prediction network is
run anew at every frame, and every pair of frame and prefix is one call of the joint network.
"""

from __future__ import annotations

import math

import numpy as np

from glissando.alphabet import ENGLISH
from glissando.decoding import BeamSettings, TransducerScorer
from glissando.decoding.scorer import Floats
from glissando.lexicon import Lexicon


class PlainSearch:
    """Words of a list by dictionaries of letters."""

    def __init__(self, scorer: TransducerScorer, lexicon: Lexicon, settings: BeamSettings) -> None:
        self._scorer, self._settings = scorer, settings
        self._children: dict[str, list[str]] = {"": []}
        self._ahead: dict[str, float] = {}
        self._words: dict[str, list[tuple[str, float]]] = {}
        spellings, entries = lexicon.spellings(ENGLISH)
        for spelling, entry in zip(spellings, entries.tolist(), strict=True):
            prior = settings.prior_weight * float(lexicon.log_priors[entry])
            self._words.setdefault(spelling, []).append((lexicon.words[entry], prior))
            for end in range(len(spelling) + 1):
                prefix = spelling[:end]
                self._ahead[prefix] = max(self._ahead.get(prefix, -math.inf), prior)
                if prefix not in self._children:
                    self._children[prefix] = []
                    self._children[prefix[:-1]].append(prefix)

    def __call__(self, frames: Floats) -> list[str]:
        """Words of one swipe, best first."""
        beam = {"": 0.0}
        for frame in frames:
            beam = self._advance(frame[None], beam)
        scores: dict[str, float] = {}
        for prefix, mass in beam.items():
            for word, prior in self._words.get(prefix, []):
                scores[word] = float(np.logaddexp(scores.get(word, -math.inf), mass + prior))
        return sorted(scores, key=lambda word: (-scores[word], word))

    def _advance(self, frame: Floats, beam: dict[str, float]) -> dict[str, float]:
        settings = self._settings
        total, front = dict(beam), dict(beam)
        limit = max(mass + self._ahead[p] for p, mass in beam.items()) - settings.threshold
        for _ in range(settings.max_symbols):
            gains: dict[str, float] = {}
            for prefix, mass in front.items():
                said = self._say(frame, prefix)
                for child in self._children[prefix]:
                    gain = mass + float(said[ENGLISH.letters.index(child[-1])])
                    if gain + self._ahead[child] >= limit:
                        gains[child] = gain
            front = self._best(gains)
            for child, gain in front.items():
                total[child] = float(np.logaddexp(total.get(child, -math.inf), gain))
        stayed = {p: m + float(self._say(frame, p)[self._scorer.blank]) for p, m in total.items()}
        limit = max(mass + self._ahead[p] for p, mass in stayed.items()) - settings.threshold
        return self._best({p: m for p, m in stayed.items() if m + self._ahead[p] >= limit})

    def _best(self, masses: dict[str, float]) -> dict[str, float]:
        ranked = sorted(masses, key=lambda prefix: -masses[prefix] - self._ahead[prefix])
        return {prefix: masses[prefix] for prefix in ranked[: self._settings.width]}

    def _say(self, frame: Floats, prefix: str) -> Floats:
        output, state = self._scorer.initial_state()
        for letter in prefix:
            label = np.array([ENGLISH.letters.index(letter)], np.int32)
            output, state = self._scorer.step(label, state)
        return self._scorer.joint(frame, output)[0, 0]
