"""Frames of a swipe in, an n-best out: the beam over the list, and what is read without it."""

from __future__ import annotations

from collections.abc import Container

from glissando.alphabet import Alphabet
from glissando.decoding.ending import n_best
from glissando.decoding.literal import read_literally
from glissando.decoding.results import Candidate
from glissando.decoding.scorer import Floats, Scorer
from glissando.decoding.search import make_search
from glissando.decoding.settings import BeamSettings
from glissando.decoding.space import SearchSpace
from glissando.lexicon import matching_key


class WordSearch:
    """Finds the words of one swipe after another; it keeps memory, so one for each thread."""

    def __init__(
        self,
        scorer: Scorer,
        space: SearchSpace,
        settings: BeamSettings,
        alphabet: Alphabet,
        *,
        compiled: bool | None = None,
    ) -> None:
        """Set up a search.

        Args:
            scorer: The network.
            space: The words.
            settings: Beam, priors, internal language model, literal reading.
            alphabet: The letters of the network's labels.
            compiled: Whether to use the compiled kernel; None for wherever it was built.
        """
        self._space, self._settings, self._alphabet = space, settings, alphabet
        self._search = make_search(scorer, space, settings, compiled=compiled)
        self._blank = scorer.blank

    def __call__(self, frames: Floats, n: int, *, blocked: Container[str] = ()) -> list[Candidate]:
        """The `n` best words at most of one swipe's frames `(T, P or V)`, best first.

        Args:
            frames: What the network makes of the swipe.
            n: How many.
            blocked: Keys of words (`matching_key`) that are never read literally.
        """
        nodes, mass = self._search(frames)
        return n_best(self._space, self._settings, nodes, mass, n, self._literal(blocked))

    def _literal(self, blocked: Container[str]) -> tuple[str, float] | None:
        table = self._search.table
        if table is None or not self._settings.literal:
            return None
        reading = read_literally(table, self._space, self._blank)
        if reading is None or self._alphabet.unknown in reading.labels:
            return None
        word = self._alphabet.decode(reading.labels)
        if matching_key(word) in blocked or not any(map(str.isalnum, word)):
            return None
        return word, reading.score(self._settings)
