"""Kinds of words that are shown apart: by length, and by what makes them hard to tell apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray

from glissando.evaluation.matching import match_key
from glissando.keyboard import Keyboard, load_keyboard
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


_OFF_LINE = 0.25
STRAIGHT_MEANING = (
    f"a letter's key lies within {_OFF_LINE} keys of the straight line from the key before it to "
    "the key after it (wet, pot), so that no corner shows it"
)


def is_straight(word: str, keyboard: Keyboard) -> bool:
    """Whether a finger may pass straight through one of the word's letters."""
    letters = [letter for letter, _ in groupby(match_key(word)) if letter in keyboard.centres]
    keys = np.array([keyboard.centres[letter] for letter in letters]) / keyboard.key_size
    return any(_lies_between(*keys[at : at + 3]) for at in range(len(keys) - 2))


def _lies_between(
    start: NDArray[np.float64], key: NDArray[np.float64], end: NDArray[np.float64]
) -> bool:
    way, there = end - start, key - start
    length = float(np.hypot(*way))
    if not length:
        return False
    along = float(there @ way) / length
    aside = abs(float(way[0] * there[1] - way[1] * there[0])) / length
    return 0 < along < length and aside <= _OFF_LINE


def kinds_of(words: Sequence[str], pairs: PrefixPairs) -> dict[str, NDArray[np.bool_]]:
    """Name of a kind → which of N words are of it, `(N,)`; the names of `LENGTHS` come first.

    What lies straight is told on QWERTY, whatever a swipe's own layout, so that a word is always
    of the same kinds.
    """
    board = load_keyboard("qwerty")
    tests: dict[str, Callable[[str], bool]] = {
        **{name: _of_length(holds) for name, holds in LENGTHS.items()},
        "doubled": is_doubled,
        "prefix_pairs": lambda word: word in pairs,
        "straight": lambda word: is_straight(word, board),
    }
    return {name: np.array([*map(test, words)], dtype=bool) for name, test in tests.items()}


def _of_length(holds: Callable[[int], bool]) -> Callable[[str], bool]:
    return lambda word: holds(len(match_key(word)))


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
