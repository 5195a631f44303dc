"""Chooses accelerator, precision and loader processes from the machine, and says what and why."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass

import torch

from glissando.training.config import Config

log = logging.getLogger("glissando")


@dataclass(frozen=True)
class Hardware:
    """What a run computes on.

    Attributes:
        accelerator: Lightning's accelerator, `gpu` or `cpu`.
        precision: Lightning's precision, such as `bf16-mixed`.
        workers: Loader processes.
    """

    accelerator: str
    precision: str
    workers: int


def has_cuda(accelerator: str) -> bool:
    """Whether a run with this `train.accelerator` computes on CUDA."""
    return accelerator != "cpu" and torch.cuda.is_available()


def choose_hardware(config: Config) -> Hardware:
    """Resolve `auto` and turn on what makes the hardware fast.

    Raises:
        ValueError: `train.accelerator=gpu` where there is no GPU.
    """
    cuda = has_cuda(config.train.accelerator)
    if config.train.accelerator == "gpu" and not cuda:
        raise ValueError("train.accelerator=gpu, but torch finds no CUDA device")
    precision = config.train.precision
    if precision == "auto":
        # bf16 autocast crashes in the LSTM of CPUs that lack it, so a CPU trains in float32.
        precision = "bf16-mixed" if cuda and torch.cuda.is_bf16_supported() else "32-true"
    cores = os.cpu_count() or 1
    workers = min(config.data.workers, max(cores - 1, 0))
    if cuda:
        torch.set_float32_matmul_precision("high")  # TF32
        torch.backends.cudnn.allow_tf32 = True
        torch.backends.cudnn.benchmark = True
        log.info(
            "hardware: %s, %s, TF32 and cuDNN autotuning", torch.cuda.get_device_name(), precision
        )
    else:
        if config.train.threads:
            torch.set_num_threads(config.train.threads)
        torch.set_flush_denormal(True)
        log.info("hardware: no CUDA, %d CPU threads, %s", torch.get_num_threads(), precision)
    log.info(
        "loader: %d worker processes (%d wanted, %d cores)", workers, config.data.workers, cores
    )
    return Hardware("gpu" if cuda else "cpu", precision, workers)
