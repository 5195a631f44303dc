"""How wide the search looks and how much the word prior counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BeamSettings:
    """Tuned on validation and stored in the bundle.

    Attributes:
        width: Prefixes kept at every frame.
        threshold: Nats below the best prefix at which others are given up.
        max_symbols: Letters that may be written within one frame (transducer only).
        prior_weight: Weight of the word's log prior beside the network's log probability.
        temperature: Divides scores before they become probabilities.
    """

    width: int = 32
    threshold: float = 10.0
    max_symbols: int = 4
    prior_weight: float = 0.5
    temperature: float = 1.0

    def __post_init__(self) -> None:
        for name in ("width", "max_symbols"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}: expected at least 1, found {getattr(self, name)}")
        for name in ("threshold", "temperature"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: expected more than 0, found {getattr(self, name)}")
        if not self.prior_weight >= 0:
            raise ValueError(f"prior_weight: expected 0 or more, found {self.prior_weight}")
