"""Kinds of words that are shown apart: by length, with doubled letters, and prefix pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np

from glissando.evaluation.matching import match_key
from glissando.lexicon import load_lexicon

LENGTHS: dict[str, Callable[[int], bool]] = {
    "<=3": lambda letters: letters <= 3,
    "4-6": lambda letters: 4 <= letters <= 6,
    ">=7": lambda letters: letters >= 7,
}
"""Name → whether a word of so many letters is in it."""

COMMON_WORDS = 1000
"""How many of the commonest words pairs are sought among; with ten times as many, more than half
of all swiped words would be in a pair."""

_SHORTEST = 2
PREFIX_MEANING = (
    f"with one letter more at its end, or less, the word is one of the {{count:,}} commonest of "
    f"{{name}} (the/then, you/your); both have at least {_SHORTEST} letters"
)


def is_doubled(word: str) -> bool:
    """Whether a letter stands twice in a row, which a finger does not show."""
    return any(a == b for a, b in pairwise(match_key(word)))


class PrefixPairs:
    """Words that a finger turns into other common words by stopping early or going on.

    The common words are a fixed list and not a decoder's own lexicon, so that the rows are the
    same whichever decoder is measured.
    """

    def __init__(self, common: Iterable[str]) -> None:
        keys = {match_key(word) for word in common}
        self._common = {key for key in keys if len(key) >= _SHORTEST}
        self._stems = {key[:-1] for key in self._common if len(key) > _SHORTEST}

    def __contains__(self, word: str) -> bool:
        key = match_key(word)
        return key in self._stems or key[:-1] in self._common


def common_words() -> tuple[str, list[str]]:
    """Name and words of the list that prefix pairs are sought in: the English one that ships."""
    lexicon = load_lexicon()
    order = np.argsort(-lexicon.log_priors, kind="stable")[:COMMON_WORDS]
    return lexicon.name, [lexicon.words[at] for at in order.tolist()]
