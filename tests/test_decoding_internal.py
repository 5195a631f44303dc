"""The internal language model is taken out of every word's score, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_scorers import ABC, RandomTransducer
from test_decoding_search import (
    COMPILED,
    EXACT,
    SEEDS,
    WORDS,
    answers,
    priors_of,
    space_of,
    transducer_log_probability,
)


def internal_log_probability(scorer: RandomTransducer, word: str) -> float:
    """What the network alone gives a word's letters, asked with a frame of zeros, without blank."""
    total, (output, state) = 0.0, scorer.initial_state()
    for label in ABC.encode(word):
        alone = scorer.joint(np.zeros((1, 8), np.float32), output)[0, 0].astype(np.float64)
        total += alone[label] - np.logaddexp.reduce(np.delete(alone, ABC.blank))
        output, state = scorer.step(np.array([label], np.int32), state)
    return total


@pytest.mark.parametrize("compiled", COMPILED)
@given(words=WORDS, seed=SEEDS, frames=st.integers(1, 5), weight=st.floats(0.1, 1.5))
@settings(deadline=None, max_examples=40)
def test_what_the_network_alone_expects_is_taken_out_of_every_word(
    compiled: bool, words: list[str], seed: int, frames: int, weight: float
) -> None:
    scorer, priors = RandomTransducer(seed, frames), priors_of(words, seed)
    beam, space = replace(EXACT, internal_weight=weight), space_of(words, priors)
    found = {c.word: c.score for c in answers(scorer, space, beam, compiled)}
    wanted = {
        word: transducer_log_probability(scorer, word)
        + beam.prior_weight * float(prior)
        - weight * internal_log_probability(scorer, word)
        for word, prior in zip(words, priors, strict=True)
    }
    assert found == pytest.approx(wanted, abs=1e-4)
