"""The words that a search would take for the right one, found anew for every training batch."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import torch
from torch import Tensor

from glissando.alphabet import Alphabet
from glissando.decoding import BeamSettings, WordSearch, search_space
from glissando.evaluation.matching import match_key
from glissando.lexicon import Lexicon, build_trie
from glissando.model.scorers import NemoTransducer
from glissando.training.config import MmiConfig

_WIDTH = 16  # narrower than for users: the nearest words are enough


@dataclass(frozen=True, slots=True)
class Contest:
    """The right words of a batch and their rivals, one after another.

    Attributes:
        spellings: N words in the alphabet's letters; each swipe's right word stands first.
        swipes: Int64 `(N,)`: the row of the batch that each belongs to; ascending.
        log_priors: Float32 `(N,)`: natural log of each word's prior; -inf where the list lacks it.
    """

    spellings: list[str]
    swipes: Tensor
    log_priors: Tensor


class Rivals:
    """Searches a batch with the network as it is now, on the CPU.

    Attributes:
        alphabet: Letters of the labels.
        prior_weight: Weight of the word list's log prior.
    """

    def __init__(self, model: Any, alphabet: Alphabet, lexicon: Lexicon, config: MmiConfig) -> None:
        """Build the word list's tree.

        Args:
            model: An `EncDecRNNTModel`; its prediction and joint networks are copied for each
                search, without dropout.
            alphabet: Letters of the labels.
            lexicon: The words that compete.
            config: How many for a swipe, and how much their priors count.

        Raises:
            LexiconError: a word that the alphabet cannot spell.
        """
        self.alphabet, self.prior_weight = alphabet, config.prior_weight
        spellings, entries = lexicon.spellings(alphabet)
        trie = build_trie(spellings, entries, lexicon.log_priors, alphabet.letters)
        self._space = search_space(trie, lexicon.words, lexicon.log_priors)
        self._settings = BeamSettings(width=_WIDTH, prior_weight=config.prior_weight)
        self._count, self._blank = config.candidates, alphabet.blank
        self._priors: dict[str, float] = {}
        for word, prior in zip(lexicon.words, lexicon.log_priors.tolist(), strict=True):
            key = match_key(word)
            self._priors[key] = max(prior, self._priors.get(key, -math.inf))
        self._copy = SimpleNamespace(
            **{name: copy.deepcopy(getattr(model, name)).cpu().eval() for name in _SEARCHED}
        )

    @torch.no_grad()
    def find(self, model: Any, frames: Tensor, labels: Sequence[str]) -> Contest:
        """The right word of each swipe and the words that score best beside it.

        Args:
            model: The model in training.
            frames: `(B, T, J)` encoder frames as its joint network projects them.
            labels: B words in the alphabet's letters.
        """
        for name in _SEARCHED:
            getattr(self._copy, name).load_state_dict(getattr(model, name).state_dict())
        with torch.autocast("cpu", enabled=False):
            scorer = NemoTransducer(self._copy, self._blank)
            search = WordSearch(scorer, self._space, self._settings, self.alphabet)
            found = [search(swipe, self._count) for swipe in frames.float().cpu().numpy()]
        spellings, swipes = [], []
        for row, (label, candidates) in enumerate(zip(labels, found, strict=True)):
            right = match_key(label)
            # An answer with the same letters is right, too: `I'm` is no rival of `im`.
            rivals = dict.fromkeys(match_key(candidate.word) for candidate in candidates)
            rivals.pop(right, None)
            words = [label, *[*rivals][: self._count - 1]]
            spellings += words
            swipes += [row] * len(words)
        priors = [self._priors.get(match_key(word), -math.inf) for word in spellings]
        return Contest(spellings, torch.tensor(swipes), torch.tensor(priors))


_SEARCHED = ("decoder", "joint")  # what NeMo calls the prediction and the joint network
