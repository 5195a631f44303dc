"""Lightning callbacks that watch a run: throughput, memory, NaN, random state and time."""

from __future__ import annotations

import math
import time
from typing import Any

import lightning.pytorch as lightning
import psutil
import torch

from glissando.training.history import History
from glissando.training.run_folder import RunFolder, write_atomically


def gpu_busy_percent() -> float:
    """Share of the last moments in which the GPU ran a kernel; NaN without NVIDIA's library."""
    try:
        return float(torch.cuda.utilization())
    except (ModuleNotFoundError, RuntimeError):  # needs the package nvidia-ml-py
        return math.nan


class NonFiniteError(RuntimeError):
    """The loss or a gradient became NaN or infinite; the message names the saved batch."""


class Throughput(lightning.Callback):
    """Logs loss, learning rate, samples a second, the share of time waiting for data, memory."""

    def __init__(self, history: History, log_every: int) -> None:
        self._history, self._every = history, log_every
        self.swipes = 0
        self.seconds = 0.0
        self._step = 0  # of the last line, so that accumulated batches do not repeat it
        self._reset()

    @property
    def samples_per_second(self) -> float:
        """Swipes a second over the whole run, validation and checkpoints left out."""
        return self.swipes / self.seconds if self.seconds else 0.0

    def on_train_start(self, trainer: Any, model: Any) -> None:
        """Start the clock; the first steps of a GPU compile kernels and are measured too."""
        self._reset()

    def on_train_batch_start(self, trainer: Any, model: Any, batch: Any, batch_idx: int) -> None:
        """What passed since the last batch ended was spent on loading and features."""
        self._wait += time.perf_counter() - self._mark

    def on_train_batch_end(
        self, trainer: Any, model: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Count the batch; every so many steps, write a line."""
        self._swipes += batch.size * trainer.world_size
        self._losses.append(outputs["loss"].detach())
        self._mark = time.perf_counter()
        step = trainer.global_step
        if step == self._step or step % self._every:
            return
        self._step = step
        self._write(trainer, step)
        self._reset()

    def on_validation_start(self, trainer: Any, model: Any) -> None:
        """Leave validation out of the throughput."""
        self._pause = time.perf_counter()

    def on_validation_end(self, trainer: Any, model: Any) -> None:
        """Shift the marks by what validation took."""
        away = time.perf_counter() - self._pause
        self._begin += away
        self._mark += away

    def _write(self, trainer: Any, step: int) -> None:
        seconds = self._mark - self._begin
        self.swipes += self._swipes
        self.seconds += seconds
        # Lightning has divided the loss by the batches that one step accumulates.
        loss = torch.stack(self._losses).mean() * trainer.accumulate_grad_batches
        loss = trainer.strategy.reduce(loss, reduce_op="mean")
        if not trainer.is_global_zero:
            return
        readings = {
            "train_loss": float(loss),
            "lr": trainer.optimizers[0].param_groups[0]["lr"],
            "samples_per_second": self._swipes / seconds,
            "data_wait": self._wait / seconds,
            "memory_mb": psutil.Process().memory_info().rss / 1e6,
        }
        if torch.cuda.is_available():
            readings["gpu_memory_mb"] = torch.cuda.max_memory_allocated() / 1e6
            readings["gpu_busy_percent"] = gpu_busy_percent()
        self._history.training(step, readings)

    def _reset(self) -> None:
        self._swipes = 0
        self._wait = 0.0
        self._losses: list[torch.Tensor] = []
        self._begin = self._mark = self._pause = time.perf_counter()


class FiniteGuard(lightning.Callback):
    """Stops training at the first NaN or infinity, before it reaches the weights.

    Looks once a step, after the backward pass: one wait for the GPU instead of one a batch.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._batches: list[Any] = []
        self._losses: list[torch.Tensor] = []

    def on_train_batch_start(self, trainer: Any, model: Any, batch: Any, batch_idx: int) -> None:
        """Remember the batch, to be saved if it turns out to be the culprit."""
        self._batches.append(batch.swipes)

    def on_before_backward(self, trainer: Any, model: Any, loss: torch.Tensor) -> None:
        """Remember the loss."""
        self._losses.append(loss.detach())

    def on_before_optimizer_step(self, trainer: Any, model: Any, optimizer: Any) -> None:
        """Look at the losses and gradients of this step."""
        if trainer.precision != "16-mixed":  # float16's loss scaling skips such steps itself
            gradients = [p.grad for p in model.parameters() if p.grad is not None]
            norm = torch.nn.utils.get_total_norm(gradients)
            finite = torch.isfinite(torch.stack([*self._losses, norm])).tolist()
            if not all(finite):
                self._stop(trainer, finite.index(False), float(norm))
        self._batches.clear()
        self._losses.clear()

    def _stop(self, trainer: Any, culprit: int, norm: float) -> None:
        if culprit < len(self._losses):
            what = f"the loss is {float(self._losses[culprit])}"
        else:
            what = f"the norm of the gradient is {norm}"
        swipes = self._batches[min(culprit, len(self._batches) - 1)]
        path = self._folder.path / f"non_finite_batch_{swipes.number}.pt"
        write_atomically(path, lambda file: torch.save(vars(swipes), file))
        first = ", ".join(f"{w} ({o})" for w, o in zip(swipes.words, swipes.origins, strict=True))
        raise NonFiniteError(
            f"step {trainer.global_step}: {what}; training stopped before the weights changed. "
            f"Batch {swipes.number} is saved in {path}: {first[:400]}"
        )


class RandomState(lightning.Callback):
    """Makes dropout a function of seed, process and batch number, so that resuming repeats it."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def on_train_batch_start(self, trainer: Any, model: Any, batch: Any, batch_idx: int) -> None:
        """Seed torch for this batch."""
        number = batch.swipes.number * trainer.world_size + trainer.global_rank
        torch.manual_seed(self._seed * 1_000_003 + number)


class Deadline(lightning.Callback):
    """Ends the run, as at its last step, when its minutes are over."""

    def __init__(self, minutes: float) -> None:
        self._seconds = minutes * 60
        self._begin = time.monotonic()

    def on_train_batch_end(
        self, trainer: Any, model: Any, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        """Look at the clock."""
        over = time.monotonic() - self._begin > self._seconds
        if trainer.strategy.reduce_boolean_decision(over, all=False):
            trainer.should_stop = True
