"""Reads a swipe letter by letter, for the words that a list lacks: names, slang, abbreviations.

Keyboards call it the literal candidate. A transducer needs no list to spell. What it spells
greedily is scored as the search scores words, with a prior of its own that falls with every letter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glissando.decoding.greedy import FreePrefix, Prefix, follow
from glissando.decoding.pruning import Doubles
from glissando.decoding.scorer import Floats
from glissando.decoding.scores import ScoreTable
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace, child_of, has_word


@dataclass(frozen=True, slots=True)
class LiteralReading:
    """Letters that spell no word of the list.

    Attributes:
        labels: Their ids.
        log_probability: Natural logarithm of the network's probability for them.
    """

    labels: list[int]
    log_probability: float

    def score(self, settings: BeamSettings) -> float:
        """Comparable with the scores of listed words."""
        return self.log_probability + literal_prior(settings, len(self.labels))


def literal_prior(settings: BeamSettings, letters: int) -> float:
    """The weighed log prior of any word of so many letters that the list lacks."""
    prior = settings.literal_prior + settings.literal_letter * letters
    return settings.prior_weight * prior


def read_literally(table: ScoreTable, space: SearchSpace, blank: int) -> LiteralReading | None:
    """What the network writes by itself for the swipe that a search has just gone through.

    Args:
        table: The search's, whose rows are used and added to.
        space: The words; the first of its tries lends its rows.
        blank: Id of the blank label.

    Returns:
        None where it writes nothing, or letters that some word of the list is spelt with: that
        one is the search's business, and if a user blocked it, it stays blocked.
    """
    labels, prefixes = follow(_TriePrefix.reached(table, space, int(space.roots[0])), blank)
    if not labels or has_word(space, labels):
        return None
    said = np.stack([prefix.log_probs for prefix in prefixes]).astype(np.float64)
    return LiteralReading(labels, spelling_log_probability(said, labels, blank))


def spelling_log_probability(log_probs: Doubles, labels: list[int], blank: int) -> float:
    """Log probability of U letters, all their alignments to T frames added up (Graves 2012).

    Args:
        log_probs: `(U + 1, T, V)` after 0 to U letters.
        labels: The letters' ids.
        blank: Id of the blank label.
    """
    stays = log_probs[:, :, blank]
    writes = np.zeros_like(stays)
    writes[1:] = log_probs[np.arange(len(labels)), :, labels]
    # Within a frame reached[u] = logaddexp(arrived[u], reached[u - 1] + writes[u]): what is
    # written up to u comes out of every term, so that accumulating is all that is left.
    written = writes.cumsum(axis=0)
    arrived = np.full(len(stays), -np.inf)
    arrived[0] = 0.0
    for at in range(stays.shape[1]):
        reached = np.logaddexp.accumulate(arrived - written[:, at]) + written[:, at]
        arrived = reached + stays[:, at]
    return float(arrived[-1])


@dataclass(frozen=True, eq=False, slots=True)
class _TriePrefix:
    """A prefix of some listed word: the search may have asked the network for it already."""

    table: ScoreTable
    space: SearchSpace
    node: int
    log_probs: Floats

    @classmethod
    def reached(cls, table: ScoreTable, space: SearchSpace, node: int) -> _TriePrefix:
        return cls(table, space, node, table.scores(node))

    def then(self, label: int) -> Prefix:
        child = child_of(self.space, self.node, label)
        if child >= 0:
            return self.reached(self.table, self.space, child)
        state = self.table.state(self.node)
        after = self.table.scorer.step(np.array([label], np.int32), state)
        return FreePrefix.reached(self.table.scorer, self.table.frames, *after)
