"""The letters that a finger passes over for a word: two spellings where it has an apostrophe."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

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
    text = "\n".join(words).encode().lower()  # ASCII's capitals only: the others go singly
    spelt = text.decode().split("\n") if words else []
    if len(spelt) != len(words):
        odd: Sequence[int] = range(len(words))  # a line feed in a word
        spelt = list(words)
    else:
        letters = "".join(c for c in alphabet.letters if c.isascii() and c.isalpha())
        odd = _lines_with(~np.isin(_bytes(text), _bytes(f"{letters}\n".encode())), text)
    for row in odd:
        try:
            spelt[row] = alphabet.normalise(words[row])
        except WordError as error:
            raise SpellingError(words[row], str(error)) from error
    return spelt


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
    spelt = normalised(words, alphabet)
    text = "\n".join(spelt).encode()
    marked = _lines_with(_bytes(text) == ord(_APOSTROPHE), text)
    both = [(s, row) for row in marked for s in (spelt[row], spelt[row].replace(_APOSTROPHE, ""))]
    both.sort(key=lambda pair: _in_label_order(pair[0]))
    for row in reversed(marked):
        del spelt[row]
    # Where the words ascend, so shall the spellings: it spares the tree's builder the sorting.
    places = [bisect_left(spelt, _in_label_order(spelling)) for spelling, _ in both]
    merged: list[str] = []
    start = 0
    for place, (spelling, _) in zip(places, both, strict=True):
        merged += spelt[start:place]
        merged.append(spelling)
        start = place
    merged += spelt[start:]
    unmarked = np.delete(np.arange(len(words), dtype=np.int32), marked)
    return merged, np.insert(unmarked, places, [row for _, row in both]).astype(np.int32)


def _in_label_order(spelling: str) -> str:
    return spelling.replace(_APOSTROPHE, _BEHIND_Z)


def _bytes(text: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(text, np.uint8)


def _lines_with(found: NDArray[np.bool_], text: bytes) -> list[int]:
    """Which lines of `text` have a byte that was `found`, counted from 0."""
    line_ends = np.flatnonzero(_bytes(text) == ord("\n"))
    lines: list[int] = np.unique(np.searchsorted(line_ends, np.flatnonzero(found))).tolist()
    return lines
