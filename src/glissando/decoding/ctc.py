"""Frame-synchronous CTC prefix beam over a trie.

The objective is that of the transducer beam with CTC's P(w | swipe): every prefix keeps the
probability of ending in blank apart from that of ending in its letter, because a letter that
follows itself must have a blank between (Graves 2006).
"""

from __future__ import annotations

import numpy as np

from glissando.decoding.pruning import Doubles, children_of, keep_best
from glissando.decoding.scorer import CtcScorer, Floats, Ids
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace


class CtcSearch:
    """Finds the likeliest prefixes of one swipe after another; one object for each thread."""

    table = None

    def __init__(self, scorer: CtcScorer, space: SearchSpace, settings: BeamSettings) -> None:
        self._blank, self._space, self._settings = scorer.blank, space, settings
        self._look_ahead = settings.prior_weight * space.best_below.astype(np.float64)
        # Of each node at the next frame: log probability of ending in blank and in its letter.
        self._blanks = np.full(len(space), -np.inf)
        self._letters = np.full(len(space), -np.inf)

    def __call__(self, frames: Floats) -> tuple[Ids, Doubles]:
        """Search all frames `(T, V)`: nodes and the log probability of ending at each."""
        nodes = self._space.roots
        in_blank: Doubles = np.zeros(len(nodes))
        in_letter: Doubles = np.full(len(nodes), -np.inf)
        for frame in frames:
            nodes, in_blank, in_letter = self._advance(frame, nodes, in_blank, in_letter)
        return nodes, np.logaddexp(in_blank, in_letter)

    def _advance(
        self, frame: Floats, nodes: Ids, in_blank: Doubles, in_letter: Doubles
    ) -> tuple[Ids, Doubles, Doubles]:
        space, blanks, letters = self._space, self._blanks, self._letters
        own = space.letter[nodes]  # -1 at a root, whose probability of ending in a letter is 0
        either = np.logaddexp(in_blank, in_letter)
        owner, children = children_of(space, nodes)
        written = space.letter[children]
        before = np.where(written == own[owner], in_blank[owner], either[owner])
        gain = before + frame[written]

        blanks[nodes] = either + frame[self._blank]
        letters[nodes] = in_letter + frame[own]
        fresh = children[np.isneginf(blanks[children])]
        letters[children] = np.logaddexp(letters[children], gain)
        everything = np.concatenate([nodes, fresh])
        in_blank, in_letter = blanks[everything], letters[everything]
        blanks[everything] = letters[everything] = -np.inf

        ranked = np.logaddexp(in_blank, in_letter) + self._look_ahead[everything]
        limit = float(ranked.max()) - self._settings.threshold
        kept = keep_best(ranked, self._settings.width, limit)
        return everything[kept], in_blank[kept], in_letter[kept]
