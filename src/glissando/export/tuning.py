"""Chooses the search's weights and the probabilities' temperature, on validation swipes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from glissando.decoding import BeamSettings, Candidate, WordSearch
from glissando.decoding.literal import literal_prior
from glissando.decoding.scorer import Floats, is_transducer
from glissando.evaluation import fit_temperature
from glissando.evaluation.matching import rank_of
from glissando.runtime import GestureDecoder

PRIOR_WEIGHTS = (0.0, 0.15, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3)
INTERNAL_WEIGHTS = (0.0, 0.15, 0.3, 0.45, 0.6)
LITERAL_PRIORS = (-5.0, -7.0, -9.0, -11.0, -13.0, -15.0, -17.0)
LITERAL_LETTERS = (-0.5, -1.0, -1.5, -2.0, -2.5, -3.0)
_ROUNDS = 2  # each weight is chosen anew once the other is
_FINER = (-0.1, -0.05, 0.0, 0.05, 0.1)  # around what the rounds chose
_CANDIDATES = 10


def tune(decoder: GestureDecoder, frames: Floats, truths: Sequence[str]) -> BeamSettings:
    """Settings with the weights of the best mean reciprocal rank, and a fitted temperature.

    The weights of prior and internal language model are chosen in turn, then how far literal
    readings stand behind. A CTC model has neither of the latter.

    Args:
        decoder: Its words, network and other settings.
        frames: `(S, T, P or V)` encoded validation swipes.
        truths: S words.
    """
    choices: dict[str, tuple[float, ...]] = {"prior_weight": PRIOR_WEIGHTS}
    if is_transducer(decoder.scorer):
        choices = {"internal_weight": INTERNAL_WEIGHTS, **choices}

    @cache
    def quality(settings: BeamSettings) -> float:
        return mean_reciprocal_rank(search_all(decoder, frames, settings), truths)

    def chosen(best: BeamSettings, name: str, weights: Sequence[float]) -> BeamSettings:
        return max((_with(best, name, weight) for weight in weights), key=quality)

    best = replace(decoder.settings, literal=False)
    for name, weights in [*choices.items()] * (_ROUNDS if len(choices) > 1 else 1):
        best = chosen(best, name, weights)
    for name in choices:
        around = getattr(best, name)
        best = chosen(best, name, [around + step for step in _FINER if around + step >= 0])
    if is_transducer(decoder.scorer):
        best = with_literal(decoder, frames, truths, best)
    return replace(best, temperature=temperature_of(search_all(decoder, frames, best), truths))


def with_literal(
    decoder: GestureDecoder, frames: Floats, truths: Sequence[str], settings: BeamSettings
) -> BeamSettings:
    """Settings with the best priors of literal readings.

    They decide where a literal reading stands among the other words and nothing else, so one
    search serves all of them.
    """
    first = replace(settings, literal=True, literal_prior=0.0, literal_letter=0.0)
    answers = search_all(decoder, frames, first)
    tried = [
        replace(first, literal_prior=prior, literal_letter=letter)
        for prior in LITERAL_PRIORS
        for letter in LITERAL_LETTERS
    ]
    return max(
        tried,
        key=lambda choice: mean_reciprocal_rank(
            [_ranked_anew(found, choice) for found in answers], truths
        ),
    )


def _ranked_anew(found: Sequence[Candidate], settings: BeamSettings) -> list[Candidate]:
    """Candidates in another order: literal ones had no prior yet."""

    def score(candidate: Candidate) -> float:
        if not candidate.literal:
            return candidate.score
        return candidate.score + literal_prior(settings, len(candidate.word))

    return sorted(found, key=score, reverse=True)


def mean_reciprocal_rank(answers: Sequence[Sequence[Candidate]], truths: Sequence[str]) -> float:
    """Mean over swipes of 1 / the word's place among its candidates, 0 where it is not there."""
    ranks = [rank_of(truth, found) for truth, found in zip(truths, answers, strict=True)]
    return float(np.mean([1 / rank if rank else 0.0 for rank in ranks]))


def _with(settings: BeamSettings, name: str, weight: float) -> BeamSettings:
    return replace(settings, **{name: round(weight, 2)})  # type: ignore[arg-type]


def search_all(
    decoder: GestureDecoder, frames: Floats, settings: BeamSettings
) -> list[list[Candidate]]:
    """The n-best of encoded swipes under other settings than the decoder's own."""
    alphabet = decoder.description.alphabet
    search = WordSearch(decoder.scorer, decoder.space(), settings, alphabet)
    return [search(swipe, _CANDIDATES) for swipe in frames]


def temperature_of(answers: Sequence[Sequence[Candidate]], truths: Sequence[str]) -> float:
    """The temperature whose probabilities fit how often each candidate was the word."""
    ranks = [rank_of(truth, found) for truth, found in zip(truths, answers, strict=True)]
    return fit_temperature(
        [[candidate.score for candidate in found] for found in answers],
        [rank - 1 if rank else None for rank in ranks],
    )
