"""After the last step: which weights a run keeps, and how good they are."""

from __future__ import annotations

from typing import Any

import torch

from glissando.training.averaging import AVERAGED
from glissando.training.data_module import SwipeDataModule
from glissando.training.history import read_history
from glissando.training.run_folder import RunFolder, write_atomically

Scores = dict[str, float]


def kept_and_last(
    trainer: Any, model: Any, data: SwipeDataModule, folder: RunFolder, *, keep_last: bool
) -> tuple[Scores, Scores]:
    """Validate the last weights, write `last.ckpt`, and `best.ckpt` where they are better.

    Args:
        trainer: It has come to its end.
        model: Its model.
        data: Its swipes.
        folder: The run's.
        keep_last: Take the last weights for the best, whatever validation says.

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
    if keep_last or best is None or _errors(last) < _errors(best):
        best = last
        trainer.save_checkpoint(folder.best)
    return best, last


def save_best_as_nemo(model: Any, folder: RunFolder) -> None:
    """Write `model.nemo` with the weights of `best.ckpt`."""
    best = _load(folder.best)
    model.load_state_dict(best.get(AVERAGED, best["state_dict"]))
    write_atomically(folder.model, lambda path: model.save_to(str(path)))


def _errors(scores: Scores) -> tuple[float, float]:
    return scores["val_wer"], scores["val_cer"]


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
