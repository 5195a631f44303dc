"""Candidates while the finger still moves, without flicker."""

from __future__ import annotations

from glissando.decoding import Candidate, Decoder
from glissando.keyboard import Keyboard
from glissando.traces import Trace

MARGIN = 0.4
"""By how much of probability a new best word must lead before it replaces the one shown; chosen on
validation, see docs/log.md."""


class LiveGesture:
    """One swipe while it is drawn.

    Words come and go as the finger passes over keys. The word shown stays until another leads
    it by a margin or it drops out of the candidates, so that what the eye follows settles early.
    What has been spelt of a word so far is no word, so literal candidates wait for the end, too;
    `finish` shows what the whole swipe says, whatever was shown before.
    """

    def __init__(
        self,
        decoder: Decoder,
        *,
        keyboard: Keyboard | None = None,
        n: int = 10,
        margin: float = MARGIN,
    ) -> None:
        self._decoder, self._keyboard, self._n, self._margin = decoder, keyboard, n, margin
        self._shown: str | None = None

    def update(self, trace: Trace) -> list[Candidate]:
        """Candidates for what is drawn so far, the word to show first."""
        found = self._decoder.decode(trace, keyboard=self._keyboard, n=self._n + 1)
        candidates = [candidate for candidate in found if not candidate.literal][: self._n]
        shown = next((c for c in candidates if c.word == self._shown), None)
        if shown is not None and candidates[0].probability - shown.probability < self._margin:
            candidates = [shown, *(c for c in candidates if c is not shown)]
        self._shown = candidates[0].word if candidates else None
        return candidates

    def finish(self, trace: Trace) -> list[Candidate]:
        """Candidates for the whole swipe."""
        self._shown = None
        return self._decoder.decode(trace, keyboard=self._keyboard, n=self._n)
