"""What every decoder answers: words with scores, best first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from glissando.keyboard import Keyboard
from glissando.traces import Trace


@dataclass(frozen=True, slots=True)
class Candidate:
    """One word that a swipe may have meant.

    Attributes:
        word: As it is shown and typed, with apostrophe and capitals.
        score: Natural logarithm of an unnormalised likelihood; comparable within one n-best.
        probability: Calibrated probability that this is the word, 0 to 1.
        literal: Read letter by letter: no word of the list, nor the user's.
    """

    word: str
    score: float
    probability: float
    literal: bool = False


class Decoder(Protocol):
    """Anything that turns swipes into words: a bundle, a template matcher, your own.

    Attributes:
        name: What reports call it.
        lexicon_name: Name of its word list.
        size_bytes: What a user downloads for it, word list included.
    """

    name: str
    lexicon_name: str
    size_bytes: int

    @property
    def words(self) -> list[str]:
        """Every word that it can answer, as shown, but for literal candidates."""
        ...

    def decode(
        self, trace: Trace, *, keyboard: Keyboard | None = None, n: int = 10
    ) -> list[Candidate]:
        """The `n` likeliest words at most, best first; `keyboard` None for the decoder's own."""
        ...

    def decode_greedy(self, trace: Trace, *, keyboard: Keyboard | None = None) -> str | None:
        """Letters read without a lexicon; None where the decoder has no such mode."""
        ...
