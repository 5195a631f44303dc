"""The priors of literal readings are weighed without searching anew, and come out the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from glissando import GestureDecoder
from glissando.decoding import BeamSettings
from glissando.decoding.scorer import Floats
from glissando.export.tuning import (
    LITERAL_LETTERS,
    LITERAL_PRIORS,
    mean_reciprocal_rank,
    search_all,
    with_literal,
)
from glissando.keyboard import load_keyboard
from glissando.synthesis import synthesize

LISTED = ["water", "people", "through", "language", "tree", "friend", "to", "seven"]
INVENTED = ["zorbleflux", "quimblat", "frandelow", "wuzzlegan", "plonkeray", "snarfblat"]


@pytest.fixture(scope="module")
def decoder() -> GestureDecoder:
    return GestureDecoder.load()


def encoded(decoder: GestureDecoder, words: list[str]) -> Floats:
    traces = synthesize(words, load_keyboard("qwerty"), rng=np.random.default_rng(2)).traces()
    return decoder.scorer.encode(decoder.features([*traces]))


def best_of_all(decoder: GestureDecoder, words: list[str]) -> tuple[float, BeamSettings]:
    """Every pair of priors searched with, the slow way."""
    frames = encoded(decoder, words)
    tried = [
        replace(decoder.settings, literal=True, literal_prior=prior, literal_letter=letter)
        for prior in LITERAL_PRIORS
        for letter in LITERAL_LETTERS
    ]
    quality = [mean_reciprocal_rank(search_all(decoder, frames, one), words) for one in tried]
    return max(quality), tried[int(np.argmax(quality))]


@pytest.mark.parametrize("words", [LISTED, LISTED + INVENTED, INVENTED])
def test_the_best_of_all_pairs_is_found(decoder: GestureDecoder, words: list[str]) -> None:
    chosen = with_literal(decoder, encoded(decoder, words), words, decoder.settings)
    quality, wanted = best_of_all(decoder, words)
    assert chosen == wanted
    found = search_all(decoder, encoded(decoder, words), chosen)
    assert mean_reciprocal_rank(found, words) == quality
