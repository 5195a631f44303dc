"""The words that a decoder knows now: the bundle's list, and what the user changed of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from functools import cached_property

import numpy as np

from glissando.bundle import LEXICON, Bundle, BundleError
from glissando.decoding import SearchSpace, joined, search_space
from glissando.lexicon import (
    Lexicon,
    LexiconError,
    PersonalChanges,
    PersonalWords,
    SpellingError,
    build_trie,
    matching_key,
)


class Vocabulary:
    """Builds the word list's tree once, and beside it a small one whenever the user's words change.

    Attributes:
        lexicon: The bundle's word list.
        personal: The user's words.
    """

    def __init__(self, bundle: Bundle, personal: PersonalWords | None) -> None:
        self._alphabet = bundle.description.alphabet
        try:
            self.lexicon = Lexicon.from_bytes(bundle.files[LEXICON], LEXICON)
            self._fixed = self._space_of(self.lexicon)
        except SpellingError as error:
            raise BundleError(f"{LEXICON}: {error}") from error
        except LexiconError as error:
            raise BundleError(str(error)) from error
        if personal is None:
            personal = PersonalWords(alphabet=self._alphabet)
        self.personal = personal
        self._lock = threading.Lock()
        self._space, self._seen = self._fixed, 0

    @property
    def words(self) -> list[str]:
        """Every word that can be answered, as shown."""
        changes = self.personal.changes
        words = dict.fromkeys([*self.lexicon.words, *changes.added])
        if not changes.blocked:
            return [*words]
        return [word for word in words if matching_key(word) not in changes.blocked]

    def space(self) -> SearchSpace:
        """Where to search; the same object until the user's words change."""
        with self._lock:
            changes = self.personal.changes
            if changes.revision != self._seen:
                self._space, self._seen = self._changed(changes), changes.revision
            return self._space

    def _changed(self, changes: PersonalChanges) -> SearchSpace:
        priors = self.lexicon.log_priors.copy()
        for key, nats in changes.boosts.items():
            priors[self._places(key)] += min(nats, 0.0)
        for key in changes.blocked:
            priors[self._places(key)] = -np.inf
        space = replace(self._fixed, log_priors=priors)
        own = self._own_priors(changes)
        if not own:
            return space
        values = np.fromiter(own.values(), np.float32, len(own))
        return joined(space, self._space_of(replace(self.lexicon, words=[*own], log_priors=values)))

    def _own_priors(self, changes: PersonalChanges) -> dict[str, float]:
        """Log priors of the words with a tree of their own: added ones, and boosted ones.

        A listed word that is boosted is in both trees, because the list's tree promises the search
        no more than it did before; the better of its two scores counts.
        """
        priors = dict(changes.added)
        for key, nats in changes.boosts.items():
            if nats > 0:
                for at in self._places(key):
                    word = self.lexicon.words[at]
                    priors.setdefault(word, float(self.lexicon.log_priors[at]))
            for word in priors:
                if matching_key(word) == key:
                    priors[word] += nats
        return priors

    def _places(self, key: str) -> list[int]:
        """Where in the list the words of a key are."""
        return self._listed.get(key, [])

    @cached_property
    def _listed(self) -> dict[str, list[int]]:
        """Key of every listed word → its places in the list."""
        places: dict[str, list[int]] = {}
        for at, word in enumerate(self.lexicon.words):
            places.setdefault(matching_key(word), []).append(at)
        return places

    def _space_of(self, lexicon: Lexicon) -> SearchSpace:
        spellings, entries = lexicon.spellings(self._alphabet)
        trie = build_trie(spellings, entries, lexicon.log_priors, self._alphabet.letters)
        return search_space(trie, lexicon.words, lexicon.log_priors)
