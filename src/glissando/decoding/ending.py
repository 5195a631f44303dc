"""From the prefixes that a search ended at to an n-best of words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from glissando.decoding.pruning import Doubles
from glissando.decoding.results import Candidate
from glissando.decoding.scorer import Ids
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace


def n_best(
    space: SearchSpace,
    settings: BeamSettings,
    nodes: Ids,
    mass: Doubles,
    n: int,
    literal: tuple[str, float] | None = None,
) -> list[Candidate]:
    """The `n` best words at most, best first; equal scores in the order of the words.

    A word with two spellings (`don't`, also swiped as `dont`) adds up both; a word that two
    tries hold counts once, with the better score. `literal` is a word that no trie holds, and its
    score.
    """
    counts = space.first_entry[nodes + 1] - space.first_entry[nodes]
    owner = np.repeat(np.arange(len(nodes)), counts)
    starts = space.first_entry[nodes] - (np.cumsum(counts) - counts)
    entries = space.entries[starts[owner] + np.arange(len(owner))]
    heard: dict[int, float] = {}
    for entry, log_probability in zip(entries.tolist(), mass[owner].tolist(), strict=True):
        known = heard.get(entry)
        heard[entry] = (
            log_probability if known is None else float(np.logaddexp(known, log_probability))
        )
    scores: dict[str, float] = {}
    for entry, log_probability in heard.items():
        score = log_probability + settings.prior_weight * float(space.log_priors[entry])
        word = space.words[entry]
        if score > scores.get(word, -np.inf):
            scores[word] = score
    spelt = {literal[0]: literal[1]} if literal and literal[0] not in scores else {}
    ranked = sorted((spelt | scores).items(), key=lambda item: (-item[1], item[0]))
    return [
        replace(candidate, literal=True) if candidate.word in spelt else candidate
        for candidate in _with_probabilities(ranked, settings.temperature)[:n]
    ]


def _with_probabilities(ranked: list[tuple[str, float]], temperature: float) -> list[Candidate]:
    if not ranked:
        return []
    scores = np.array([score for _, score in ranked])
    weights = np.exp((scores - scores[0]) / temperature)
    shares = (weights / weights.sum()).tolist()
    return [
        Candidate(word, score, share) for (word, score), share in zip(ranked, shares, strict=True)
    ]
