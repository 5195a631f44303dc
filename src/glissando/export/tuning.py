"""Chooses the search's weights and the probabilities' temperature, on validation swipes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from glissando.decoding import BeamSettings, Candidate, make_search, n_best
from glissando.decoding.scorer import Floats, is_transducer
from glissando.evaluation import fit_temperature
from glissando.evaluation.matching import rank_of
from glissando.runtime import GestureDecoder

PRIOR_WEIGHTS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3)
INTERNAL_WEIGHTS = (0.0, 0.15, 0.3, 0.45, 0.6)
_ROUNDS = 2  # each weight is chosen anew once the other is
_FINER = (-0.1, -0.05, 0.0, 0.05, 0.1)  # around what the rounds chose
_CANDIDATES = 10


def tune(decoder: GestureDecoder, frames: Floats, truths: Sequence[str]) -> BeamSettings:
    """Settings with the weights of the best mean reciprocal rank, and a fitted temperature.

    The weights of prior and internal language model are chosen in turn. A CTC model has none of the
    latter.

    Args:
        decoder: Its words, network and other settings.
        frames: `(S, T, P or V)` encoded validation swipes.
        truths: S words.
    """
    choices: dict[str, tuple[float, ...]] = {"prior_weight": PRIOR_WEIGHTS}
    if is_transducer(decoder.scorer):
        choices = {"internal_weight": INTERNAL_WEIGHTS, **choices}

    @cache
    def mean_rank(settings: BeamSettings) -> float:
        answers = search_all(decoder, frames, settings)
        ranks = [rank_of(truth, found) for truth, found in zip(truths, answers, strict=True)]
        return float(np.mean([1 / rank if rank else 0.0 for rank in ranks]))

    def chosen(best: BeamSettings, name: str, weights: Sequence[float]) -> BeamSettings:
        return max((_with(best, name, weight) for weight in weights), key=mean_rank)

    best = decoder.settings
    for name, weights in [*choices.items()] * (_ROUNDS if len(choices) > 1 else 1):
        best = chosen(best, name, weights)
    for name in choices:
        around = getattr(best, name)
        best = chosen(best, name, [around + step for step in _FINER if around + step >= 0])
    return replace(best, temperature=temperature_of(search_all(decoder, frames, best), truths))


def _with(settings: BeamSettings, name: str, weight: float) -> BeamSettings:
    return replace(settings, **{name: round(weight, 2)})  # type: ignore[arg-type]


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
