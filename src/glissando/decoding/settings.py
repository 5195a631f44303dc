"""How wide the search looks and how much the word prior counts."""

from __future__ import annotations

from dataclasses import dataclass

# Far beyond what is useful, and small enough that no search takes the machine's memory.
_RANGES = {
    "width": (1, 10_000),
    "threshold": (1e-3, 1e12),
    "max_symbols": (1, 100),
    "prior_weight": (0, 100),
    "internal_weight": (0, 10),
    "temperature": (1e-3, 1e3),
    "literal_prior": (-1e3, 1e3),
    "literal_letter": (-1e3, 1e3),
}


@dataclass(frozen=True, slots=True)
class BeamSettings:
    """Tuned on validation and stored in the bundle.

    Attributes:
        width: Prefixes kept at every frame.
        threshold: Nats below the best prefix at which others are given up.
        max_symbols: Letters that may be written within one frame (transducer only).
        prior_weight: Weight of the word's log prior beside the network's log probability.
        internal_weight: How much of the network's own language model is taken out (transducer
            only).
        temperature: Divides scores before they become probabilities.
        literal: Whether what the network spells without the list is a candidate, too (transducer
            only).
        literal_prior: Its log prior beside those of the list's words, in nats.
        literal_letter: What every letter of it adds to that.
    """

    width: int = 24
    threshold: float = 9.0
    max_symbols: int = 3
    prior_weight: float = 0.5
    internal_weight: float = 0.0
    temperature: float = 1.0
    literal: bool = False
    literal_prior: float = -11.0
    literal_letter: float = -2.0

    def __post_init__(self) -> None:
        for name, (least, most) in _RANGES.items():
            value = getattr(self, name)
            if not least <= value <= most:
                raise ValueError(f"{name}: expected {least:g} to {most:g}, found {value}")
