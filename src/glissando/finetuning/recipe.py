"""How a model is adapted to one person; defaults chosen on people whom nothing reported is of."""

from __future__ import annotations

from dataclasses import dataclass, field

from glissando.fields import option
from glissando.training.config import AugmentConfig


@dataclass(frozen=True)
class Recipe:
    """Steps and rates, and the synthetic swipes that keep the model from forgetting others."""

    steps: int = option(40, "optimiser steps")
    batch_size: int = option(24, "swipes of a step")
    synthetic: float = option(0.5, "share of a step's swipes that are synthetic")
    lr: float = option(4e-4, "highest learning rate; rises for a tenth of the steps, then falls")
    mmi_weight: float = option(
        10.0, "weight of the loss that puts right words above their rivals (transducers only)"
    )
    clip: float = option(1.0, "bound of the gradient's norm")
    seed: int = option(1, "seed of order, augmentation and synthetic swipes")
    augment: AugmentConfig = field(default_factory=AugmentConfig)

    def __post_init__(self) -> None:
        for name, low, high in (
            ("steps", 1, 100_000),
            ("batch_size", 2, 4096),
            ("synthetic", 0.0, 0.95),
        ):
            value = getattr(self, name)
            if not low <= value <= high:
                raise ValueError(f"{name}: expected {low} to {high}, found {value}")
