"""After the last step: which weights a run keeps, and how good they are."""

from __future__ import annotations

from typing import Any

import torch

from glissando.training.averaging import AVERAGED
from glissando.training.data_module import SwipeDataModule
from glissando.training.history import read_history
from glissando.training.run_folder import RunFolder, write_atomically

Scores = dict[str, float]


def better_of_best_and_last(
    trainer: Any, model: Any, data: SwipeDataModule, folder: RunFolder
) -> tuple[Scores, Scores]:
    """Validate the last weights, write `last.ckpt`, and `best.ckpt` where they are better.

    Returns:
        The validation of the weights in `best.ckpt`, and of those in `last.ckpt`.
    """
    trainer.strategy.barrier()  # the history is written by one process and read by all
    if _validation_at(folder, trainer.global_step) is None:
        trainer.validate(model, datamodule=data, verbose=False)
        trainer.strategy.barrier()
    last = _validation_at(folder, trainer.global_step)
    assert last is not None
    trainer.save_checkpoint(folder.last)
    best = _best(folder)
    if best is None or (last["val_wer"], last["val_cer"]) < (best["val_wer"], best["val_cer"]):
        best = last
        trainer.save_checkpoint(folder.best)
    return best, last


def save_best_as_nemo(model: Any, folder: RunFolder) -> None:
    """Write `model.nemo` with the weights of `best.ckpt`."""
    best = _load(folder.best)
    model.load_state_dict(best.get(AVERAGED, best["state_dict"]))
    write_atomically(folder.model, lambda path: model.save_to(str(path)))


def _best(folder: RunFolder) -> Scores | None:
    if not folder.best.is_file():
        return None
    return _validation_at(folder, _load(folder.best)["global_step"])


def _load(path: Any) -> dict[str, Any]:
    checkpoint: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=False)
    return checkpoint


def _validation_at(folder: RunFolder, step: int) -> Scores | None:
    rows = [row for row in read_history(folder.history) if "val_wer" in row and row["step"] == step]
    return rows[-1] if rows else None
