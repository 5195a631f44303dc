"""Hands a run's configuration to the translation into NeMo's words."""

from __future__ import annotations

from typing import Any

from glissando.alphabet import ENGLISH
from glissando.features import FeatureSpec
from glissando.model.nemo_config import DatasetFacts, OptimiserFacts, nemo_config
from glissando.training.config import Config


def feature_spec(config: Config) -> FeatureSpec:
    """The features that a configuration asks for."""
    return FeatureSpec(ENGLISH.letters, points=config.features.points, sigma=config.features.sigma)


def nemo_settings(config: Config, workers: int, max_steps: int, fused: bool) -> dict[str, Any]:
    """A run's configuration in NeMo's words."""
    optim = config.optim
    # NeMo leaves the rate at 0 where the warm-up is as long as the run.
    warmup = min(round(optim.warmup * max_steps), max_steps - 1)
    batch = config.train.batch_size
    return nemo_config(
        config,
        feature_spec(config),
        ENGLISH,
        DatasetFacts(config.data.train, batch, workers),
        DatasetFacts(config.data.validation, batch, workers),
        OptimiserFacts(
            lr=optim.lr,
            betas=(optim.beta1, optim.beta2),
            weight_decay=optim.weight_decay,
            warmup_steps=warmup,
            max_steps=max_steps,
            min_lr=optim.min_lr,
            fused=fused,
        ),
    )
