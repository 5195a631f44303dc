"""Scorers with random weights over three letters, small enough to score every word by hand."""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from glissando.alphabet import Alphabet
from glissando.decoding import SearchSpace, search_space
from glissando.decoding.scorer import Floats, Ids
from glissando.lexicon.trie import build_trie

ABC = Alphabet("abc")


class RandomTransducer:
    """A real prediction network (a random recurrence) and joint, small enough to think about."""

    blank = ABC.blank

    def __init__(self, seed: int, frames: int) -> None:
        rng = np.random.default_rng(seed)
        self.frames = rng.normal(size=(frames, 8)).astype(np.float32)
        self._letters = rng.normal(size=(ABC.classes, 8)).astype(np.float32)
        self._recurrence = rng.normal(size=(8, 8)).astype(np.float32)
        self._classes = rng.normal(size=(8, ABC.classes)).astype(np.float32)

    def encode(self, features: Floats) -> Floats:
        return np.repeat(self.frames[None], len(features), axis=0)

    def initial_state(self) -> tuple[Floats, Floats]:
        return self.step(np.array([self.blank], np.int32), np.zeros((1, 8), np.float32))

    def step(self, labels: Ids, states: Floats) -> tuple[Floats, Floats]:
        after = np.tanh(states.astype(np.float64) @ self._recurrence + self._letters[labels])
        return after.astype(np.float32), after.astype(np.float32)

    def joint(self, frames: Floats, outputs: Floats) -> Floats:
        # In float64, so that how many prefixes are asked for at once decides no digit.
        scores = np.maximum(frames + outputs[:, None], 0).astype(np.float64) @ self._classes
        said = scores - np.logaddexp.reduce(scores, axis=-1, keepdims=True)
        return said.astype(np.float32)


class RandomCtc:
    """Random log probabilities."""

    blank = ABC.blank

    def __init__(self, seed: int, frames: int) -> None:
        scores = np.random.default_rng(seed).normal(size=(frames, ABC.classes)) * 2
        scores -= np.logaddexp.reduce(scores, axis=-1, keepdims=True)
        self.frames = scores.astype(np.float32)

    def encode(self, features: Floats) -> Floats:
        return np.repeat(self.frames[None], len(features), axis=0)


def transducer_log_probability(scorer: RandomTransducer, word: str) -> float:
    """Every alignment of a word, added up cell by cell over frames and letters."""
    labels = ABC.encode(word)
    outputs, state = scorer.initial_state()
    rows = [outputs]
    for label in labels:
        output, state = scorer.step(np.array([label], np.int32), state)
        rows.append(output)
    said = scorer.joint(scorer.frames, np.concatenate(rows)).astype(np.float64)
    reached = np.full((len(scorer.frames) + 1, len(labels) + 1), -np.inf)
    reached[0, 0] = 0.0
    for t, u in itertools.product(range(len(scorer.frames)), range(len(labels) + 1)):
        if u:
            written = reached[t, u - 1] + said[u - 1, t, labels[u - 1]]
            reached[t, u] = np.logaddexp(reached[t, u], written)
        reached[t + 1, u] = reached[t, u] + said[u, t, ABC.blank]
    return float(reached[-1, -1])


def space_of(words: list[str], priors: NDArray[np.float32]) -> SearchSpace:
    entries = np.arange(len(words), dtype=np.int32)
    return search_space(build_trie(words, entries, priors, ABC.letters), words, priors)


def priors_of(words: list[str], seed: int) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(-5, 2, len(words)).astype(np.float32)
