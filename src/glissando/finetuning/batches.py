"""Batches for adapting: the person's swipes, and synthetic ones of everyday words beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from glissando.alphabet import ENGLISH
from glissando.features import FeatureSpec
from glissando.finetuning.recipe import Recipe
from glissando.keyboard import Keyboard
from glissando.lexicon import Lexicon
from glissando.model.frontend import SwipeFeatures
from glissando.synthesis import synthesize
from glissando.traces import Gesture
from glissando.training.augment import augment

_SYNTHETIC_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Batch:
    """B swipes as the network takes them.

    Attributes:
        features: `(B, F, N)`.
        labels: `(B, U)` label ids, 0 beyond each word.
        label_lengths: `(B,)` letters of each word.
        words: The B words in the alphabet's letters.
    """

    features: Tensor
    labels: Tensor
    label_lengths: Tensor
    words: list[str]


def endless_batches(
    own: Sequence[Gesture],
    made: Sequence[Gesture],
    boards: Mapping[str, Keyboard],
    spec: FeatureSpec,
    recipe: Recipe,
) -> Iterator[Batch]:
    """Batch after batch, each swipe distorted anew; the same ones for the same seed."""
    rng = np.random.default_rng(recipe.seed)
    generator = torch.Generator().manual_seed(recipe.seed)
    few = min(len(made), round(recipe.synthetic * recipe.batch_size))
    order = _shuffled(len(own), rng)
    features = SwipeFeatures(spec)
    while True:
        gestures = [own[next(order)] for _ in range(recipe.batch_size - few)]
        gestures += [made[at] for at in rng.integers(len(made), size=few)] if few else []
        points, lengths = _padded(gestures)
        chosen = [boards[gesture.layout] for gesture in gestures]
        centres = torch.from_numpy(np.stack([b.centre_array(spec.letters) for b in chosen]))
        key_size = torch.from_numpy(np.stack([b.key_size for b in chosen]))
        points, lengths = augment(points, lengths, key_size, recipe.augment, generator)
        words = [ENGLISH.normalise(gesture.word) for gesture in gestures]
        yield Batch(features(points, lengths, centres, key_size), *_labels(words), words)


def synthetic_swipes(lexicon: Lexicon, board: Keyboard, seed: int) -> list[Gesture]:
    """Swipes of words drawn as often as they are used, each by another made-up person."""
    rng = np.random.default_rng(seed)
    letters = {key for key in ENGLISH.letters if key in board.centres} | {"'"}
    likely = np.exp(lexicon.log_priors.astype(np.float64) / 2)  # flattened: rare words, too
    drawn = rng.choice(len(lexicon), _SYNTHETIC_WORDS, p=likely / likely.sum())
    words = [ENGLISH.normalise(lexicon.words[at]) for at in drawn]
    words = [word for word in words if set(word) <= letters]
    return list(synthesize(words, board, rng=rng).gestures(layout=board.name, source="synthetic"))


def _shuffled(count: int, rng: np.random.Generator) -> Iterator[int]:
    """Every row once in a new order, then again."""
    while True:
        yield from rng.permutation(count).tolist()


def _padded(gestures: Sequence[Gesture]) -> tuple[Tensor, Tensor]:
    lengths = torch.tensor([len(gesture.trace) for gesture in gestures])
    rows = [torch.from_numpy(gesture.trace.points()) for gesture in gestures]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), lengths


def _labels(words: Sequence[str]) -> tuple[Tensor, Tensor]:
    spelt = [ENGLISH.encode(word) for word in words]
    lengths: NDArray[np.int64] = np.array([len(ids) for ids in spelt])
    labels = np.zeros((len(spelt), lengths.max()), np.int64)
    for row, ids in zip(labels, spelt, strict=True):
        row[: len(ids)] = ids
    return torch.from_numpy(labels), torch.from_numpy(lengths)
