"""Chooses the word prior's weight and the probabilities' temperature, on validation swipes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from glissando.decoding import BeamSettings, Candidate, make_search, n_best
from glissando.decoding.scorer import Floats
from glissando.evaluation import fit_temperature
from glissando.evaluation.matching import rank_of
from glissando.runtime import GestureDecoder

PRIOR_WEIGHTS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0, 1.3)
_CANDIDATES = 10


def tune(decoder: GestureDecoder, frames: Floats, truths: Sequence[str]) -> BeamSettings:
    """Settings with the prior weight of the best mean reciprocal rank, and a fitted temperature.

    Args:
        decoder: Its words, network and other settings.
        frames: `(S, T, P or V)` encoded validation swipes.
        truths: S words.
    """
    best, best_rank, best_answers = decoder.settings, -1.0, None
    for weight in PRIOR_WEIGHTS:
        settings = replace(decoder.settings, prior_weight=weight)
        answers = search_all(decoder, frames, settings)
        ranks = [rank_of(truth, found) for truth, found in zip(truths, answers, strict=True)]
        mean = float(np.mean([1 / rank if rank else 0.0 for rank in ranks]))
        if mean > best_rank:
            best, best_rank, best_answers = settings, mean, answers
    assert best_answers is not None
    return replace(best, temperature=temperature_of(best_answers, truths))


def search_all(
    decoder: GestureDecoder, frames: Floats, settings: BeamSettings
) -> list[list[Candidate]]:
    """The n-best of encoded swipes under other settings than the decoder's own."""
    space = decoder.space()
    search = make_search(decoder.scorer, space, settings)
    return [n_best(space, settings, *search(swipe), _CANDIDATES) for swipe in frames]


def temperature_of(answers: Sequence[Sequence[Candidate]], truths: Sequence[str]) -> float:
    """The temperature whose probabilities fit how often each candidate was the word."""
    ranks = [rank_of(truth, found) for truth, found in zip(truths, answers, strict=True)]
    return fit_temperature(
        [[candidate.score for candidate in found] for found in answers],
        [rank - 1 if rank else None for rank in ranks],
    )
