"""Letters to label ids and back: the only place that knows their order and where blank sits."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

UNKNOWN = "<unk>"
_MOST_LETTERS = 100  # so that labels fit a byte
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'"})


def straightened(word: str) -> str:
    """`word` with composed accents (NFC) and straight apostrophes: one form of what looks equal."""
    return unicodedata.normalize("NFC", word).translate(_APOSTROPHES)


class WordError(ValueError):
    """A word that the alphabet cannot spell; `reason` is the stable name that reports count by."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Alphabet:
    """The letters of a language in label order: letters, unknown, and blank last.

    NeMo puts blank behind the last label whatever a config says; this class follows it and
    everything else asks this class.

    Attributes:
        letters: The letters that words are spelt with, in label order.
    """

    letters: str = "abcdefghijklmnopqrstuvwxyz'"

    def __post_init__(self) -> None:
        letters = self.letters
        if len(set(letters)) < len(letters) or not letters.isprintable() or " " in letters:
            raise ValueError(f"expected letters, none of them twice, found {letters!r}")
        if not 0 < len(letters) <= _MOST_LETTERS:
            raise ValueError(f"expected 1 to {_MOST_LETTERS} letters, found {len(letters)}")

    @property
    def labels(self) -> tuple[str, ...]:
        """Every label but blank, in id order: what NeMo calls `labels`."""
        return (*self.letters, UNKNOWN)

    @property
    def unknown(self) -> int:
        """Id of the unknown label; never emitted in a word."""
        return len(self.letters)

    @property
    def blank(self) -> int:
        """Id of blank."""
        return len(self.letters) + 1

    @property
    def classes(self) -> int:
        """Width of the network's output: letters, unknown and blank."""
        return len(self.letters) + 2

    def normalise(self, word: str) -> str:
        """Spell a word in this alphabet's letters.

        Lower-cases, straightens apostrophes, drops accents that the alphabet lacks and
        punctuation around the word: the finger passed over the same keys.

        Raises:
            WordError: nothing is left, or a character has no letter here.
        """
        text = straightened(word).lower()
        spelt = "".join(self._fold(character) for character in text)
        spelt = spelt.strip("".join({c for c in spelt if not c.isalnum()}))
        if not spelt:
            raise WordError("empty_word", f"word {word!r} has no letters")
        for character in spelt:
            if character not in self.letters:
                raise WordError(
                    "not_in_alphabet", f"word {word!r}: {character!r} is not in the alphabet"
                )
        return spelt

    def encode(self, word: str) -> list[int]:
        """Label ids of a word spelt in the letters; unknown characters give the unknown id."""
        ids = {letter: index for index, letter in enumerate(self.letters)}
        return [ids.get(character, self.unknown) for character in word]

    def decode(self, ids: Iterable[int]) -> str:
        """The word that label ids spell; unknown and blank are left out."""
        return "".join(self.letters[index] for index in ids if 0 <= index < len(self.letters))

    def _fold(self, character: str) -> str:
        if character in self.letters:
            return character
        plain = unicodedata.normalize("NFKD", character)
        return "".join(c for c in plain if not unicodedata.combining(c))


ENGLISH = Alphabet()
