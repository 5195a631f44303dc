"""Frame-synchronous transducer beam over a trie, in numpy: the reference of the compiled one.

Objective: for every word w, log P(w | swipe) + prior_weight * log prior(w), where P(w | swipe)
adds up all alignments of the word's letters to the frames (Graves 2012); a scorer may have taken
its internal language model out of P already (`internal.py`). A prefix is a trie node, so prefixes
that spell the same letters are one entry and their probabilities add; blank goes on to the next
frame and leaves the prediction network alone.
"""

from __future__ import annotations

import numpy as np

from glissando.decoding.pruning import Doubles, children_of, keep_best
from glissando.decoding.scorer import Floats, Ids, TransducerScorer
from glissando.decoding.scores import ScoreTable
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace


class TransducerSearch:
    """Finds the likeliest prefixes of one swipe after another; one object for each thread.

    Attributes:
        table: What the network said of the last swipe.
    """

    def __init__(
        self, scorer: TransducerScorer, space: SearchSpace, settings: BeamSettings
    ) -> None:
        self._blank, self._space, self._settings = scorer.blank, space, settings
        self.table = ScoreTable(scorer, space.letter, space.parent)
        self._look_ahead = settings.prior_weight * space.best_below.astype(np.float64)
        self._mass = np.full(len(space), -np.inf)  # of each node within the current frame

    def __call__(self, frames: Floats) -> tuple[Ids, Doubles]:
        """Search all frames `(T, P)`: nodes and the log probability of ending at each."""
        nodes = self._space.roots
        mass: Doubles = np.zeros(len(nodes))
        self.table.begin(frames)
        self.table.add(nodes)
        for at in range(len(frames)):
            nodes, mass = self._advance(at, nodes, mass)
        return nodes, mass

    def _advance(self, at: int, nodes: Ids, mass: Doubles) -> tuple[Ids, Doubles]:
        """Everything within frame number `at`: letters first, in rounds, then blank."""
        settings, total, table = self._settings, self._mass, self.table
        total[nodes] = mass
        touched = [nodes]
        front, arriving = nodes, mass
        limit = float((mass + self._look_ahead[nodes]).max()) - settings.threshold
        for _ in range(settings.max_symbols):
            owner, children = children_of(self._space, front)
            letters = self._space.letter[children]
            gain = arriving[owner] + table.log_probs[table.row[front][owner], at, letters]
            kept = keep_best(gain + self._look_ahead[children], settings.width, limit)
            if not len(kept):
                break
            front, arriving = children[kept], gain[kept]
            touched.append(front[np.isneginf(total[front])])
            # A child has one parent, so no node stands twice among the children of a round.
            total[front] = np.logaddexp(total[front], arriving)
            unknown = front[table.row[front] < 0]
            if len(unknown):
                table.add(unknown)
        everything = np.concatenate(touched)
        stayed = total[everything] + table.log_probs[table.row[everything], at, self._blank]
        total[everything] = -np.inf
        ranked = stayed + self._look_ahead[everything]
        kept = keep_best(ranked, settings.width, float(ranked.max()) - settings.threshold)
        return everything[kept], stayed[kept]
