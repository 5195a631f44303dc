"""The letters that a finger passes over for a word: two spellings where it has an apostrophe."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from string import ascii_lowercase

import numpy as np
from numpy.typing import NDArray

from glissando.alphabet import Alphabet, WordError
from glissando.lexicon.reading import LexiconError

_APOSTROPHE = "'"
_BEHIND_Z = "\x7f"  # where an alphabet has its apostrophe


class SpellingError(LexiconError):
    """A word that an alphabet cannot spell; `word` is that word."""

    def __init__(self, word: str, message: str) -> None:
        super().__init__(message)
        self.word = word


def normalised(words: Sequence[str], alphabet: Alphabet) -> list[str]:
    """`alphabet.normalise` of every word, many times faster where most are plain.

    Raises:
        SpellingError: a word that the alphabet cannot spell.
    """
    return _normalised(words, alphabet)[0]


def spellings(words: Sequence[str], alphabet: Alphabet) -> tuple[list[str], NDArray[np.int32]]:
    """How a finger may spell each word, and which word each spelling is of.

    Each word as the alphabet normalises it; where that has apostrophes, without them as well,
    because few keyboards show the apostrophe: `don't` is found by `don't` and `dont`.

    Args:
        words: W words as shown.
        alphabet: The letters.

    Returns:
        S spellings, in `words`' order but for those of words with an apostrophe, which stand
        among their neighbours in letters; int32 `(S,)` indices into `words`.

    Raises:
        SpellingError: a word that the alphabet cannot spell.
    """
    spelt, odd = _normalised(words, alphabet)
    marked = [row for row in odd if _APOSTROPHE in spelt[row]]
    both = [(s, row) for row in marked for s in (spelt[row], spelt[row].replace(_APOSTROPHE, ""))]
    both.sort(key=lambda pair: _in_label_order(pair[0]))
    unmarked: list[str] = []
    for after, row in pairwise([-1, *marked, len(spelt)]):
        unmarked += spelt[after + 1 : row]
    # Where the words ascend, so shall the spellings: it spares the tree's builder the sorting.
    places = [bisect_left(unmarked, _in_label_order(spelling)) for spelling, _ in both]
    merged: list[str] = []
    for (start, end), (spelling, _) in zip(pairwise([0, *places]), both, strict=True):
        merged += unmarked[start:end]
        merged.append(spelling)
    merged += unmarked[places[-1] if places else 0 :]
    entries = np.delete(np.arange(len(words), dtype=np.int32), marked)
    return merged, np.insert(entries, places, [row for _, row in both]).astype(np.int32)


def _in_label_order(spelling: str) -> str:
    return spelling.replace(_APOSTROPHE, _BEHIND_Z)


def _normalised(words: Sequence[str], alphabet: Alphabet) -> tuple[list[str], Sequence[int]]:
    """The spellings, and which of them have more in them than the letters a to z."""
    spelt = [word if word.islower() else word.lower() for word in words]
    plain = "".join(letter for letter in alphabet.letters if letter in ascii_lowercase)
    odd = _lines_with_other_than(plain, spelt)
    for row in odd:
        try:
            spelt[row] = alphabet.normalise(words[row])
        except WordError as error:
            raise SpellingError(words[row], str(error)) from error
    return spelt, odd


def _lines_with_other_than(plain: str, lines: Sequence[str]) -> Sequence[int]:
    """Which lines have a character that is none of these ASCII ones, or nothing at all."""
    text = "\n".join([*lines, ""]).encode()
    table = bytearray(b"\1" * 256)
    for code in f"{plain}\n".encode():
        table[code] = 0
    ends = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n"))
    if len(ends) != len(lines) or np.diff(ends, prepend=-1).min(initial=2) < 2:
        return range(len(lines))  # a line feed within, or an empty one: all are looked at singly
    others = np.flatnonzero(np.frombuffer(text.translate(table), np.bool_))
    rows: list[int] = np.unique(np.searchsorted(ends, others)).tolist()
    return rows
