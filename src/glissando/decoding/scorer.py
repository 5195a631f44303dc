"""The seam between a network and the search: what a model must answer for words to be found.

`T` frames, `P` width of what the joint network reads, `V` label classes, `B` batch, `H` state.
"""

from __future__ import annotations

from typing import Protocol, TypeAlias, TypeGuard

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float32]
Ids: TypeAlias = NDArray[np.int32]


class CtcScorer(Protocol):
    """A model whose frames are log probabilities of labels already."""

    blank: int

    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to log probabilities `(B, T, V)`."""
        ...


class TransducerScorer(Protocol):
    """A model whose label probabilities depend on the letters written so far."""

    blank: int

    def encode(self, features: Floats) -> Floats:
        """Features `(B, F, N)` to frames `(B, T, P)`, projected for the joint network."""
        ...

    def initial_state(self) -> tuple[Floats, Floats]:
        """Output `(1, P)` and state `(1, H)` of the prediction network before the first letter."""
        ...

    def step(self, labels: Ids, states: Floats) -> tuple[Floats, Floats]:
        """Output `(B, P)` and state `(B, H)` after one more letter `(B,)` from states `(B, H)`."""
        ...

    def joint(self, frames: Floats, outputs: Floats) -> Floats:
        """Log probabilities `(B, T, V)` of labels at frames `(T, P)` after outputs `(B, P)`."""
        ...


Scorer: TypeAlias = CtcScorer | TransducerScorer


def is_transducer(scorer: Scorer) -> TypeGuard[TransducerScorer]:
    """Whether label probabilities depend on the letters written so far."""
    return hasattr(scorer, "joint")
