"""The keys that a finger must pass to write each of many words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from glissando.keyboard import Keyboard
from glissando.synthesis.parameters import SynthesisError

UNSWIPED = "'"
"""Written but passed over where a keyboard has no key for it."""


@dataclass(frozen=True, eq=False, slots=True)
class Letters:
    """The keys of B words end to end, L in all; a doubled letter is one key.

    A word of a single key counts it twice, so that every swipe goes from one key to another.

    Attributes:
        at: Float64 `(L, 2)`, key centres in key units: key widths and row heights.
        doubled: Bool `(L,)`, whether the letter is written twice or more.
        owner: Int64 `(L,)`, the word of each key.
        count: Int64 `(B,)`, keys of each word, at least 2.
    """

    at: NDArray[np.float64]
    doubled: NDArray[np.bool_]
    owner: NDArray[np.int64]
    count: NDArray[np.int64]

    @property
    def first(self) -> NDArray[np.int64]:
        """`(B,)`: index of each word's first key."""
        return np.cumsum(self.count) - self.count

    @property
    def last(self) -> NDArray[np.int64]:
        """`(B,)`: index of each word's last key."""
        return np.cumsum(self.count) - 1


def spell(words: Sequence[str], keyboard: Keyboard) -> Letters:
    """Look the words' letters up on a keyboard.

    Raises:
        SynthesisError: the keyboard lacks a letter, or a word has none.
    """
    runs: dict[str, list[tuple[float, float, float]]] = {}
    for word in words:
        if word not in runs:
            runs[word] = _keys(word, keyboard)
    rows = [key for word in words for key in runs[word]]
    table = np.array(rows, dtype=np.float64).reshape(-1, 3)
    count = np.array([len(runs[word]) for word in words], dtype=np.int64)
    return Letters(
        at=table[:, :2] / keyboard.key_size.astype(np.float64),
        doubled=table[:, 2] > 0,
        owner=np.repeat(np.arange(len(words)), count),
        count=count,
    )


def _keys(word: str, keyboard: Keyboard) -> list[tuple[float, float, float]]:
    """Centre x, centre y and whether doubled, of each key in turn."""
    keys: list[tuple[float, float, float]] = []
    before = ""
    for letter in word:
        centre = keyboard.centres.get(letter)
        if centre is None:
            if letter in UNSWIPED:
                continue
            raise SynthesisError(
                f"word {word!r}: keyboard {keyboard.name!r} has no key for {letter!r}"
            )
        if letter == before:
            keys[-1] = (*centre, 1.0)
        else:
            keys.append((*centre, 0.0))
        before = letter
    if not keys:
        raise SynthesisError(f"word {word!r} has no letters to swipe")
    return keys if len(keys) > 1 else [keys[0], (*keys[0][:2], 0.0)]
