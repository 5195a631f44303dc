"""Checkpoints that a crash in the middle of writing, or a full disk, cannot cost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from lightning.fabric.plugins import TorchCheckpointIO
from lightning.pytorch.callbacks import ModelCheckpoint

from glissando.training.config import TrainConfig
from glissando.training.run_folder import RunFolder, write_atomically


class CheckpointError(RuntimeError):
    """A checkpoint that could not be written or is not one; the message names the file."""


class AtomicCheckpointIO(TorchCheckpointIO):
    """Writes beside the old checkpoint and replaces it only when the new one is on the disk."""

    def save_checkpoint(
        self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None
    ) -> None:
        """Write a checkpoint.

        Raises:
            CheckpointError: the disk is full or not writable; the previous checkpoint is whole.
        """
        try:
            write_atomically(Path(path), lambda file: torch.save(checkpoint, file))
        except (OSError, RuntimeError) as error:  # torch reports a full disk as RuntimeError
            kept = "the previous one is unharmed" if Path(path).exists() else "there is none yet"
            raise CheckpointError(
                f"{path}: cannot write the checkpoint ({error}); {kept}"
            ) from error


def checkpoint_callbacks(folder: RunFolder, config: TrainConfig) -> list[ModelCheckpoint]:
    """`last.ckpt` every so many steps, and `best.ckpt` by validation WER."""
    common: dict[str, Any] = {
        "dirpath": folder.checkpoints,
        "save_top_k": 1,
        "enable_version_counter": False,
        "auto_insert_metric_name": False,
    }
    last = ModelCheckpoint(
        filename=folder.last.stem, every_n_train_steps=config.checkpoint_every, **common
    )
    best = ModelCheckpoint(filename=folder.best.stem, monitor="val_wer", mode="min", **common)
    return [last, best]


def check_resumable(path: Path) -> dict[str, Any]:
    """Read a checkpoint that a run is to continue from.

    Raises:
        CheckpointError: no such file, or it is not a whole checkpoint of a training run.
    """
    if not path.is_file():
        raise CheckpointError(f"resume={path}: no such file")
    try:
        checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=False)
        checkpoint["global_step"], checkpoint["SwipeDataModule"]
    except Exception as error:  # whatever unpickling raises, the file is no checkpoint of ours
        raise CheckpointError(f"resume={path}: not a checkpoint of a run ({error!r})") from error
    return checkpoint
