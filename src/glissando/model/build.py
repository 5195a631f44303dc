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
        An `EncDecRNNTModel` or `EncDecCTCModel`.
    """
    from nemo.collections.asr.models import EncDecCTCModel, EncDecRNNTModel
    from nemo.utils import logging as nemo_log
    from omegaconf import OmegaConf

    nemo_log.setLevel(logging.ERROR)  # its warnings are about audio that is not there

    classes = {
        f"nemo.collections.asr.models.{cls.__name__}": cls
        for cls in (EncDecRNNTModel, EncDecCTCModel)
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
    return ASRModel.restore_from(str(path), map_location="cpu")


def parameter_count(model: Any) -> int:
    """Trainable numbers in the model."""
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
