"""Builds NeMo's model from a resolved configuration, and restores one from a `.nemo` file."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any


def build_model(config: dict[str, Any], trainer: Any = None) -> Any:
    """The stock NeMo model that `config["target"]` names.

    Args:
        config: What `nemo_config` returns.
        trainer: The Lightning trainer, or None for a model that is only looked at.

    Returns:
        An `EncDecRNNTModel`, `EncDecHybridRNNTCTCModel` or `EncDecCTCModel`.
    """
    from nemo.collections.asr.models import (
        EncDecCTCModel,
        EncDecHybridRNNTCTCModel,
        EncDecRNNTModel,
    )
    from omegaconf import OmegaConf

    _quieten_nemo()
    classes = {
        f"nemo.collections.asr.models.{cls.__name__}": cls
        for cls in (EncDecRNNTModel, EncDecHybridRNNTCTCModel, EncDecCTCModel)
    }
    return classes[config["target"]](cfg=OmegaConf.create(config), trainer=trainer)


def restore_model(path: Path) -> Any:
    """The model in a `.nemo` file, on the CPU.

    Raises:
        FileNotFoundError: no such file.
    """
    from nemo.collections.asr.models import ASRModel

    if not path.is_file():
        raise FileNotFoundError(f"no .nemo file at {path}")
    _quieten_nemo()
    return ASRModel.restore_from(str(path), map_location="cpu")


def load_weights(model: Any, path: Path) -> None:
    """Start a model from another's weights.

    Args:
        model: A model of the same architecture.
        path: A `.nemo` file, or a run's folder with `model.nemo` in it.

    Raises:
        FileNotFoundError: no such file.
        ValueError: the weights are of another architecture; names the first that differs.
    """
    other = restore_model(path / "model.nemo" if path.is_dir() else path).state_dict()
    own = model.state_dict()
    for name in sorted(own.keys() | other.keys()):
        shapes = [tuple(w[name].shape) if name in w else None for w in (own, other)]
        if shapes[0] != shapes[1]:
            raise ValueError(f"init={path}: {name}: expected {shapes[0]}, found {shapes[1]}")
    model.load_state_dict(other)


def parameter_count(model: Any) -> int:
    """Trainable numbers in the model."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)


def _quieten_nemo() -> None:
    from nemo.utils import logging as nemo_log

    nemo_log.setLevel(logging.ERROR)  # its warnings are about audio that is not there
